"""What a command says of a session: the words of its invitation, and how many people get them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from services.cohorts.domain.session import SIGN_UP
from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit


def told(uow: CohortsUnit, session: ProgrammeSession, ending: str | None = None) -> str:
    """Several lines: number, when, what and where, and who is told. `ending` in place of the last; "" for none."""
    start = datetime.fromisoformat(session.local_start)
    end = start + timedelta(minutes=session.minutes)
    lines = [
        f"{session.id}\t{start:%A} {start.day} {start:%B %Y}, {start:%H:%M} to {end:%H:%M} ({session.zone})",
        session.title,
        " · ".join(part for part in (session.place, session.link) if part),
        *(f"{name}: {text}" for name, text in _more(session) if text),
        _who(uow, session) if ending is None else ending,
    ]
    return "\n  ".join(line for line in lines if line)


def _more(session: ProgrammeSession) -> list[tuple[str, str]]:
    return [("For", session.purpose), ("With", session.facilitator), ("Access", session.access_notes)]


def _who(uow: CohortsUnit, session: ProgrammeSession) -> str:
    if session.joining == SIGN_UP and not uow.sessions.recipients(session.id):
        places = f" There are {session.capacity} places." if session.capacity else ""
        return f"Nobody is written to: people sign up themselves.{places}"
    return f"{joined(uow, session)} told."


def joined(uow: CohortsUnit, session: ProgrammeSession) -> str:
    """How many are on its list, or wait: "3 people are"."""
    count = len(uow.sessions.recipients(session.id)) + len(uow.places.waiting(session.id))
    return {0: "Nobody is", 1: "1 person is"}.get(count, f"{count} people are")


def calendars(sessions: Iterable[ProgrammeSession]) -> dict[UUID, int]:
    """How often each session's calendar entry has changed, by session."""
    return {session.id: session.calendar_sequence for session in sessions}
