"""Reports that came back, each once."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.storage.inserting import insert_new
from services.notifications.storage.sending_tables import BounceRow


class Bounces:
    """Every report that was taken in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: Any) -> bool:
        """Keep a report; False if this very one is known already."""
        statement = insert_new(self._session, BounceRow).values(**values)
        return self._session.execute(statement.returning(BounceRow.key)).first() is not None

    def count(self, email: str, kind: str, since: datetime) -> int:
        """How many of this kind came from an address since then."""
        query = select(func.count()).select_from(BounceRow)
        query = query.where(BounceRow.email == email.casefold(), BounceRow.kind == kind, BounceRow.at > since)
        return self._session.scalar(query) or 0

    def newest(self, limit: int = 50) -> list[BounceRow]:
        """The newest reports."""
        return list(self._session.scalars(select(BounceRow).order_by(BounceRow.at.desc(), BounceRow.key).limit(limit)))
