"""The messages table as the senders' queue: claimed under a lease, noted just before the final dot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow
from shared.ids import new_id

_WAITING = (State.QUEUED.value, State.DEFERRED.value, State.UNKNOWN.value)
_LEASED = (State.SENDING.value, State.HANDED.value)


@dataclass(frozen=True)
class Taken:
    """A claimed message, and the state it was claimed from."""

    row: MessageRow
    was: State

    def put_back(self, next_at: datetime | None = None) -> None:
        """As if it had never been claimed; `next_at` when it should wait longer than it already has."""
        row = self.row
        row.attempts -= 1
        row.unknown_retries -= self.was is State.UNKNOWN
        row.state, row.lease, row.lease_until = self.was.value, None, None
        row.next_at = next_at or row.next_at


class SendQueue:
    """What is waiting, what is on its way, and who has it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def has_work(self, now: datetime) -> bool:
        """Whether anything is due, or left behind by a sender that died."""
        waiting = and_(MessageRow.state.in_(_WAITING), MessageRow.next_at <= now)
        left = and_(MessageRow.state.in_(_LEASED), MessageRow.lease_until <= now)
        return self._session.scalar(select(MessageRow.id).where(or_(waiting, left)).limit(1)) is not None

    def claim(self, now: datetime, lease_for: timedelta, limit: int) -> list[Taken]:
        """Take up to `limit` messages whose time has come, for this sender alone until the lease ends."""
        rows = self._session.scalars(
            select(MessageRow)
            .where(MessageRow.state.in_(_WAITING), MessageRow.next_at <= now)
            .order_by(MessageRow.next_at, MessageRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        taken = [Taken(row, State(row.state)) for row in rows]
        for each in taken:
            row = each.row
            row.unknown_retries += each.was is State.UNKNOWN
            row.state, row.attempts = State.SENDING.value, row.attempts + 1
            row.lease, row.lease_until = new_id(), now + lease_for
        return taken

    def left_behind(self, now: datetime, limit: int) -> list[MessageRow]:
        """Messages whose sender died or has forgotten them: their lease has ended."""
        return list(
            self._session.scalars(
                select(MessageRow)
                .where(MessageRow.state.in_(_LEASED), MessageRow.lease_until <= now)
                .order_by(MessageRow.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )

    def hand(self, message_id: UUID, lease: UUID, now: datetime, until: datetime) -> bool:
        """Note that the final dot is about to go, and hold the lease until `until`; whether it was still ours."""
        result = self._session.execute(
            update(MessageRow)
            .where(MessageRow.id == message_id, MessageRow.lease == lease, MessageRow.state == State.SENDING.value)
            .values(state=State.HANDED.value, handed_at=now, lease_until=until)
            .execution_options(synchronize_session=False)
        )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    def locked(self, ids: Collection[UUID]) -> dict[UUID, MessageRow]:
        """These messages, locked in one order."""
        return {row.id: row for row in self._locked(sorted(ids))} if ids else {}

    def _locked(self, ids: Sequence[UUID]) -> Sequence[MessageRow]:
        query = select(MessageRow).where(MessageRow.id.in_(ids)).order_by(MessageRow.id).with_for_update()
        return self._session.scalars(query).all()
