"""Proposals that are worked out in the background."""

from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import AssignmentDraft

WAITING, READY, FAILED = "waiting", "ready", "failed"


class Drafts(Repository):
    """The newest proposal of each round and each way to share out."""

    def find(self, round_id: UUID, mode: str, *, lock: bool = False) -> AssignmentDraft | None:
        """The draft, if one was ever asked for."""
        key = {"round_id": round_id, "mode": mode}
        return self.session.get(AssignmentDraft, key, with_for_update=lock or None, populate_existing=lock)

    def waiting(self) -> AssignmentDraft | None:
        """The draft that has waited longest."""
        order = select(AssignmentDraft).where(AssignmentDraft.state == WAITING).order_by(AssignmentDraft.asked_at)
        return self.session.scalars(order.limit(1)).first()
