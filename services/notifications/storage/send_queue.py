"""The messages table as the senders' queue: claimed under a lease, noted just before the final dot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow
from shared.ids import new_id

_WAITING = (State.QUEUED.value, State.DEFERRED.value, State.UNKNOWN.value)


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

    def not_tried(self) -> None:
        """It was stopped before any attempt."""
        self.row.attempts -= 1


class SendQueue:
    """What is waiting, what is on its way, and who has it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def has_work(self, now: datetime) -> bool:
        """Whether anything is due, or left behind by a sender that died."""
        waiting = and_(MessageRow.state.in_(_WAITING), MessageRow.next_at <= now)
        left = and_(MessageRow.lease_until.is_not(None), MessageRow.lease_until <= now)
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
                .where(MessageRow.lease_until.is_not(None), MessageRow.lease_until <= now)
                .order_by(MessageRow.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )

    def recent(self, domains: Collection[str], since: datetime) -> dict[str, int]:
        """Domain -> how many messages were handed to it since then, by any sender."""
        query = (
            select(MessageRow.domain, func.count())
            .where(MessageRow.domain.in_(domains), MessageRow.handed_at > since)
            .group_by(MessageRow.domain)
        )
        return {str(domain): int(count) for domain, count in self._session.execute(query)}

    def under_way(self, domains: Collection[str]) -> dict[str, int]:
        """Domain -> how many messages to it some sender has taken and not handed over yet, this one's included."""
        query = (
            select(MessageRow.domain, func.count())
            .where(MessageRow.state == State.SENDING.value, MessageRow.domain.in_(domains))
            .group_by(MessageRow.domain)
        )
        return {str(domain): int(count) for domain, count in self._session.execute(query)}

    def locked(self, ids: Collection[UUID]) -> dict[UUID, MessageRow]:
        """These messages, locked in one order."""
        return {row.id: row for row in self._locked(sorted(ids))} if ids else {}

    def _locked(self, ids: Sequence[UUID]) -> Sequence[MessageRow]:
        query = select(MessageRow).where(MessageRow.id.in_(ids)).order_by(MessageRow.id).with_for_update()
        return self._session.scalars(query).all()
