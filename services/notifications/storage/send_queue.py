"""The messages table as the senders' queue: claimed under a lease, noted just before the final dot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, func, literal, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from services.notifications.domain.states import State
from services.notifications.storage.tables import MessageRow
from shared.database import one_of
from shared.ids import new_id

_WAITING = (State.UNKNOWN, State.DEFERRED, State.QUEUED)
"""In the order in which they are taken: those go first that have been tried and were due once before."""


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


class Sent(NamedTuple):
    """What others are told of a message that a server took."""

    message_id: UUID
    person_id: UUID | None
    kind: str
    about: str


class SendQueue:
    """What is waiting, what is on its way, and who has it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def has_work(self, now: datetime) -> bool:
        """Whether anything is due, or left behind by a sender that died."""
        looks = (*(_due(state, now) for state in _WAITING), _left_behind(now))
        firsts = [look.with_only_columns(literal(1)).limit(1).scalar_subquery() for look in looks]
        return self._session.scalar(select(func.coalesce(*firsts))) is not None

    def claim(self, now: datetime, lease_for: timedelta, limit: int) -> list[Taken]:
        """Take up to `limit` messages whose time has come, for this sender alone until the lease ends."""
        taken: list[Taken] = []
        for state in _WAITING:
            if len(taken) < limit:
                due = _due(state, now).limit(limit - len(taken)).with_for_update(skip_locked=True)
                taken += [Taken(row, state) for row in self._session.scalars(due)]
        if taken:
            self._lease(taken, now + lease_for)
        return taken

    def _lease(self, taken: Sequence[Taken], until: datetime) -> None:
        """One statement for all, and the rows as it leaves them: a statement each would cost more than all the rest."""
        lease, again = new_id(), case((MessageRow.state == State.UNKNOWN.value, 1), else_=0)
        self._session.execute(
            update(MessageRow)
            .where(one_of(self._session, MessageRow.id, (each.row.id for each in taken)))
            .values(
                state=State.SENDING.value, attempts=MessageRow.attempts + 1, lease=lease, lease_until=until,
                unknown_retries=MessageRow.unknown_retries + again,
            ),
            execution_options={"synchronize_session": False},
        )  # fmt: skip
        for each in taken:
            row = each.row
            set_committed_value(row, "unknown_retries", row.unknown_retries + (each.was is State.UNKNOWN))
            set_committed_value(row, "attempts", row.attempts + 1)
            for name, value in (("state", State.SENDING.value), ("lease", lease), ("lease_until", until)):
                set_committed_value(row, name, value)

    def keep_sent(self, ids: Collection[UUID], lease: UUID, now: datetime, but: Collection[str]) -> list[Sent]:
        """That servers took these messages, as far as they still are under this lease and not of the kinds `but`: the
        last word on each, in one statement."""
        ours = select(MessageRow.id).where(
            one_of(self._session, MessageRow.id, ids), MessageRow.lease == lease, MessageRow.kind.not_in(but)
        )
        kept = self._session.execute(
            update(MessageRow)
            # Locked in the order in which everybody locks messages.
            .where(MessageRow.id.in_(ours.order_by(MessageRow.id).with_for_update()))
            .values(state=State.SENT.value, next_at=None, reason="", lease=None, lease_until=None, finished_at=now)
            .returning(MessageRow.id, MessageRow.person_id, MessageRow.kind, MessageRow.about),
            execution_options={"synchronize_session": False},
        )
        return [Sent(*row) for row in kept]

    def left_behind(self, now: datetime, limit: int) -> list[MessageRow]:
        """Messages whose sender died or has forgotten them: their lease has ended."""
        return list(self._session.scalars(_left_behind(now).limit(limit).with_for_update(skip_locked=True)))

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
        ours = one_of(self._session, MessageRow.id, ids)
        query = select(MessageRow).where(ours).order_by(MessageRow.id).with_for_update()
        return self._session.scalars(query).all()


# Each in the order of an index of its own, which tells the database which one to use: it may know nothing of the table
# yet, and would else look at every message there ever was to find that nothing is due.


def _due(state: State, now: datetime) -> Select[MessageRow]:
    return (
        select(MessageRow)
        .where(MessageRow.state == state.value, MessageRow.next_at <= now)
        .order_by(MessageRow.next_at)
    )


def _left_behind(now: datetime) -> Select[MessageRow]:
    return (
        select(MessageRow)
        .where(MessageRow.lease_until.is_not(None), MessageRow.lease_until <= now)
        .order_by(MessageRow.lease_until)
    )
