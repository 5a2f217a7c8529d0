"""Messages that were only looked at."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.notifications.storage.tables import PreviewRow
from shared.errors import NotFound

_MORE_THAN_ANY = 1_000
"""An address may name any number; a database does not take them all."""


class Previews:
    """Batches of messages as they would be, kept for a short while."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, batch: UUID) -> list[PreviewRow]:
        """The batch in its order; raises NotFound once it is forgotten."""
        where = PreviewRow.batch_id == batch
        rows = list(self._session.scalars(select(PreviewRow).where(where).order_by(PreviewRow.position)))
        if not rows:
            raise NotFound("These messages are no longer kept. Go back to the decisions and look again.")
        return rows

    def get(self, batch: UUID, position: int) -> PreviewRow:
        """One of a batch; raises NotFound."""
        row = self._session.get(PreviewRow, (batch, position)) if position < _MORE_THAN_ANY else None
        if row is None:
            raise NotFound("This message is no longer kept. Go back to the decisions and look again.")
        return row

    def clear(self, batch: UUID) -> None:
        """Forget a batch."""
        self._session.execute(delete(PreviewRow).where(PreviewRow.batch_id == batch))
