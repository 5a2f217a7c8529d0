"""The sample programme: one open round, invented people who applied, a panel that has read most of it.

Loading goes on where an earlier start was stopped: what is there already is not made again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.applications.domain.forms import Section, parse_answers
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.domain.samples.generator import SampleApplication, generate
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.fill_in import APART, save_section
from services.applications.use_cases.keep_person import register_person
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.use_cases.open_case import CaseWish, open_case
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application
from services.embedded.assembly import Assembly
from services.embedded.sample_choosing import choose_sample
from services.embedded.sample_cohort import run_cohort
from services.embedded.sample_drafts import begin_drafts
from services.embedded.sample_forms import keep_sample_register
from services.embedded.sample_panel import invite_panel, read_applications
from services.embedded.sample_sending import prepare_sending
from shared.errors import NotFound
from shared.unit_of_work import Units

OFFICER = ("Ngozi Adeyemi", "ngozi@leading-together.example")
STAFF = ("Rhiannon Okafor", "rhiannon@leading-together.example")
Progress = Callable[[int, int], None]
Settle = Callable[[Callable[[], bool]], None]
"""Called with a condition: come back when the events on their way have made it true."""

_OPEN_FOR = timedelta(days=36)
_STILL_OPEN = timedelta(days=12)
_REPORT_EVERY = 10


@dataclass(frozen=True)
class Wish:
    """How much to load: the same seed invents the same people."""

    count: int
    seed: int
    now: datetime


def load_sample(assembly: Assembly, wish: Wish, settle: Settle, progress: Progress) -> None:
    """Load the round, its panel, its applications, most of the reviews, and a first try at choosing."""
    with assembly.applications.units.begin() as uow:
        staff_id, round_id, slug = _open_round(uow, wish.now)
    cohorts = assembly.cohorts.units
    settle(lambda: _known(assembly, round_id))
    invite_panel(cohorts, round_id, staff_id)
    opens = wish.now - _OPEN_FOR + timedelta(days=1)  # past nine o’clock of the opening day
    people = generate(wish.count, wish.seed, opens_at=opens, closes_at=wish.now - timedelta(days=1))
    for place, sample in enumerate(people, start=1):
        apply_sample(assembly.applications.units, slug, sample)
        if place % _REPORT_EVERY == 0 or place == len(people):
            progress(place, len(people))
    with assembly.applications.units.begin() as uow:
        keep_sample_register(uow, STAFF[0])
    settle(lambda: _arrived(assembly, round_id) >= len(people))
    begin_drafts(assembly.applications.units, round_id, staff_id)
    _complain(assembly, round_id, people[0].email if people else "")
    random = Random(wish.seed)  # noqa: S311 - invented reviews, the same every time
    read_applications(cohorts, round_id, staff_id, random)
    prepare_sending(assembly.notifications.units, staff_id)
    choose_sample(cohorts, round_id, staff_id)
    if wish.count:
        run_cohort(assembly, staff_id, wish.now, apply_sample, settle)


def _open_round(uow: ApplicationsUnitOfWork, now: datetime) -> tuple[UUID, UUID, str]:
    definition = _definition(now - _OPEN_FOR, now + _STILL_OPEN)
    staff = register_person(uow, email=STAFF[1], name=STAFF[0], language="en", roles=["staff", "administrator"])
    try:
        row = uow.rounds.by_slug(definition["id"])
    except NotFound:
        row = move_round(uow, create_round(uow, definition).id, "open")
    return staff.id, row.id, row.slug


def _definition(opens: datetime, deadline: datetime) -> dict[str, Any]:
    times = {"opens": f"{opens:%Y-%m-%d} 09:00", "deadline": f"{deadline:%Y-%m-%d} 23:59"}
    decisions = {"decisions_by": f"{deadline + timedelta(days=22):%Y-%m-%d}"}
    return {**round_definition(), **times, **decisions, "form": form_definition(), "rules": rules_definition()}


def _complain(assembly: Assembly, round_id: UUID, email: str) -> None:
    """An officer outside the panel, and a complaint that waits for them."""
    with assembly.applications.units.begin() as uow:
        register_person(uow, email=OFFICER[1], name=OFFICER[0], language="en", roles=["officer"])
        person = uow.people.by_email(email)
        if person is not None and not uow.cases.of_person(person.id):
            words = "The closing time on the front page and in the email were not the same, and I nearly missed it."
            open_case(uow, person.id, CaseWish(round_id, "complaint", "process", words, "Say one time everywhere."))


def _known(assembly: Assembly, round_id: UUID) -> bool:
    try:
        with assembly.cohorts.units.begin(write=False) as uow:
            uow.rounds.get(round_id)
    except NotFound:
        return False
    return True


def _arrived(assembly: Assembly, round_id: UUID) -> int:
    """How many applications the cohorts service knows and has a score for."""
    with assembly.cohorts.units.begin(write=False) as uow:
        return sum(row.priority_score is not None for row in uow.applications.pool(round_id))


def apply_sample(units: Units[ApplicationsUnitOfWork], slug: str, sample: SampleApplication) -> None:
    """One invented application, as if it had been filled in and sent at its times; once for each address."""
    with units.begin() as uow:
        if uow.people.by_email(sample.email) is not None:
            return
        uow.now = sample.started_at
        person = register_person(
            uow, email=sample.email, name=sample.name, language=sample.language, roles=["applicant"]
        )
        form = uow.rounds.form(uow.rounds.by_slug(slug).id, 1)
        checked, _ = parse_answers(form, "eligibility", sample.answers)
        row = start_application(uow, slug, person.id, language=sample.language, eligibility=dict(checked))
        # What is kept apart goes its own way; the rest in one step, as saving page by page is slow for hundreds.
        apart = [section for section in form.sections if section.purpose in APART]
        hidden = {name for section in apart for name in _ids(section)}
        row.answers = {**row.answers, **{key: value for key, value in sample.answers.items() if key not in hidden}}
        for section in apart:
            save_section(uow, row.id, person.id, section.id, sample.answers, revision=None)
        uow.now = sample.submitted_at
        submit_application(uow, row.id, person.id)


def _ids(section: Section) -> set[str]:
    return {question.id for question in section.questions}
