"""Messages to applicants and to people signing in."""

from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Recipient, Wish, person, queue
from shared.contracts.applications import (
    ApplicationStarted,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    DeadlineExtended,
    DraftReminderDue,
    HelperEnded,
    HelperInvited,
    SignInRequested,
)

MINUTE = 60


def sign_in(uow: NotificationsUnitOfWork, event: SignInRequested) -> None:
    """The link and the code, to the address that was typed: there may be no account yet."""
    minutes = max(1, round((event.expires_at - uow.now).total_seconds() / MINUTE))
    recipient = Recipient(event.email, event.name, event.language)
    values = {"sign_in_url": event.link, "code": event.code, "minutes": str(minutes)}
    queue(uow, Wish("sign_in", recipient, values, until=event.expires_at))


def draft_saved(uow: NotificationsUnitOfWork, event: ApplicationStarted) -> None:
    """The way back to a draft."""
    values = {
        "resume_url": event.resume_link,
        "closes": Moment(event.closes_at, event.zone).as_json(),
        "round": event.round_title,
    }
    queue(uow, Wish("draft_saved", person(uow, event.person_id), values, deadline=event.closes_at))


def draft_reminder(uow: NotificationsUnitOfWork, event: DraftReminderDue) -> None:
    """The deadline comes near."""
    values = {
        "resume_url": event.resume_link,
        "closes": Moment(event.closes_at, event.zone).as_json(),
        "round": event.round_title,
    }
    queue(uow, Wish("draft_reminder", person(uow, event.person_id), values, deadline=event.closes_at))


def received(uow: NotificationsUnitOfWork, event: ApplicationSubmitted) -> None:
    """The receipt."""
    values = {
        "reference": event.reference,
        "status_url": event.status_link,
        "received": Moment(event.submitted_at).as_json(),
        "round": event.round_title,
    }
    queue(uow, Wish("application_received", person(uow, event.person_id), values))


def withdrawn(uow: NotificationsUnitOfWork, event: ApplicationWithdrawn) -> None:
    """It was taken back."""
    queue(uow, Wish("application_withdrawn", person(uow, event.person_id), {"reference": event.reference}))


def more_time(uow: NotificationsUnitOfWork, event: DeadlineExtended) -> None:
    """One person has until later."""
    values = {
        "closes": Moment(event.closes_at, event.zone).as_json(),
        "round": event.round_title,
        "reason": event.reason,
        "apply_url": event.link,
    }
    queue(uow, Wish("deadline_extended", person(uow, event.person_id), values, deadline=event.closes_at))


def helper_asked(uow: NotificationsUnitOfWork, event: HelperInvited) -> None:
    """Somebody is asked to help with a form; they may have no account."""
    values = {"applicant": event.applicant, "round": event.round_title, "helping_url": event.link}
    queue(uow, Wish("helper_invited", Recipient(event.email, event.name, event.language), values))


def helper_thanked(uow: NotificationsUnitOfWork, event: HelperEnded) -> None:
    """The help has ended. Whoever ended it themselves knows."""
    if event.ended_by != "helper":
        values = {"applicant": event.applicant, "round": event.round_title}
        queue(uow, Wish("helper_ended", Recipient(event.email, event.name, event.language), values))
