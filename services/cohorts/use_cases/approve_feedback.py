"""Feedback with a decision: written by one of the staff, approved for each person, never sent without that."""

from collections.abc import Iterable
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Decision, Release
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Invalid

LIMIT = 4_000
RELEASED = "released"


def write_feedback(uow: CohortsUnit, actor: Actor, decision_id: UUID, text: str, revision: int | None) -> Decision:
    """Write what a person is told beyond the outcome, before the release. Changed words have to be approved anew.

    Raises:
        Stale: somebody else has changed it since.
        Conflict: the decisions are released.
        Invalid: it is too long.
    """
    decision = _staged(uow, decision_id)
    text = text.strip()
    if len(text) > LIMIT:
        raise Invalid({"feedback": [f"Keep the feedback under {LIMIT:,} characters."]})
    step(decision, revision)
    if text != decision.feedback:
        decision.feedback, decision.feedback_by_name = text, actor.name if text else ""
        decision.approved_at, decision.approved_by_name = None, ""
    return decision


def add_phrases(uow: CohortsUnit, text: str, phrases: Iterable[UUID]) -> str:
    """`text` with phrases of the stock at its end, each a paragraph of its own; one that is there already is not
    put in twice. Nothing is kept."""
    found = [uow.phrases.get(phrase).text for phrase in phrases]
    return "\n\n".join(part for part in (text.strip(), *(phrase for phrase in found if phrase not in text)) if part)


def approve_feedback(uow: CohortsUnit, actor: Actor, decision_id: UUID, revision: int | None) -> Decision:
    """Say that these words may go to this person.

    Raises:
        Stale: the words have been changed since they were looked at.
        Conflict: there are no words, or the decisions are released.
    """
    decision = _staged(uow, decision_id)
    if not decision.feedback:
        raise Conflict("There is no feedback to approve.")
    step(decision, revision)
    decision.approved_at, decision.approved_by_name = uow.now, actor.name
    return decision


def approve_all(uow: CohortsUnit, actor: Actor, release_id: UUID, looked_at: dict[UUID, int]) -> int:
    """Approve the feedback of these decisions, each in the version that was looked at; how many there were.

    Raises:
        Stale: one of them has been changed since; none is approved.
        Conflict: the decisions are released.
    """
    uow.releases.get(release_id, lock=True)
    approved = [approve_feedback(uow, actor, each, revision) for each, revision in looked_at.items()]
    return len(approved)


def check_approved(uow: CohortsUnit, release: Release) -> None:
    """Raise Conflict while words wait for approval."""
    waiting = uow.releases.unapproved(release.id)
    if waiting:
        what = "The feedback of one person waits" if waiting == 1 else f"The feedback of {waiting} people waits"
        raise Conflict(f"{what} to be approved. Approve it, or take it away, and then release.")


def _staged(uow: CohortsUnit, decision_id: UUID) -> Decision:
    decision = uow.releases.decision(decision_id, lock=True)
    if uow.releases.get(decision.release_id).state == RELEASED:
        raise Conflict("The decisions are released, so this person has been told already.")
    return decision
