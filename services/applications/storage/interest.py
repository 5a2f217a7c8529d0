"""The interest list: addresses that want to hear when a round opens."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.applications.storage.tables import InterestRow


class Interests:
    """Addresses on the list, and those that have not confirmed yet."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_email(self, email: str, *, lock: bool = False) -> InterestRow | None:
        """An address, confirmed or not."""
        query = select(InterestRow).where(InterestRow.email == email)
        return self._session.scalar(query.with_for_update() if lock else query)

    def find(self, interest_id: UUID, *, lock: bool = False) -> InterestRow | None:
        """The same by its id."""
        return self._session.get(InterestRow, interest_id, with_for_update=lock or None)

    def add(self, row: InterestRow) -> None:
        """One address more."""
        self._session.add(row)
        self._session.flush()

    def remove(self, row: InterestRow) -> None:
        """One address less: nothing of it stays."""
        self._session.delete(row)
        self._session.flush()

    def asked_since(self, network_hash: str, since: datetime) -> int:
        """How many addresses somebody on this network has asked for lately."""
        query = select(func.count()).select_from(InterestRow)
        return (
            self._session.scalar(query.where(InterestRow.network_hash == network_hash, InterestRow.asked_at > since))
            or 0
        )

    def counts(self) -> dict[str, int]:
        """Language -> how many confirmed addresses want to be written to in it."""
        query = select(InterestRow.language, func.count()).where(InterestRow.confirmed_at.is_not(None))
        return {str(tag): int(count) for tag, count in self._session.execute(query.group_by(InterestRow.language))}

    def waiting(self) -> int:
        """How many have not confirmed yet."""
        query = select(func.count()).select_from(InterestRow).where(InterestRow.confirmed_at.is_(None))
        return self._session.scalar(query) or 0

    def confirmed(self, after: UUID | None, limit: int) -> list[InterestRow]:
        """Confirmed addresses in the order in which they came, and one more if there is one."""
        query = select(InterestRow).where(InterestRow.confirmed_at.is_not(None))
        query = query.where(InterestRow.id > after) if after else query
        return list(self._session.scalars(query.order_by(InterestRow.id).limit(limit + 1)))

    def in_batches(self, size: int) -> Iterator[list[InterestRow]]:
        """Every confirmed address, some at a time."""
        after = None
        while rows := self.confirmed(after, size)[:size]:
            yield rows
            after = rows[-1].id

    def forget_unconfirmed(self, before: datetime) -> None:
        """Delete what nobody has confirmed in time."""
        self._session.execute(
            delete(InterestRow).where(InterestRow.confirmed_at.is_(None), InterestRow.asked_at < before)
        )
