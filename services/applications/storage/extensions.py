"""Personal deadlines: more time for one person in one round."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.applications.storage.tables import ExtensionRow, PersonRow


class Extensions:
    """Every extension that was ever given; for each person and round the newest counts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: ExtensionRow) -> None:
        """Keep a new one."""
        self._session.add(row)
        self._session.flush()

    def of(self, round_id: UUID, person_id: UUID) -> ExtensionRow | None:
        """The one that counts, if this person was ever given more time."""
        return self._session.scalar(
            select(ExtensionRow)
            .where(ExtensionRow.round_id == round_id, ExtensionRow.person_id == person_id)
            .order_by(ExtensionRow.given_at.desc(), ExtensionRow.id.desc())
            .limit(1)
        )

    def of_round(self, round_id: UUID) -> list[tuple[ExtensionRow, PersonRow]]:
        """All of a round with the person each is for, newest first."""
        rows = self._session.execute(
            select(ExtensionRow, PersonRow)
            .join(PersonRow, PersonRow.id == ExtensionRow.person_id)
            .where(ExtensionRow.round_id == round_id)
            .order_by(ExtensionRow.given_at.desc(), ExtensionRow.id.desc())
        )
        return [(extension, person) for extension, person in rows]
