"""Sessions as the cohorts service publishes them, their versions, and every calendar message about them."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, not_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from services.notifications.domain.kinds import Method
from services.notifications.domain.states import IN_FLIGHT, REACHED, State
from services.notifications.domain.supersession import Known
from services.notifications.storage.tables import MessageRow, SessionRow, SessionVersionRow
from shared.database import one_of
from shared.errors import NotFound

WAITING = "waiting"
Pair = tuple[UUID, str]
"""A session and a recipient."""


class Sessions:
    """What we know of sessions, and what each person was told."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._versions: dict[Pair, SessionVersionRow] = {}

    def find(self, session_id: UUID) -> SessionRow | None:
        """The newest state of a session that has arrived."""
        return self._session.get(SessionRow, session_id)

    def keep(self, row: SessionRow, state: Any, waiting: Any) -> None:
        """Keep a session's newest state with who waits for a place in it, and the version that it is for as long as
        messages tell it. `row` is the session's own, new or as it was found, with its numbers and moment set."""
        is_new = row not in self._session
        row.state = {**state, WAITING: waiting}
        self._session.add(row)
        if is_new or self.find_version(row.session_id, row.calendar_sequence) is None:
            self._session.add(
                SessionVersionRow(
                    session_id=row.session_id, calendar_sequence=row.calendar_sequence, stamp=row.stamp, state=state
                )
            )
        self._session.flush()

    def find_version(self, session_id: UUID, calendar_sequence: int) -> SessionVersionRow | None:
        """A version of a session, if it was ever published here."""
        return self._session.get(SessionVersionRow, (session_id, calendar_sequence))

    def version(self, session_id: UUID, calendar_sequence: int) -> SessionVersionRow:
        """A version that a message tells; raises NotFound."""
        key = (session_id, str(calendar_sequence))
        # The session of the database forgets what nobody holds, and hundreds of messages tell the same version.
        row = self._versions.get(key) or self.find_version(session_id, calendar_sequence)
        if row is None:
            raise NotFound("There is no such version of this session.")
        self._versions[key] = row
        return row

    def told(self, session_id: UUID) -> dict[str, list[MessageRow]]:
        """Recipient -> all calendar messages of a session, oldest SEQUENCE first."""
        rows = self._session.scalars(
            select(MessageRow)
            .where(MessageRow.session_id == session_id, MessageRow.session_method.is_not(None))
            .order_by(MessageRow.session_sequence, MessageRow.queued_at, MessageRow.id)
        )
        found: dict[str, list[MessageRow]] = {}
        for row in rows:
            found.setdefault(row.recipient, []).append(row)
        return found

    def hold(self, pairs: Iterable[Pair]) -> None:
        """Let no other sender decide about these sessions and people until this unit of work ends.

        Without it, two senders could each not yet see that the other one has an invitation or a cancellation in hand.
        SQLite has one writer at a time and needs nothing.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            keys = sorted({_lock_key(pair) for pair in pairs})
            if keys:
                # One question for all: an array's elements come, and are locked, in its order.
                each = func.unnest(cast(keys, ARRAY(BigInteger))).column_valued("key")
                self._session.execute(select(func.pg_advisory_xact_lock(each)))

    def known(self, pairs: Iterable[Pair], at_hand: Sequence[MessageRow]) -> dict[Pair, list[MessageRow]]:
        """All calendar messages of these sessions to these people; the rows themselves, so that changes show. Those
        that are `at_hand` already are not read again."""
        wanted = set(pairs)
        if not wanted:
            return {}
        others = self._session.scalars(
            select(MessageRow).where(
                one_of(self._session, MessageRow.session_id, {session_id for session_id, _ in wanted}),
                one_of(self._session, MessageRow.recipient, {recipient for _, recipient in wanted}),
                MessageRow.session_method.is_not(None),
                not_(one_of(self._session, MessageRow.id, (row.id for row in at_hand))),
            )
        )
        found: dict[Pair, list[MessageRow]] = {}
        for row in (*at_hand, *others):
            if row.session_id is not None and row.session_method is not None:
                found.setdefault((row.session_id, row.recipient), []).append(row)
        return found


def as_known(row: MessageRow) -> Known:
    """A calendar message as supersession sees it.

    Once an attempt's outcome was unknown, the person may have it, whatever later attempts came to.
    """
    state = State(row.state)
    if row.unknown_retries and state not in IN_FLIGHT | REACHED:
        state = State.UNKNOWN
    return Known(int(row.session_sequence or 0), Method(str(row.session_method)), state)


def _lock_key(pair: Pair) -> int:
    digest = hashlib.blake2b(f"{pair[0]}/{pair[1]}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
