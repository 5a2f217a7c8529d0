"""A private calendar address for each participant: made when asked for, ended or replaced at any time."""

from uuid import UUID

from services.cohorts.domain import feed
from services.cohorts.domain.links import named_by, new_nonce
from services.cohorts.domain.session import CANCELLED
from services.cohorts.storage.tables import CalendarFeed, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import NotFound


def make_feed(uow: CohortsUnit, person_id: UUID) -> str:
    """A fresh private address for this person's sessions; the one before stops working."""
    row = uow.feeds.of_person(person_id)
    if row is None:
        row = CalendarFeed(person_id=person_id)
        uow.feeds.add(row)
    row.nonce, row.made_at, row.ended_at = new_nonce(), uow.now, None
    uow.session.flush()
    return uow.links.feed(row.id, row.nonce)


def end_feed(uow: CohortsUnit, person_id: UUID) -> None:
    """The address stops working."""
    row = uow.feeds.of_person(person_id)
    if row is not None:
        row.ended_at = uow.now


def feed_address(uow: CohortsUnit, person_id: UUID) -> str | None:
    """The person's address, if they have one that works."""
    row = uow.feeds.of_person(person_id)
    return uow.links.feed(row.id, row.nonce) if row and row.ended_at is None else None


def read_feed(uow: CohortsUnit, token: str) -> bytes:
    """The calendar behind a private address; raises NotFound for any other token."""
    row = uow.feeds.find(named_by(token))
    if row is None or row.ended_at is not None or not uow.links.matches_feed(token, row.id, row.nonce):
        raise NotFound("There is no such calendar.")
    cohorts = uow.cohorts.of_person(row.person_id)
    sessions = uow.sessions.of_person(row.person_id)
    return feed.write(cohorts[0].title if cohorts else "Hearth", [_entry(uow, session) for session in sessions])


def _entry(uow: CohortsUnit, session: ProgrammeSession) -> feed.Entry:
    about = (session.purpose, session.facilitator, session.access_notes)
    return feed.Entry(
        uid=session.uid,
        sequence=session.calendar_sequence,
        cancelled=session.status == CANCELLED,
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        description="\n\n".join(part for part in about if part),
        place=session.place,
        link=session.link,
        stamp=uow.now,
    )
