"""Messages that ask for answers."""

from typing import Any

from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Wish, person, queue
from shared.contracts.cohorts import SurveyInvited, SurveyReminderDue


def survey_invited(uow: NotificationsUnitOfWork, event: SurveyInvited) -> None:
    """Please tell us how it is, or was."""
    queue(uow, Wish("survey_invited", person(uow, event.person_id), _values(event), until=event.closes_at))


def survey_reminder(uow: NotificationsUnitOfWork, event: SurveyReminderDue) -> None:
    """It closes soon, and you have not answered."""
    queue(uow, Wish("survey_reminder", person(uow, event.person_id), _values(event), until=event.closes_at))


def _values(event: SurveyInvited | SurveyReminderDue) -> dict[str, Any]:
    return {
        "survey": event.title,
        "survey_url": event.link,
        "minutes": str(event.minutes) if event.minutes else None,
        "closes": Moment(event.closes_at, event.zone).as_json() if event.closes_at else None,
        "anonymous": event.anonymous_note if event.anonymous else None,
    }
