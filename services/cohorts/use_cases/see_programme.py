"""What a participant sees: their offers, cohorts and sessions. And a session's list, for staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.attendance import can_check_in
from services.cohorts.storage.tables import (
    Attendance,
    Cohort,
    Delivery,
    Material,
    Offer,
    Person,
    ProgrammeSession,
    SessionPlace,
    WelcomePack,
)
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_welcome_pack import pack_for


@dataclass(frozen=True, slots=True)
class MyProgramme:
    """A participant's own page."""

    cohorts: list[Cohort]
    to_come: list[ProgrammeSession]
    past: list[ProgrammeSession]
    to_join: list[ProgrammeSession]
    """Sessions to come for which a place can be taken, or is waited for."""
    places: dict[UUID, SessionPlace]
    attendance: dict[UUID, Attendance]
    check_in: set[UUID]
    """Sessions at which one can say now that one is there."""
    room: dict[UUID, int | None]
    """Free places in each of `to_join`; None: as many as like."""
    materials: dict[UUID, list[Material]]
    open_offers: list[tuple[Offer, str, str]]
    """Offers that wait for an answer, with the round's title and the offer's link."""


def my_programme(uow: CohortsUnit, actor: Actor) -> MyProgramme:
    """A person's cohorts, sessions and open offers."""
    if actor.person_id is None:
        return MyProgramme([], [], [], [], {}, {}, set(), {}, {}, [])
    sessions = uow.sessions.of_person(actor.person_id)
    waiting = [o for o in uow.offers.of_person(actor.person_id) if o.state == "open" and uow.now <= o.respond_by]
    cohorts = uow.cohorts.of_person(actor.person_id)
    places = uow.places.of_person(actor.person_id)
    to_join = _to_join(uow, actor.person_id, cohorts, {session.id for session in sessions})
    return MyProgramme(
        cohorts=cohorts,
        to_join=to_join,
        places=places,
        attendance=uow.attendances.of_person(actor.person_id),
        materials=uow.materials.released((session.id for session in sessions), uow.now),
        check_in={s.id for s in sessions if s.attendance_code and can_check_in(s.starts_at, s.ends_at, uow.now)},
        room={s.id: None if s.capacity is None else max(0, s.capacity - uow.places.going(s.id)) for s in to_join},
        to_come=[session for session in sessions if session.ends_at > uow.now],
        past=[session for session in sessions if session.ends_at <= uow.now][::-1],
        open_offers=[(o, uow.rounds.get(o.round_id).title, uow.links.offer(o.id, o.nonce)) for o in waiting],
    )


@dataclass(frozen=True, slots=True)
class Guest:
    """A participant with regard to one session: invited or not, and what became of the last message about it."""

    person_id: UUID
    person: Person | None
    invited: bool
    delivery: Delivery | None


def session_guests(uow: CohortsUnit, session: ProgrammeSession) -> list[Guest]:
    """Everybody in the cohort, and whether they are invited."""
    invited = uow.sessions.invitations(session.id)
    subject = f"session/{session.id}"
    told = uow.deliveries.about([subject])
    guests = []
    for participant, person in uow.cohorts.participants(session.cohort_id):
        row, id = invited.get(participant.person_id), participant.person_id
        newest = next(iter(told.get((subject, id), [])), None)
        guests.append(Guest(id, person, row is not None and row.current, newest))
    return guests


def _to_join(uow: CohortsUnit, person_id: UUID, cohorts: list[Cohort], invited: set[UUID]) -> list[ProgrammeSession]:
    found = uow.sessions.open_to([cohort.id for cohort in cohorts], uow.now)
    return [session for session in found if session.id not in invited and person_id in uow.groups.audience(session)]


@dataclass(frozen=True, slots=True)
class MyWelcome:
    """A cohort's welcome pack as one participant has it; `read_at`: when they said that they have read it."""

    cohort: Cohort
    pack: WelcomePack
    read_at: datetime | None


def my_welcome(uow: CohortsUnit, person_id: UUID, cohort: Cohort, language: str) -> MyWelcome | None:
    """The pack in the person's language, else in English; None when there is none yet."""
    pack = pack_for(uow, cohort.id, language.replace("_", "-"))
    return MyWelcome(cohort, pack, uow.welcome.acknowledged(pack.id, person_id)) if pack else None
