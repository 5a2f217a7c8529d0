"""The sample programme: one open round, invented people who applied, a panel that has read most of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.applications.domain.forms import parse_answers
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.domain.samples.generator import SampleApplication, generate
from services.applications.use_cases.fill_in import save_section
from services.applications.use_cases.keep_person import register_person
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application
from services.embedded.assembly import Assembly
from services.embedded.sample_panel import read_applications, set_up_panel
from shared.timekeeping import MovableClock

STAFF = ("Rhiannon Okafor", "rhiannon@leading-together.example")
Progress = Callable[[int, int], None]
_STEP = 25


def load_sample(
    assembly: Assembly, clock: MovableClock, now: datetime, count: int, seed: int, progress: Progress
) -> None:
    """Load `count` applications as if they had come in over the last five weeks; the clock ends at `now`."""
    opens, deadline = now - timedelta(days=36), now + timedelta(days=12)
    clock.set(opens)
    with assembly.applications.units.begin() as uow:
        staff = register_person(uow, email=STAFF[1], name=STAFF[0], language="en", roles=["staff", "administrator"])
        round_ = create_round(uow, _definition(opens, deadline))
        move_round(uow, round_.id, "open")
    slug, staff_id, round_id = round_.slug, staff.id, round_.id
    people = generate(count, seed, opens_at=opens + timedelta(hours=1), closes_at=now - timedelta(days=1))
    for place, sample in enumerate(people, start=1):
        _apply(assembly, clock, slug, sample)
        if place % _STEP == 0 or place == count:
            assembly.broker.run_until_idle(timeout=120)
            progress(place, count)
    clock.set(now - timedelta(hours=20))
    _read(assembly, clock, round_id, staff_id, seed)
    clock.set(now)


def _definition(opens: datetime, deadline: datetime) -> dict[str, Any]:
    last_day = f"{deadline:%Y-%m-%d} 23:59"
    times = {"opens": f"{opens:%Y-%m-%d} 09:00", "deadline": last_day}
    decisions = {"decisions_by": f"{deadline + timedelta(days=22):%Y-%m-%d}"}
    return {**round_definition(), **times, **decisions, "form": form_definition(), "rules": rules_definition()}


def _apply(assembly: Assembly, clock: MovableClock, slug: str, sample: SampleApplication) -> None:
    clock.set(max(sample.started_at, clock()))
    with assembly.applications.units.begin() as uow:
        person = register_person(
            uow, email=sample.email, name=sample.name, language=sample.language, roles=["applicant"]
        )
        form = uow.rounds.form(uow.rounds.by_slug(slug).id, 1)
        checked, _ = parse_answers(form, "eligibility", sample.answers)
        row = start_application(uow, slug, person.id, language=sample.language, eligibility=dict(checked))
        for section in form.sections:
            save_section(uow, row.id, person.id, section.id, sample.answers, revision=None)
        clock_at_sending = max(sample.submitted_at, clock())
        uow.now = clock_at_sending
        submit_application(uow, row.id, person.id)


def _read(assembly: Assembly, clock: MovableClock, round_id: UUID, staff_id: UUID, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - invented reviews, the same every time
    set_up_panel(assembly.cohorts.units, round_id, staff_id)
    assembly.broker.run_until_idle(timeout=120)
    read_applications(assembly.cohorts.units, round_id, staff_id, random)
    assembly.broker.run_until_idle(timeout=120)
