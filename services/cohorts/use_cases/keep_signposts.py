"""The directory of places to turn to: each entry has somebody who keeps it, and a day to look at it again."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Signpost
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Invalid

_LIMITS = {
    "title": 200,
    "about": 2_000,
    "topic": 60,
    "link": 400,
    "phone": 60,
    "area": 100,
    "languages": 200,
    "owner_name": 200,
}
_NEEDED = {"title": "Name it.", "topic": "Say what it helps with.", "owner_name": "Say who keeps it."}
AGAIN = timedelta(days=182)
"""How far off the next look is, when an entry is found to be right."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry as staff write it."""

    title: str
    about: str = ""
    topic: str
    link: str = ""
    phone: str = ""
    area: str = ""
    languages: str = ""
    owner_name: str
    review_on: date


def keep_signpost(
    uow: CohortsUnit, entry: Entry, signpost_id: UUID | None = None, revision: int | None = None
) -> Signpost:
    """Add an entry, or change one; it counts as checked today.

    Raises:
        Invalid: something is missing, too long, or no address.
        NotFound, Stale: the entry to change is not there, or has been changed since.
    """
    _check(uow, entry)
    row = uow.signposts.get(signpost_id) if signpost_id else Signpost(revision=0)
    step(row, revision)
    for name in _LIMITS:
        setattr(row, name, getattr(entry, name).strip())
    row.review_on, row.checked_on = entry.review_on, uow.now.date()
    uow.signposts.add(row)
    uow.session.flush()
    return row


def _check(uow: CohortsUnit, entry: Entry) -> None:
    problems: dict[str, list[str]] = {}
    for name, most in _LIMITS.items():
        if len(getattr(entry, name)) > most:
            problems[name] = [f"Keep this under {most:,} characters."]
    for name, text in (
        ("title", "Name it."),
        ("topic", "Say what it helps with."),
        ("owner_name", "Say who keeps it."),
    ):
        if not getattr(entry, name).strip():
            problems[name] = [text]
    link = entry.link.strip()
    if link and (urlsplit(link).scheme not in {"https", "http"} or " " in link):
        problems["link"] = ["Write a web address that begins with https://."]
    if not link and not entry.phone.strip():
        problems["link"] = ["Give a web address, a phone number, or both."]
    if entry.review_on <= uow.now.date():
        problems["review_on"] = ["Choose a day that is still to come."]
    if problems:
        raise Invalid(problems)


def confirm_signpost(uow: CohortsUnit, signpost_id: UUID, revision: int | None) -> Signpost:
    """It was looked at, and it is right: the next look is in half a year.

    Raises:
        Stale: it has been changed since.
    """
    row = uow.signposts.get(signpost_id)
    step(row, revision)
    row.checked_on, row.review_on = uow.now.date(), uow.now.date() + AGAIN
    return row


def remove_signpost(uow: CohortsUnit, signpost_id: UUID) -> None:
    """Take an entry out of the directory."""
    uow.session.delete(uow.signposts.get(signpost_id))
