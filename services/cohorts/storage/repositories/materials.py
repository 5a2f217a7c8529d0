"""Materials of sessions."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Material, MaterialContent
from shared.errors import NotFound


class Materials(Repository):
    """Files and links."""

    def get(self, id: UUID) -> Material:
        """The material; raises NotFound."""
        return self._get(Material, id, "material")

    def of_session(self, session_id: UUID) -> list[Material]:
        """All of a session, the oldest first."""
        where = Material.session_id == session_id
        return list(self.session.scalars(select(Material).where(where).order_by(Material.created_at, Material.id)))

    def released(self, session_ids: Iterable[UUID], now: datetime) -> dict[UUID, list[Material]]:
        """What participants of these sessions may see, by session."""
        where = (
            Material.session_id.in_(list(session_ids)),
            or_(Material.release_at.is_(None), Material.release_at <= now),
        )
        found: dict[UUID, list[Material]] = {}
        for row in self.session.scalars(select(Material).where(*where).order_by(Material.created_at, Material.id)):
            found.setdefault(row.session_id, []).append(row)
        return found

    def content(self, id: UUID) -> bytes:
        """A file's bytes; raises NotFound for a link."""
        row = self.session.get(MaterialContent, id)
        if row is None:
            raise NotFound("There is no such file.")
        return row.content

    def remove(self, row: Material) -> None:
        """Delete it."""
        self.session.execute(delete(MaterialContent).where(MaterialContent.material_id == row.id))
        self.session.delete(row)
