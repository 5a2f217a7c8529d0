"""Staff: every message, what became of it, exactly as it went out; and one more try."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.states import State
from services.notifications.storage.messages import MessageWish
from services.notifications.storage.tables import MessageRow
from services.notifications.use_cases.compose_message import render_message
from services.notifications.use_cases.send_messages import retry_now
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from shared.errors import Invalid
from shared.web import access
from shared.web.api import cursor_of, read_cursor

pages = Blueprint("notifications_staff", __name__, url_prefix="/notifications/staff")
TONES = {
    "queued": "info",
    "sending": "info",
    "handed": "info",
    "sent": "good",
    "delivered": "good",
    "deferred": "warn",
    "unknown": "warn",
    "failed": "bad",
    "bounced": "bad",
    "complained": "bad",
    "expired": "quiet",
    "superseded": "quiet",
    "suppressed": "quiet",
}
AGAIN = {"failed", "unknown", "deferred"}


def read_wish(arguments: dict[str, str], limit: int = 50) -> MessageWish:
    """What the address asks for; raises Invalid naming the parameter."""
    state, kind = arguments.get("state", ""), arguments.get("kind", "")
    if state and state not in set(State):
        raise Invalid({"state": [f"Choose one of: {', '.join(State)}."]})
    if kind and kind not in KINDS:
        raise Invalid({"kind": [f"Choose one of: {', '.join(KINDS)}."]})
    keys = read_cursor(arguments.get("cursor"), 2)
    after = (datetime.fromisoformat(keys[0]), UUID(keys[1])) if keys else None
    return MessageWish(state, kind, arguments.get("q", "")[:100], after, limit)


def next_cursor(rows: list[MessageRow], wish: MessageWish) -> str | None:
    """The cursor of the page after `rows`, which hold one row more than the page if there is one."""
    if len(rows) <= wish.limit:
        return None
    last = rows[wish.limit - 1]
    return cursor_of(last.queued_at.isoformat(), str(last.id))


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
        kinds=sorted(KINDS),
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
    return render_template(
        "notifications/staff/message.html", row=row, rendered=rendered, tones=TONES, again=row.state in AGAIN
    )


def _words(uow: object, row: MessageRow) -> object:
    """The words, except those that hold a secret: a link or a code to sign in is nobody's but its owner's."""
    if row.kind in {"sign_in", "draft_saved", "draft_reminder", "decision_offer", "offer_reminder"}:
        return None
    return render_message(uow, row)  # type: ignore[arg-type]


@pages.get("/messages/<uuid:message_id>/html")
@access.role("staff", "administrator")
def html(message_id: UUID) -> Response:
    with units().begin(write=False) as uow:
        rendered = _words(uow, uow.messages.get(message_id))
    return framed(getattr(rendered, "html", "<p>This message holds a personal link, so only its owner reads it.</p>"))


@pages.post("/messages/<uuid:message_id>/again")
@access.role("staff", "administrator")
def again(message_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        retry_now(uow, message_id)
    flash("It is in the queue again.", "success")
    return redirect(f"/notifications/staff/messages/{message_id}", 303)
