"""Staff write what the next digest tells."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.values import checked_url
from services.notifications.storage.sending_tables import NewsRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.errors import Invalid, Stale
from shared.ids import new_id

LONGEST_TITLE = 120
LONGEST_TEXT = 2000


def keep_news(
    uow: NotificationsUnitOfWork, given: Mapping[str, str], show_from: datetime | None, by: UUID | None,
    change: tuple[UUID, int] | None = None,
) -> NewsRow:  # fmt: skip
    """Keep an item: {title, text, link, language}. `show_from`: the first digest after it tells it (None: now).
    `change`: which item, and the revision that was edited. Raises Invalid, NotFound, Stale."""
    values = _checked(given)
    if change is None:
        row = NewsRow(id=new_id(), revision=0)
    else:
        row = uow.news.get(change[0], lock=True)
        if row.revision != change[1]:
            raise Stale("Somebody else changed this first. Load it again to see what is there now.")
    row.title, row.text, row.link = values["title"], values["text"], values["link"]
    row.language = values["language"] or None
    if show_from is None or show_from != row.show_from:
        # A moment that has passed is now: no digest would tell the item otherwise.
        row.show_from = max(show_from or uow.now, uow.now)
    row.revision, row.changed_at, row.changed_by = row.revision + 1, uow.now, by
    uow.news.add(row)
    return row


def withdraw_news(uow: NotificationsUnitOfWork, news_id: UUID, by: UUID | None, *, back: bool = False) -> NewsRow:
    """Leave an item out of every digest that is not made yet, or (`back`) tell it after all. Raises NotFound."""
    row = uow.news.get(news_id, lock=True)
    row.withdrawn, row.revision, row.changed_at, row.changed_by = not back, row.revision + 1, uow.now, by
    return row


def _checked(given: Mapping[str, str]) -> dict[str, str]:
    title = " ".join(given.get("title", "").split())
    text = given.get("text", "").replace("\r\n", "\n").strip()
    link, language = given.get("link", "").strip(), given.get("language", "").strip()
    problems: dict[str, list[str]] = {}
    if not 0 < len(title) <= LONGEST_TITLE:
        problems["title"] = [f"Give a title of at most {LONGEST_TITLE} characters."]
    if not 0 < len(text) <= LONGEST_TEXT:
        problems["text"] = [f"Write the news, in at most {LONGEST_TEXT} characters."]
    if language and language not in LANGUAGES:
        problems["language"] = ["Choose a language of the list."]
    try:
        link = link and checked_url(link)
    except ValueError:
        problems["link"] = ["Write a whole address, like https://example.org/news."]
    if problems:
        raise Invalid(problems)
    return {"title": title, "text": text, "link": link, "language": language}
