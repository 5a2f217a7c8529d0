"""Messages, by the questions that queueing, sending and looking ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.notifications.domain.kinds import Method
from services.notifications.domain.states import State
from services.notifications.domain.supersession import Known
from services.notifications.storage.tables import MessageRow
from shared.errors import NotFound
from shared.ids import new_id

_WAITING = (State.QUEUED.value, State.DEFERRED.value, State.UNKNOWN.value)


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

    def add(self, values: dict[str, Any]) -> bool:
        """Queue a message unless this event already made this one for this recipient; whether it is new."""
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(MessageRow).values(**values).on_conflict_do_nothing()
        return bool(self._session.execute(statement).rowcount)  # type: ignore[attr-defined]

    def get(self, message_id: UUID, *, lock: bool = False) -> MessageRow:
        """The message; raises NotFound."""
        row = self._session.get(MessageRow, message_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such message.")
        return row

    def claim(self, now: datetime, lease_for: timedelta, limit: int) -> list[MessageRow]:
        """Take up to `limit` messages whose time has come, for this sender alone until the lease ends."""
        rows = list(
            self._session.scalars(
                select(MessageRow)
                .where(MessageRow.state.in_(_WAITING), MessageRow.next_at <= now)
                .order_by(MessageRow.next_at, MessageRow.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )
        for row in rows:
            row.unknown_retries += row.state == State.UNKNOWN.value
            row.state, row.attempts = State.SENDING.value, row.attempts + 1
            row.lease, row.lease_until = new_id(), now + lease_for
        return rows

    def left_behind(self, now: datetime, limit: int) -> list[MessageRow]:
        """Messages whose sender died: their lease has ended."""
        return list(
            self._session.scalars(
                select(MessageRow)
                .where(MessageRow.state.in_((State.SENDING.value, State.HANDED.value)), MessageRow.lease_until <= now)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )

    def hand(self, message_id: UUID, lease: UUID, now: datetime) -> bool:
        """Note that the final dot is about to go; whether the lease was still ours."""
        result = self._session.execute(
            update(MessageRow)
            .where(MessageRow.id == message_id, MessageRow.lease == lease, MessageRow.state == State.SENDING.value)
            .values(state=State.HANDED.value, handed_at=now)
        )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    def of_session(self, session_id: UUID, recipient: str) -> list[Known]:
        """All calendar messages of a session to one recipient."""
        rows = self._session.execute(
            select(MessageRow.session_sequence, MessageRow.session_method, MessageRow.state).where(
                MessageRow.session_id == session_id,
                MessageRow.recipient == recipient,
                MessageRow.session_method.is_not(None),
            )
        )
        return [Known(int(sequence or 0), Method(str(method)), State(state)) for sequence, method, state in rows]

    def invited(self, session_id: UUID) -> dict[str, MessageRow]:
        """The newest calendar message of a session to each recipient."""
        rows = self._session.scalars(
            select(MessageRow)
            .where(MessageRow.session_id == session_id, MessageRow.session_method.is_not(None))
            .order_by(MessageRow.session_sequence, MessageRow.queued_at)
        )
        return {row.recipient: row for row in rows}

    def listed(self, wish: MessageWish) -> list[MessageRow]:
        """One page, and one row more if there is one."""
        query = select(MessageRow)
        if wish.state:
            query = query.where(MessageRow.state == wish.state)
        if wish.kind:
            query = query.where(MessageRow.kind == wish.kind)
        if words := wish.search.strip().lower():
            escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            columns = (MessageRow.name, MessageRow.email)
            found = [func.lower(column).like(f"%{escaped}%", escape="\\") for column in columns]
            query = query.where(or_(*found))
        if wish.after is not None:
            at, last = wish.after
            query = query.where(or_(MessageRow.queued_at < at, and_(MessageRow.queued_at == at, MessageRow.id < last)))
        query = query.order_by(MessageRow.queued_at.desc(), MessageRow.id.desc()).limit(wish.limit + 1)
        return list(self._session.scalars(query))

    def counts(self) -> dict[str, int]:
        """State -> how many messages are in it."""
        rows: Sequence[Any] = self._session.execute(
            select(MessageRow.state, func.count()).group_by(MessageRow.state)
        ).all()
        return {str(state): int(count) for state, count in rows}
