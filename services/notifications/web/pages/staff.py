"""Staff: every message, what became of it, its words as they went out; and one more try."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import language
from services.notifications.domain.states import State
from services.notifications.domain.templating.render import Rendered
from services.notifications.storage.sending_tables import HistoryRow
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.compose_message import render_message
from services.notifications.use_cases.decide_batch import CANCELLABLE
from services.notifications.use_cases.retry_message import RETRYABLE, retry_message
from services.notifications.use_cases.secrets_in_messages import holds_secret
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from services.notifications.web.wishes import next_cursor, read_wish
from services.notifications.web.wording import TONES, in_words, language_name, meaning
from shared.errors import Invalid, NotFound
from shared.message_kinds import by_title, title_of
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notifications_staff", __name__, url_prefix="/notifications/staff")


@pages.get("")
@access.role("staff", "administrator")
def messages() -> ResponseReturnValue:
    wish = read_wish(request.args.to_dict())
    with units().begin(write=False) as uow:
        found = uow.messages.listed(wish)
        counts = uow.messages.counts()
    further = next_cursor(found, wish)
    return render_template(
        "notifications/staff/messages.html",
        found=found[: wish.limit],
        counts=counts,
        wish=wish,
        tones=TONES,
        kinds=[("", "Every kind"), *by_title(KINDS)],
        states=[state.value for state in State if counts.get(state.value)],
        next_href=_address(cursor=further) if further else None,
        first_href=_address(cursor=None) if wish.after else None,
        state_href=lambda state: _address(state=state, cursor=None),
    )


def _address(**changes: str | None) -> str:
    arguments = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in arguments.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@pages.get("/messages/<uuid:message_id>")
@access.role("staff", "administrator")
def message(message_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row = uow.messages.get(message_id)
        rendered = _words(uow, row)
        lines = uow.history.of(row.id)
    return render_template(
        "notifications/staff/message.html",
        row=row,
        rendered=rendered,
        secret=holds_secret(row.kind),
        tone=TONES[State(row.state)],
        meaning=meaning(row.state),
        title=title_of(row.kind),
        language_name=language_name(row.language),
        direction_=language(row.language).direction,
        again=State(row.state) in RETRYABLE,
        stoppable=State(row.state) in CANCELLABLE,
        history=_history(row, lines),
    )


def _history(row: MessageRow, lines: list[HistoryRow]) -> list[dict[str, object]]:
    """Everything that happened, oldest first: from the row itself what is the plain way, from its history the rest."""
    found = [(row.queued_at, "Asked for", "")]
    if row.handed_at is not None:
        found.append((row.handed_at, "Handed to the next server", "" if row.attempts < 2 else f"Try {row.attempts}"))
    found += [(line.at, in_words(line.what), line.reason) for line in lines]
    return [{"at": at, "what": what, "reason": reason} for at, what, reason in sorted(found, key=lambda each: each[0])]


def _words(uow: NotificationsUnitOfWork, row: MessageRow) -> Rendered | None:
    """What the message says; None if it holds a secret, or if it could never be written."""
    if holds_secret(row.kind):
        return None
    try:
        return render_message(uow, row)
    except Invalid:
        return None


@pages.get("/messages/<uuid:message_id>/html")
@access.role("staff", "administrator")
def html(message_id: UUID) -> Response:
    with units().begin(write=False) as uow:
        rendered = _words(uow, uow.messages.get(message_id))
    if rendered is None:
        raise NotFound("The words of this message are not shown.")
    return framed(rendered.html)


@pages.post("/messages/<uuid:message_id>/again")
@access.role("staff", "administrator")
def again(message_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        retry_message(uow, message_id, known().person_id)
    flash("It goes out again in a moment.", "success")
    return redirect(f"/notifications/staff/messages/{message_id}", 303)
