"""Messages to reviewers about what has changed on their panel."""

from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Wish, person, queue
from shared.contracts.cohorts import DiscussionContinued, PanelTermsChanged


def terms_changed(uow: NotificationsUnitOfWork, event: PanelTermsChanged) -> None:
    """Please agree anew before you read on."""
    values = {"panel_url": event.link, "round": event.round_title}
    queue(uow, Wish("panel_terms_changed", person(uow, event.person_id), values))


def discussion_continued(uow: NotificationsUnitOfWork, event: DiscussionContinued) -> None:
    """Others wrote. Of no use once the discussion has ended."""
    values = {
        "panel_url": event.link,
        "round": event.round_title,
        "posts": str(event.posts),
        "threads": str(event.threads),
        "closes": Moment(event.closes_at, event.zone).as_json(),
    }
    queue(uow, Wish("discussion_continued", person(uow, event.person_id), values, until=event.closes_at))
