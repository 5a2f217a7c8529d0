"""The sample's cohort of last year: people, sessions past and to come, a welcome pack, surveys, places to turn to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.domain.samples.generator import generate
from services.applications.use_cases.keep_round import CLOSING, create_round, move_round
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Question
from services.cohorts.domain.series import Repeat
from services.cohorts.storage.tables import Cohort, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.keep_attendance import mark_attendance
from services.cohorts.use_cases.keep_groups import keep_group
from services.cohorts.use_cases.keep_signposts import Entry, keep_signpost
from services.cohorts.use_cases.keep_welcome_pack import draft_pack, publish_pack
from services.cohorts.use_cases.plan_round import Plan as RoundPlan
from services.cohorts.use_cases.plan_round import plan_round
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.run_selection import compute_selection, keep_selection
from services.cohorts.use_cases.schedule_series import schedule_series
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.use_cases.share_materials import share_material
from services.cohorts.use_cases.stage_decisions import stage_decisions
from services.cohorts.use_cases.take_places import take_place
from services.cohorts.web.welcome_sample import SAMPLES
from services.embedded.assembly import Assembly
from services.embedded.sample_surveys import ask
from shared.errors import NotFound

SLUG = "leading-together-first-year"
APPLIED, PLACES = 12, 8
_SEED = 4_711
_BEGAN = timedelta(days=24)
"""How long ago the cohort's first session was."""
Settle = Callable[[Callable[[], bool]], None]
Apply = Callable[..., None]


def run_cohort(assembly: Assembly, staff_id: UUID, now: datetime, apply_sample: Apply, settle: Settle) -> None:
    """Load it, unless it is there."""
    decided = (now - timedelta(days=60)).replace(hour=10, minute=0, second=0, microsecond=0)
    round_id = _apply(assembly, decided, apply_sample)
    settle(lambda: _arrived(assembly, round_id))
    staff = Actor(staff_id, "Rhiannon Okafor")
    with assembly.cohorts.units.begin() as uow:
        if uow.cohorts.of_round(round_id) is not None:
            return
        _choose(uow, staff, round_id, decided)
        cohort = uow.cohorts.of_round(round_id)
        assert cohort is not None  # noqa: S101 - made by the release just above
        _meet(uow, staff, cohort, now)
        _welcome(uow, staff, cohort, now)
        ask(uow, staff, cohort, now)


def _apply(assembly: Assembly, decided: datetime, apply_sample: Apply) -> UUID:
    opens, closes = decided - timedelta(days=70), decided - timedelta(days=20)
    title = {"en": "Leading Together: the first year", "cy": "Arwain Gyda'n Gilydd: y flwyddyn gyntaf"}
    times = {"opens": f"{opens:%Y-%m-%d} 09:00", "deadline": f"{closes:%Y-%m-%d} 23:59"}
    definition = {
        **round_definition(),
        **times,
        "id": SLUG,
        "title": title,
        "decisions_by": f"{decided:%Y-%m-%d}",
        "form": form_definition(),
        "rules": rules_definition(),
    }
    with assembly.applications.units.begin() as uow:
        try:
            known: UUID = uow.rounds.by_slug(SLUG).id
            return known
        except NotFound:
            uow.now = opens
            round_id = move_round(uow, create_round(uow, definition).id, "open").id
            uow.cancel(CLOSING, str(round_id))  # its time is long past, and people have yet to apply
    people = generate(APPLIED, _SEED, opens_at=opens + timedelta(days=1), closes_at=closes - timedelta(days=1))
    for sample in people:
        apply_sample(assembly.applications.units, SLUG, sample)
    return round_id


def _arrived(assembly: Assembly, round_id: UUID) -> bool:
    with assembly.applications.units.begin(write=False) as uow:
        sent = uow.rounds.counts(round_id).get("submitted", 0)
    with assembly.cohorts.units.begin(write=False) as cohorts:
        scored = [row for row in cohorts.applications.pool(round_id) if row.priority_score is not None]
        known = all(cohorts.people.find(row.person_id) is not None for row in scored)
    return len(scored) >= sent > 0 and known


def _choose(uow: CohortsUnit, staff: Actor, round_id: UUID, decided: datetime) -> None:
    """Everything as if it were that day: the mail of that time is long out of date, and says so in its outcome."""
    uow.now = decided
    plan = RoundPlan(
        reviews_per_application=1,
        review_closes_at=None,
        priority_weight=100,
        review_weight=0,
        places=PLACES,
        respond_days=14,
    )
    plan_round(uow, staff, round_id, plan, None)
    run = keep_selection(uow, staff, compute_selection(uow, round_id, "The first year", Question(PLACES)))
    release = stage_decisions(uow, staff, run.id, waitlist=2, respond_by=decided + timedelta(days=14))
    release_decisions(uow, staff, release.id, None)
    uow.now = decided + timedelta(days=3)
    for number, (offer, _) in enumerate(uow.offers.of_round(round_id)):
        answer = "declined" if number == PLACES - 1 else "accepted"
        answer_offer(uow, uow.links.token(offer.id, offer.nonce), answer)


def _meet(uow: CohortsUnit, staff: Actor, cohort: Cohort, now: datetime) -> None:
    people = [participant.person_id for participant, _ in uow.cohorts.participants(cohort.id)]
    uow.now = now - _BEGAN - timedelta(days=14)
    first = (now - _BEGAN).replace(hour=18, minute=0, second=0, microsecond=0, tzinfo=None)
    evening = Plan(
        title="An evening with a question",
        purpose="One of you brings a real question; the others help to see it from every side.",
        facilitator="Samira Haidari",
        start=first,
        minutes=90,
        zone=cohort.zone,
        link="https://meet.leading-together.example/evening",
        access_notes="Live captions. Cameras are optional.",
    )
    evenings = schedule_series(uow, staff, cohort.id, evening, Repeat(7))
    group = keep_group(uow, staff, cohort.id, "North and Scotland", set(people[: len(people) // 2]))
    uow.now = now
    meal = Plan(
        title="Meal in Leeds",
        purpose="To eat together and meet in person. We pay for travel.",
        start=(now + timedelta(days=16)).replace(hour=12, minute=30, second=0, microsecond=0, tzinfo=None),
        minutes=120,
        zone=cohort.zone,
        place="The Kettle Club, 3 Canal Yard, Leeds",
        access_notes="Step-free, with a quiet room.",
        joining="sign_up",
        capacity=2,
    )
    lunch = schedule_session(uow, staff, cohort.id, meal)
    for person in people[1:4]:
        take_place(uow, person, lunch.id)
    share_material(
        uow, staff, evenings[0].id, title="How an evening goes", link="https://leading-together.example/evening"
    )
    _come(uow, staff, evenings, people)
    uow.record.write(staff, "group_kept", cohort.round_id, group=str(group.id), members=len(people) // 2)


def _come(uow: CohortsUnit, staff: Actor, evenings: list[ProgrammeSession], people: list[UUID]) -> None:
    for number, session in enumerate(evenings):
        if session.ends_at < uow.now:
            states = {
                person: "absent"
                if (place + number) % 5 == 0
                else "part"
                if (place + 2 * number) % 7 == 0
                else "present"
                for place, person in enumerate(people)
            }
            mark_attendance(uow, staff, session.id, states)


def _welcome(uow: CohortsUnit, staff: Actor, cohort: Cohort, now: datetime) -> None:
    for language, body in SAMPLES.items():
        publish_pack(uow, staff, draft_pack(uow, staff, cohort.id, language, body, None).id, None)
    again = now.date() + timedelta(days=120)
    for title, topic, about, link, area, review_on in _HELP:
        entry = Entry(
            title=title,
            topic=topic,
            about=about,
            link=link,
            area=area,
            languages="English, Arabic, Dari, others by interpreter",
            owner_name=staff.name,
            review_on=again if review_on is None else now.date() + review_on,
        )
        keep_signpost(uow, entry)


_Help = tuple[str, str, str, str, str, timedelta | None]
_HELP: tuple[_Help, ...] = (
    (
        "Harbour Advice Line",
        "Immigration advice",
        "Free advice by telephone from accredited advisers, on weekday afternoons.",
        "https://harbour-advice.example",
        "All of the UK",
        None,
    ),
    (
        "Open Door Listening",
        "Somebody to talk to",
        "Trained listeners who have come through hard times themselves. You need not give your name.",
        "https://open-door.example",
        "All of the UK",
        timedelta(days=20),
    ),
    (
        "Roof and Table",
        "Housing and food",
        "Help with a place to stay tonight, and with a landlord tomorrow.",
        "https://roof-and-table.example",
        "Leeds and Bradford",
        None,
    ),
)
"""Title, topic, about, address, area, and in how long it is looked at again: all invented."""
