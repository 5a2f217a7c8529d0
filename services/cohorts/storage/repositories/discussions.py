"""What a panel says about applications, and where there is something to talk about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from services.cohorts.domain.review import SUBMITTED
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.repositories.panels import ASSIGNED
from services.cohorts.storage.tables import Assignment, DiscussionPost, Review


class Discussions(Repository):
    """Threads, one for each application."""

    def posts(self, application_id: UUID) -> list[DiscussionPost]:
        """Everything that was said, in order; what was taken away too."""
        where = DiscussionPost.application_id == application_id
        return list(self.session.scalars(select(DiscussionPost).where(where).order_by(DiscussionPost.id)))

    def get(self, id: UUID) -> DiscussionPost:
        """The post; raises NotFound."""
        return self._get(DiscussionPost, id, "post")

    def counts(self, round_id: UUID) -> dict[UUID, int]:
        """How many posts stand in each thread of a round."""
        rows = self.session.execute(
            select(DiscussionPost.application_id, func.count(DiscussionPost.id))
            .where(
                DiscussionPost.removed_at.is_(None),
                DiscussionPost.application_id.in_(
                    select(Assignment.application_id).where(Assignment.round_id == round_id)
                ),
            )
            .group_by(DiscussionPost.application_id)
        )
        return {application: int(count) for application, count in rows}

    def readers(self, application_id: UUID) -> list[UUID]:
        """The members whose list this application stands on, in the order in which they were given it."""
        statement = select(Assignment.panel_member_id).where(
            Assignment.application_id == application_id, Assignment.state == ASSIGNED
        )
        return list(self.session.scalars(statement.order_by(Assignment.id)))

    def news(self, member_id: UUID, since: datetime) -> dict[UUID, int]:
        """How many posts others added to each thread that a member takes part in, since then and their own last one."""
        own = aliased(DiscussionPost)
        answered = (
            select(own.id)
            .where(own.application_id == DiscussionPost.application_id, own.panel_member_id == member_id)
            .where(own.id > DiscussionPost.id)
            .exists()
        )
        rows = self.session.execute(
            select(DiscussionPost.application_id, func.count(DiscussionPost.id))
            .join(Review, Review.application_id == DiscussionPost.application_id)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Review.panel_member_id == member_id, Review.state == SUBMITTED, Assignment.state == ASSIGNED)
            .where(DiscussionPost.removed_at.is_(None), DiscussionPost.at > since)
            .where(DiscussionPost.panel_member_id.is_distinct_from(member_id))
            .where(~answered)
            .group_by(DiscussionPost.application_id)
        )
        return {application: int(count) for application, count in rows}

    def reviews(self, application_id: UUID) -> list[Review]:
        """The reviews that are handed in and count."""
        statement = select(Review).join(Assignment, Assignment.id == Review.assignment_id)
        where = (Review.application_id == application_id, Review.state == SUBMITTED, Assignment.state == ASSIGNED)
        return list(self.session.scalars(statement.where(*where).order_by(Review.assignment_id)))

    def overalls(self, round_id: UUID) -> dict[UUID, list[float]]:
        """The overall scores that count, by application."""
        rows = self.session.execute(
            select(Review.application_id, Review.overall)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Review.round_id == round_id, Review.state == SUBMITTED, Assignment.state == ASSIGNED)
        )
        found: dict[UUID, list[float]] = {}
        for application, overall in rows:
            if overall is not None:
                found.setdefault(application, []).append(overall)
        return found
