"""Messages, by the questions that queueing and looking ask. What sending asks is in `send_queue`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.domain.states import WAITING, State
from services.notifications.storage.inserting import insert_new
from services.notifications.storage.tables import MessageRow
from shared.errors import NotFound


@dataclass(frozen=True)
class MessageWish:
    """What part of the messages to list, newest first."""

    state: str = ""
    kind: str = ""
    search: str = ""
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


class Messages:
    """Every message that was ever asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        """Queue messages, except those that their event (or an equal reminder) already made for this recipient."""
        if rows:
            # The table, not the class: the object mapper would look at each row first.
            self._session.execute(insert_new(self._session, MessageRow.__table__), list(rows))

    def get(self, message_id: UUID, *, lock: bool = False) -> MessageRow:
        """The message; raises NotFound."""
        row = self._session.get(MessageRow, message_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such message.")
        return row

    def waiting_to_go(self, kind: str, session_id: UUID, people: Iterable[UUID]) -> list[MessageRow]:
        """Messages of a kind about a session to these people that no sender has taken yet, locked."""
        wanted = sorted(set(people))
        if not wanted:
            return []
        query = select(MessageRow).where(
            MessageRow.session_id == session_id,
            MessageRow.kind == kind,
            MessageRow.person_id.in_(wanted),
            MessageRow.state.in_([State.HELD.value, *(state.value for state in WAITING)]),
        )
        return list(self._session.scalars(query.order_by(MessageRow.id).with_for_update()))

    def listed(self, wish: MessageWish) -> list[MessageRow]:
        """One page, and one row more if there is one."""
        query = select(MessageRow).where(*_conditions(wish))
        query = query.order_by(MessageRow.queued_at.desc(), MessageRow.id.desc()).limit(wish.limit + 1)
        return list(self._session.scalars(query))

    def outcomes(self, first: date) -> list[tuple[date, str, str, int]]:
        """(day, kind, state, how many) of the messages asked for from the beginning of `first` (UTC) on."""
        day = func.date(MessageRow.queued_at)
        query = select(day, MessageRow.kind, MessageRow.state, func.count()).group_by(
            day, MessageRow.kind, MessageRow.state
        )
        rows = self._session.execute(query.where(MessageRow.queued_at >= datetime.combine(first, time(), UTC)))
        return [(_date(at), str(kind), str(state), int(count)) for at, kind, state, count in rows]

    def oldest_waiting(self, now: datetime) -> datetime | None:
        """When the message was asked for that has waited longest for its turn."""
        waiting = (State.QUEUED.value, State.DEFERRED.value)
        query = select(func.min(MessageRow.queued_at)).where(MessageRow.state.in_(waiting), MessageRow.queued_at <= now)
        return self._session.scalar(query)

    def counts(self) -> dict[str, int]:
        """State -> how many messages are in it."""
        rows = self._session.execute(select(MessageRow.state, func.count()).group_by(MessageRow.state))
        return {str(state): int(count) for state, count in rows}


GROUPS: Mapping[str, frozenset[State]] = {
    "sent": frozenset({State.SENT}),
    "delivered": frozenset({State.DELIVERED}),
    "bounced": frozenset({State.BOUNCED, State.FAILED, State.COMPLAINED}),
    "waiting": frozenset({State.HELD, State.QUEUED, State.SENDING, State.HANDED, State.DEFERRED, State.UNKNOWN}),
    "stopped": frozenset({State.SUPPRESSED, State.SUPERSEDED, State.EXPIRED, State.CANCELLED, State.REHEARSED}),
}
"""What states come to for somebody who looks at the whole."""


def group_of(state: str) -> str:
    """The group that a state belongs to."""
    return next(name for name, states in GROUPS.items() if state in states)


def _date(value: object) -> date:
    """What either database makes of date(): SQLite a text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _conditions(wish: MessageWish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.state:
        conditions.append(MessageRow.state == wish.state)
    if wish.kind:
        conditions.append(MessageRow.kind == wish.kind)
    if words := wish.search.strip():
        conditions.append(_found(words))
    if wish.after is not None:
        at, last = wish.after
        conditions.append(or_(MessageRow.queued_at < at, and_(MessageRow.queued_at == at, MessageRow.id < last)))
    return conditions


def _found(words: str) -> ColumnElement[bool]:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    columns = (MessageRow.name, MessageRow.email)
    # As typed too: SQLite knows the small letters of ASCII alone, and a name copied from the page must be found.
    exact = [column.like(f"%{escaped}%", escape="\\") for column in columns]
    folded = [func.lower(column).like(f"%{escaped.lower()}%", escape="\\") for column in columns]
    return or_(*exact, *folded)
