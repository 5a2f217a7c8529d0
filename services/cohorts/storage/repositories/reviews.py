"""Reviews, for their writers' use cases and for the figures."""

from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from services.cohorts.domain.review import DRAFT, SUBMITTED
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.repositories.panels import ASSIGNED
from services.cohorts.storage.tables import Application, Assignment, Review, ReviewNote, ReviewVersion


class Reviews(Repository):
    """Reviews and their versions."""

    def find(self, assignment_id: UUID, *, lock: bool = False) -> Review | None:
        """The review of an assignment, if one was begun."""
        return self.session.get(Review, assignment_id, with_for_update=lock or None, populate_existing=lock)

    def submitted(self, application_id: UUID) -> list[Review]:
        """The submitted reviews of an application that count: handed back or conflicted ones do not."""
        statement = select(Review).join(Assignment, Assignment.id == Review.assignment_id)
        where = (Review.application_id == application_id, Review.state == SUBMITTED, Assignment.state == ASSIGNED)
        return list(self.session.scalars(statement.where(*where).order_by(Review.submitted_at, Review.assignment_id)))

    def note(self, assignment_id: UUID) -> ReviewNote | None:
        """The reviewer's notes to themselves. For nobody else."""
        return self.session.get(ReviewNote, assignment_id)

    def submitted_by(self, member_id: UUID) -> list[Review]:
        """What a member has handed in."""
        where = (Review.panel_member_id == member_id, Review.state == SUBMITTED)
        return list(self.session.scalars(select(Review).where(*where).order_by(Review.assignment_id)))

    def changes(self, round_id: UUID, limit: int = 500) -> list[tuple[ReviewVersion, Assignment, Application]]:
        """What happened to reviews that had been handed in, drafts left out, the newest first."""
        again = aliased(ReviewVersion)
        earlier = (
            select(again.id)
            .where(
                again.assignment_id == ReviewVersion.assignment_id,
                again.action == "submitted",
                again.id < ReviewVersion.id,
            )
            .exists()
        )
        rows = self.session.execute(
            select(ReviewVersion, Assignment, Application)
            .join(Assignment, Assignment.id == ReviewVersion.assignment_id)
            .join(Application, Application.id == Assignment.application_id)
            .where(Assignment.round_id == round_id, ReviewVersion.action != "set_aside", earlier)
            .order_by(ReviewVersion.id.desc())
            .limit(limit)
        )
        return [(version, assignment, application) for version, assignment, application in rows]

    def scoring_begun(self, round_id: UUID) -> bool:
        """Whether anybody has begun a review in this round: from then on its rubric stands."""
        return self.session.scalar(select(Review.assignment_id).where(Review.round_id == round_id).limit(1)) is not None

    def scores_of_round(self, round_id: UUID) -> list[tuple[UUID, dict[str, Any]]]:
        """(member, scores) of every submitted review that counts, in a fixed order."""
        statement = (
            select(Review.panel_member_id, Review.scores)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Review.round_id == round_id, Review.state == SUBMITTED, Assignment.state == ASSIGNED)
            .order_by(Review.assignment_id)
        )
        return [(member, scores) for member, scores in self.session.execute(statement)]

    def flags(self, application_id: UUID) -> int:
        """How many reviewers want an application to be talked about."""
        statement = select(func.count(Review.assignment_id)).join(Assignment, Assignment.id == Review.assignment_id)
        where = (Review.application_id == application_id, Review.flagged.is_(True), Assignment.state == ASSIGNED)
        return self.session.scalar(statement.where(*where)) or 0

    def of_application(self, application_id: UUID) -> list[Review]:
        """Every review of an application, drafts included: for staff."""
        where = Review.application_id == application_id
        return list(self.session.scalars(select(Review).where(where).order_by(Review.assignment_id)))

    def versions(self, assignment_id: UUID) -> list[ReviewVersion]:
        """What was handed in when, the newest first."""
        where = ReviewVersion.assignment_id == assignment_id
        return list(self.session.scalars(select(ReviewVersion).where(where).order_by(ReviewVersion.id.desc())))

    def begun(self, round_id: UUID) -> set[UUID]:
        """The assignments that somebody has begun to review."""
        return set(self.session.scalars(select(Review.assignment_id).where(Review.round_id == round_id)))

    def progress(self, round_id: UUID) -> dict[UUID, tuple[int, int, int]]:
        """Of each member's list: how many are submitted, begun, and abstained from."""
        rows = self.session.execute(
            select(
                Review.panel_member_id,
                func.count(case((Review.state == SUBMITTED, 1))),
                func.count(case((Review.state == DRAFT, 1))),
                func.count(case((Review.state.not_in([SUBMITTED, DRAFT]), 1))),
            )
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Review.round_id == round_id, Assignment.state == ASSIGNED)
            .group_by(Review.panel_member_id)
        )
        return {member: (submitted, begun, abstained) for member, submitted, begun, abstained in rows}
