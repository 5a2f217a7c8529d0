"""Sets of targets kept by name."""

from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Round, TargetSet


class TargetSets(Repository):
    """Sets of targets, of one round or of all."""

    def get(self, id: UUID, *, lock: bool = False) -> TargetSet:
        """The set; raises NotFound."""
        return self._get(TargetSet, id, "set of targets", lock=lock)

    def named(self, round_id: UUID, name: str) -> TargetSet | None:
        """The round's set of this name."""
        where = (TargetSet.round_id == round_id, TargetSet.name == name)
        return self.session.scalars(select(TargetSet).where(*where)).first()

    def all(self) -> list[tuple[TargetSet, Round]]:
        """Every set with its round, the newest first."""
        rows = self.session.execute(
            select(TargetSet, Round).join(Round, Round.id == TargetSet.round_id).order_by(TargetSet.saved_at.desc())
        )
        return [(kept, round_) for kept, round_ in rows]
