"""Addresses that must not be written to: why, since when, until when, and who lifted it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.notifications.storage.tables import SuppressionRow
from shared.database import one_of
from shared.errors import NotFound


@dataclass(frozen=True)
class Suppression:
    """One address to stop writing to. `source`: server, bounce, mailbox-full, staff or import."""

    email: str
    reason: str
    source: str
    until: datetime | None = None
    message_id: UUID | None = None
    added_by: UUID | None = None


class Suppressions:
    """Every address that is or was suppressed; letters large or small make no difference."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def among(self, emails: Collection[str], now: datetime) -> set[str]:
        """Those of these addresses that must not be written to now, as they were given."""
        if not emails:
            return set()
        folded = {email.casefold() for email in emails}
        found = set(
            self._session.scalars(
                select(SuppressionRow.email).where(one_of(self._session, SuppressionRow.email, folded), _in_force(now))
            )
        )
        return {email for email in emails if email.casefold() in found}

    def add(self, found: Iterable[Suppression], now: datetime) -> int:
        """Suppress addresses; those lifted before are suppressed again, those in force stay as they are. How many."""
        added = 0
        for each in found:
            values = {
                "reason": each.reason, "since": now, "source": each.source, "until": each.until,
                "message_id": each.message_id, "added_by": each.added_by, "lifted_at": None, "lifted_by": None,
            }  # fmt: skip
            statement = self._insert().values(email=each.email.casefold(), **values)
            statement = statement.on_conflict_do_update(
                index_elements=["email"],
                set_=values,
                # A lasting one is not made to end, and one in force keeps its first reason.
                where=_replaced(now, each.until),
            )
            added += self._session.execute(statement.returning(SuppressionRow.email)).first() is not None
        return added

    def lift(self, email: str, by: UUID | None, now: datetime) -> None:
        """Let the address be written to again. Raises NotFound when it is not suppressed."""
        result = self._session.execute(
            update(SuppressionRow)
            .where(SuppressionRow.email == email.casefold(), _in_force(now))
            .values(lifted_at=now, lifted_by=by)
            .returning(SuppressionRow.email)
        )
        if result.first() is None:
            raise NotFound("This address is not suppressed.")

    def listed(self, now: datetime, words: str = "", after: str = "", limit: int = 50) -> list[SuppressionRow]:
        """Those in force by address, from the one after `after`; one row more than `limit` if there is one."""
        query = select(SuppressionRow).where(_in_force(now), SuppressionRow.email > after.casefold())
        if words := words.strip().casefold():
            escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            query = query.where(SuppressionRow.email.like(f"%{escaped}%", escape="\\"))
        return list(self._session.scalars(query.order_by(SuppressionRow.email).limit(limit + 1)))

    def count(self, now: datetime) -> int:
        """How many are in force."""
        return self._session.scalar(select(func.count()).select_from(SuppressionRow).where(_in_force(now))) or 0

    def _insert(self) -> Any:
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        return dialect.insert(SuppressionRow)


def _replaced(now: datetime, until: datetime | None) -> ColumnElement[bool]:
    ended = not_(_in_force(now))
    return or_(ended, SuppressionRow.until.is_not(None)) if until is None else ended


def _in_force(now: datetime) -> ColumnElement[bool]:
    return and_(SuppressionRow.lifted_at.is_(None), or_(SuppressionRow.until.is_(None), SuppressionRow.until > now))
