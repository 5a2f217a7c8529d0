"""The sample's sending: a digest that is switched on, news for it, and an address that does not work."""

from typing import Any
from uuid import UUID

from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.choose_messages import set_up
from services.notifications.use_cases.keep_news import keep_news
from services.notifications.use_cases.keep_suppressions import add_suppression
from shared.unit_of_work import Units

_NEWS = (
    ("A place to practise English", "Every Tuesday evening, online and free. Bring a friend if you like.", "en"),
    ("Travel money", "You can now ask for your fares before you travel. Write to us a week ahead.", ""),
)


def prepare_sending(units: Units[Any], staff_id: UUID) -> None:
    """Set up once what staff would set up; nothing is changed that is there."""
    with units.begin() as uow:
        _prepare(uow, staff_id)


def _prepare(uow: NotificationsUnitOfWork, staff_id: UUID) -> None:
    if uow.news.listed(1):
        return
    set_up(uow, {**uow.settings.get().as_json(), "digest": True}, uow.settings.revision, staff_id)
    for title, text, language in _NEWS:
        keep_news(uow, {"title": title, "text": text, "language": language}, None, staff_id)
    add_suppression(uow, "moved-away@example.net", "They asked us by telephone.", staff_id)
