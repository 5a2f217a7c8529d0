"""The fortnightly digest: once for each period, whatever happened in between, and nothing to those with no news."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from services.notifications.domain.categories import Category
from services.notifications.domain.digest import PERIOD, next_moment, period_at
from services.notifications.domain.kinds import Method
from services.notifications.domain.moments import Moment
from services.notifications.domain.settings import Settings
from services.notifications.storage.sending_tables import NewsRow, RoundRow
from services.notifications.storage.tables import ContactRow, SessionRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Wish, as_recipient, queue
from services.notifications.use_cases.session_words import ends_at, starts_at
from shared.contracts.applications import RoundPublished
from shared.service import Due

DIGEST = "digest"
_KEY = "fortnight"
SETTLING = timedelta(minutes=1)
"""How long a digest leaves news to the next one: a row's time is set before its transaction is seen by others."""


def plan_digest(uow: NotificationsUnitOfWork, settings: Settings) -> datetime | None:
    """Put the next digest on the clock, or take it off; when it goes. Switching it on never sends one at once."""
    if not settings.digest:
        uow.cancel(DIGEST, _KEY)
        return None
    at = next_moment(uow.now, settings)
    uow.schedule(DIGEST, _KEY, at)
    return at


def make_digest(uow: NotificationsUnitOfWork, _due: Due) -> None:
    """Queue the digest of the period that has begun, and put the next one on the clock. After days of downtime only the
    newest period is made, and its news begins where the last digest that was made ended."""
    settings = uow.settings.get()
    if plan_digest(uow, settings) is None:
        return
    period, since = period_at(uow.now, settings), uow.news.last_made() or uow.now - PERIOD
    if uow.news.begin(period, uow.now):
        uow.news.made(period, _queue(uow, period.isoformat(), since))


def _queue(uow: NotificationsUnitOfWork, period: str, since: datetime) -> int:
    news = uow.news.between(since - SETTLING, uow.now - SETTLING)
    rounds = [_round(uow, row) for row in uow.news.open_rounds(uow.now)]
    sessions = _sessions(uow)
    readers = uow.news.readers()
    wanted = uow.wishes.among([str(reader.person_id) for reader in readers])
    wishes = []
    for reader in readers:
        choice = wanted.get(str(reader.person_id))
        if choice is not None and not choice.wants(Category.DIGEST, reader.roles or ()):
            continue
        content = _content(reader, news, rounds, sessions)
        if content:
            wishes.append(Wish(DIGEST, as_recipient(reader), content, period=period, until=uow.now + PERIOD))
    queue(uow, *wishes)
    return len(wishes)


def _content(
    reader: ContactRow, news: list[NewsRow], rounds: list[dict[str, Any]], sessions: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """What is new for this reader; empty when nothing is."""
    lists = {
        "news": [_item(row) for row in news if row.language in (None, reader.language)],
        "sessions": sessions.get(str(reader.person_id), []),
        # Who takes part already need not be asked to apply.
        "rounds": [] if "participant" in (reader.roles or ()) else rounds,
    }
    return {name: rows for name, rows in lists.items() if rows}


def _item(row: NewsRow) -> dict[str, Any]:
    return {"title": row.title, "text": row.text, **({"link": row.link} if row.link else {})}


def _round(uow: NotificationsUnitOfWork, row: RoundRow) -> dict[str, Any]:
    link = f"{uow.context.public_url}/rounds/{row.slug}"
    return {"title": row.title, "closes": Moment(row.closes_at, row.zone).as_json(), "link": link}


def _sessions(uow: NotificationsUnitOfWork) -> dict[str, list[dict[str, Any]]]:
    """Recipient -> the sessions of the period to come that they are invited to."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in uow.news.sessions(uow.now, uow.now + PERIOD):
        for recipient, messages in uow.sessions.told(row.session_id).items():
            if messages[-1].session_method == Method.REQUEST:
                found[recipient].append(_session(row))
    return found


def _session(row: SessionRow) -> dict[str, Any]:
    state = row.state
    when = Moment(starts_at(state), str(state["zone"]), ends_at(state)).as_json()
    place = {"place": state["place"]} if state["place"] else {}
    return {"title": state["title"], "when": when, **place, **({"link": state["link"]} if state["link"] else {})}


def keep_round(uow: NotificationsUnitOfWork, event: RoundPublished) -> None:
    """Keep our copy of a round."""
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    uow.news.keep_round(
        RoundRow(
            round_id=event.round_id, slug=event.slug, title=event.title, state=event.state, opens_at=event.opens_at,
            closes_at=event.closes_at, zone=event.zone, sequence=uow.cause.sequence,
        )
    )  # fmt: skip
