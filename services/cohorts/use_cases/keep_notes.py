"""A reviewer's notes to themselves: kept apart from the review, shown to nobody else."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import ReviewNote
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.read_reviews import member_ids
from shared.errors import Invalid

NOTE_LIMIT = 10_000


def my_notes(uow: CohortsUnit, actor: Actor, assignment_id: UUID) -> tuple[str, int]:
    """The notes and their version, 0 before the first. Raises NotFound where it is not on this person's list."""
    uow.blind.one(assignment_id, member_ids(uow, actor))
    row = uow.reviews.note(assignment_id)
    return (row.text, row.revision) if row else ("", 0)


def keep_notes(uow: CohortsUnit, actor: Actor, assignment_id: UUID, text: str, revision: int | None) -> ReviewNote:
    """Keep the notes as they stand, in any phase in which the application is on the list.

    Raises:
        Invalid: they are too long.
        Stale: another window saved since `revision`.
    """
    uow.blind.one(assignment_id, member_ids(uow, actor))
    if len(text) > NOTE_LIMIT:
        raise Invalid({"notes": [f"Keep your notes under {NOTE_LIMIT:,} characters."]})
    uow.assignments.get(assignment_id, lock=True)
    row = uow.reviews.note(assignment_id)
    if row is None:
        row = ReviewNote(assignment_id=assignment_id, text="", saved_at=uow.now, revision=0)
        uow.reviews.add(row)
    step(row, revision)
    row.text, row.saved_at = text.strip(), uow.now
    return row
