"""Tell reviewers that others wrote in discussions they take part in: once a day at most, nothing of what was said."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.cohorts.domain.discussion import next_news
from services.cohorts.domain.panel import READY
from services.cohorts.domain.phases import DISCUSSION
from services.cohorts.storage.tables import DiscussionPost, PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import DiscussionContinued

NEWS = "panel_discussion_news"
_DAY = timedelta(days=1)


def expect_news(uow: CohortsUnit, post: DiscussionPost, round_id: UUID) -> None:
    """Look tomorrow morning whether those who take part have something to read; others of the same day join it."""
    at = next_news(uow.now, ZoneInfo(uow.rounds.get(round_id).zone))
    for review in uow.discussions.reviews(post.application_id):
        if review.panel_member_id != post.panel_member_id:
            uow.schedule(NEWS, f"{review.panel_member_id}:{at.date()}", at)


def tell_discussions(uow: CohortsUnit, member_id: UUID, due_at: datetime) -> None:
    """Publish what others said in the day before `due_at`; nothing if that is nothing, or nobody may write any more."""
    member = uow.session.get(PanelMember, member_id)
    if member is None or member.state != READY or member.person_id is None:
        return
    round_, phases = uow.rounds.get(member.round_id), uow.rounds.phases(member.round_id)
    fresh = uow.discussions.news(member_id, due_at - _DAY)
    if phases.at(uow.now) != DISCUSSION or phases.discussion_closes_at is None or not fresh:
        return
    uow.publish(
        DiscussionContinued(
            panel_member_id=member.id,
            person_id=member.person_id,
            round_id=round_.id,
            round_title=round_.title,
            posts=sum(fresh.values()),
            threads=len(fresh),
            closes_at=phases.discussion_closes_at,
            zone=round_.zone,
            link=uow.links.discussions(),
        )
    )
