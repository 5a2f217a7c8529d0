"""The local outbox: every message that a demonstration would have sent, readable in the browser."""

from pathlib import Path

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.storage.mailers.reading import count_messages, list_messages, read_message
from services.notifications.web.context import here
from services.notifications.web.frames import framed
from shared.errors import NotFound
from shared.web import access

pages = Blueprint("outbox", __name__, url_prefix="/outbox")
PAGE = 50


def _folder() -> Path:
    """The folder; NotFound anywhere but on a demonstration."""
    config = here().config
    if not config.demo or config.folder is None:
        raise NotFound("There is no such page.")
    return Path(config.folder)


@pages.get("")
@access.public
def messages() -> ResponseReturnValue:
    folder = _folder()
    text = request.args.get("page", "1")
    page = max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    total = count_messages(folder)
    found = list_messages(folder, PAGE, (page - 1) * PAGE)
    return render_template(
        "notifications/outbox/messages.html", found=found, page=page, total=total, more=page * PAGE < total
    )


@pages.get("/<name>")
@access.public
def message(name: str) -> ResponseReturnValue:
    return render_template("notifications/outbox/message.html", message=read_message(_folder(), name), name=name)


@pages.get("/<name>/html")
@access.public
def html(name: str) -> Response:
    return framed(read_message(_folder(), name).html)


@pages.get("/<name>/invitation.ics")
@access.public
def calendar(name: str) -> Response:
    found = read_message(_folder(), name).calendar
    if found is None:
        raise NotFound("This message carries no invitation.")
    response = Response(found, mimetype="text/calendar")
    response.headers["Content-Disposition"] = "attachment; filename=invitation.ics"
    return response
