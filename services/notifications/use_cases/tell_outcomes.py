"""Messages about decisions, offers and panels."""

from uuid import UUID

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Recipient, Wish, person, queue
from shared.contracts.cohorts import (
    DecisionReleased,
    OfferAnswered,
    OfferLapsed,
    OfferReminderDue,
    ReviewerInvited,
    ReviewerReminderDue,
    ReviewsAssigned,
)

_KINDS = {
    "offered": "decision_offer",
    "waitlisted": "decision_waitlist",
    "unsuccessful": "decision_unsuccessful",
}


def _status(uow: NotificationsUnitOfWork, application_id: UUID) -> str:
    return f"{uow.context.public_url}/applications/{application_id}"


def decision_wish(uow: NotificationsUnitOfWork, event: DecisionReleased) -> Wish:
    """The message that tells a decision, with the offer's link and deadline if it is one."""
    values = {
        "reference": event.reference,
        "feedback": event.feedback,
        "status_url": _status(uow, event.application_id),
        "offer_url": event.offer_link,
        "cohort": event.round_title,
        "deadline": Moment(event.respond_by, event.zone).as_json() if event.respond_by else None,
    }
    return Wish(_KINDS[event.outcome], person(uow, event.person_id), values, deadline=event.respond_by)


def decision(uow: NotificationsUnitOfWork, event: DecisionReleased) -> None:
    """What was decided."""
    queue(uow, decision_wish(uow, event))


def offer_reminder(uow: NotificationsUnitOfWork, event: OfferReminderDue) -> None:
    """An offer waits for its answer."""
    values = {
        "reference": event.reference,
        "cohort": event.round_title,
        "offer_url": event.offer_link,
        "deadline": Moment(event.respond_by, event.zone).as_json(),
    }
    queue(uow, Wish("offer_reminder", person(uow, event.person_id), values, deadline=event.respond_by))


def offer_answered(uow: NotificationsUnitOfWork, event: OfferAnswered) -> None:
    """Thanks for an answer."""
    values = {
        "reference": event.reference,
        "cohort": event.round_title,
        "my_url": f"{uow.context.public_url}/cohorts/my",
        "status_url": _status(uow, event.application_id),
    }
    queue(uow, Wish(f"offer_{event.answer}", person(uow, event.person_id), values))


def offer_lapsed(uow: NotificationsUnitOfWork, event: OfferLapsed) -> None:
    """The time to answer has passed."""
    values = {
        "reference": event.reference,
        "deadline": Moment(event.respond_by, event.zone).as_json(),
        "status_url": _status(uow, event.application_id),
    }
    queue(uow, Wish("offer_lapsed", person(uow, event.person_id), values))


def reviewer_invited(uow: NotificationsUnitOfWork, event: ReviewerInvited) -> None:
    """Will you read for us? To the address alone: the account may not exist yet."""
    recipient = Recipient(event.email, event.name, event.language)
    values = {"panel_url": f"{uow.context.public_url}/cohorts/panel", "round": event.round_title}
    queue(uow, Wish("reviewer_invited", recipient, values))


def reviews_assigned(uow: NotificationsUnitOfWork, event: ReviewsAssigned) -> None:
    """There is something to read."""
    values = {
        "panel_url": event.link,
        "round": event.round_title,
        "count": str(event.count),
        "due": Moment(event.due, event.zone).as_json() if event.due else None,
    }
    queue(uow, Wish("reviews_assigned", person(uow, event.person_id), values))


_REMINDERS = {"not_declared": "reviewer_declare_reminder", "overdue": "reviews_overdue"}


def reviewer_reminder(uow: NotificationsUnitOfWork, event: ReviewerReminderDue) -> None:
    """A reviewer has something left to do."""
    values = {
        "panel_url": event.link,
        "round": event.round_title,
        "left": str(event.left),
        "count": str(event.count),
        "due": Moment(event.due, event.zone).as_json() if event.due else None,
    }
    kind = _REMINDERS.get(event.reason, "reviews_reminder")
    wanted = KINDS[kind].placeholders
    values = {name: value for name, value in values.items() if name in wanted}
    queue(uow, Wish(kind, person(uow, event.person_id), values))
