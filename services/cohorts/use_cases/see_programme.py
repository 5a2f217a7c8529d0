"""What a participant sees: their offers, cohorts and sessions. And a session's list, for staff."""

from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.storage.tables import Cohort, Delivery, Offer, Person, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit


@dataclass(frozen=True, slots=True)
class MyProgramme:
    """A participant's own page."""

    cohorts: list[Cohort]
    to_come: list[ProgrammeSession]
    past: list[ProgrammeSession]
    open_offers: list[tuple[Offer, str, str]]
    """Offers that wait for an answer, with the round's title and the offer's link."""


def my_programme(uow: CohortsUnit, actor: Actor) -> MyProgramme:
    """A person's cohorts, sessions and open offers."""
    if actor.person_id is None:
        return MyProgramme([], [], [], [])
    sessions = uow.sessions.of_person(actor.person_id)
    waiting = [o for o in uow.offers.of_person(actor.person_id) if o.state == "open" and uow.now <= o.respond_by]
    return MyProgramme(
        cohorts=uow.cohorts.of_person(actor.person_id),
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
