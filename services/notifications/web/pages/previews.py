"""Staff look at messages before they are caused: another service's page posts the events that would cause them."""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.notifications.domain.languages import language
from services.notifications.domain.templating.render import Rendered, render
from services.notifications.storage.tables import PreviewRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.preview_messages import preview_messages
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from services.notifications.web.wording import language_name
from shared.errors import Invalid
from shared.web import access
from shared.web.redirects import local_path

pages = Blueprint("previews", __name__, url_prefix="/notifications/staff/previews")
staff_only = access.role("staff", "administrator")


@pages.post("")
@staff_only
def make() -> ResponseReturnValue:
    """`events`: a JSON list of {type, version, data}; `back`: where the visitor came from."""
    with units().begin() as uow:
        batch = preview_messages(uow, _events(request.form.get("events", "")))
    return redirect(url_for("previews.batch", batch_id=batch, back=request.form.get("back", "")), 303)


def _events(text: str) -> list[dict[str, Any]]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise Invalid({"events": ["These are not events. Go back and press the button again."]})
    return given


def _words(uow: NotificationsUnitOfWork, row: PreviewRow) -> Rendered:
    return render(uow.templates.get(row.template), row.values)


@pages.get("/<uuid:batch_id>")
@staff_only
def batch(batch_id: UUID) -> ResponseReturnValue:
    """Every message of the batch, as its reader would see it."""
    with units().begin(write=False) as uow:
        rows = [(row, _words(uow, row)) for row in uow.previews.of(batch_id)]
    return render_template(
        "notifications/staff/previews.html",
        rows=rows,
        batch_id=batch_id,
        back=local_path(request.args.get("back", ""), "/cohorts/staff/"),
        language_name=language_name,
        language_of=language,
    )


@pages.get("/<uuid:batch_id>/<int:position>/html")
@staff_only
def html(batch_id: UUID, position: int) -> Response:
    """One message, for its frame."""
    with units().begin(write=False) as uow:
        return framed(_words(uow, uow.previews.get(batch_id, position)).html)
