"""Staff: messages that wait for a look; page through them, let them go now or at a time, or stop them."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.languages import language
from services.notifications.domain.templating.render import Rendered
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.compose_message import render_without_secrets
from services.notifications.use_cases.decide_batch import cancel_batch, cancel_message, release_batch
from services.notifications.use_cases.send_test import send_copy
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from services.notifications.web.wording import TONES, language_name
from shared.errors import Invalid, NotFound
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notifications_batches", __name__, url_prefix="/notifications/staff")


@pages.get("/batches")
@access.role("staff", "administrator")
def batches() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        rows, held = uow.batches.listed(), uow.settings.get().held
    return render_template("notifications/staff/batches.html", rows=rows, held=sorted(held))


@pages.get("/batches/<uuid:held_id>")
@access.role("staff", "administrator")
def batch(held_id: UUID) -> ResponseReturnValue:
    return _batch(held_id, {})


def _batch(held_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row, messages = uow.batches.get(held_id), uow.batches.messages(held_id)
        place = _place(len(messages))
        shown = messages[place - 1] if messages else None
        rendered = _rendered(uow, shown) if shown else None
        zone = uow.settings.get().zone
    return render_template(
        "notifications/staff/batch.html",
        row=row,
        messages=messages,
        held=sum(each.state == "held" for each in messages),
        place=place,
        shown=shown,
        rendered=rendered,
        zone=zone,
        errors=errors,
        given=request.form,
        tones=TONES,
        language_name=language_name,
        direction_=language(shown.language).direction if shown else "ltr",
    )


def _place(total: int) -> int:
    text = request.args.get("message", "1")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return max(1, min(wanted, total))


def _rendered(uow: NotificationsUnitOfWork, row: MessageRow) -> Rendered | None:
    try:
        return render_without_secrets(uow, row)
    except Invalid:
        return None


@pages.get("/batches/<uuid:held_id>/<uuid:message_id>/html")
@access.role("staff", "administrator")
def html(held_id: UUID, message_id: UUID) -> Response:
    with units().begin(write=False) as uow:
        row = uow.messages.get(message_id)
        rendered = _rendered(uow, row) if row.batch_id == held_id else None
    if rendered is None:
        raise NotFound("There is no such message in this batch.")
    return framed(rendered.html)


@pages.post("/batches/<uuid:held_id>/release")
@access.role("staff", "administrator")
def release(held_id: UUID) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            at = _moment(uow.settings.get().zone) if request.form.get("when") == "later" else None
            count = release_batch(uow, held_id, known().person_id, at)
    except Invalid as error:
        return _batch(held_id, error.problems), 422
    flash(f"{count} messages go out {'at that time' if at else 'now'}.", "success")
    return redirect(f"/notifications/staff/batches/{held_id}", 303)


def _moment(zone: str) -> datetime:
    day, clock = request.form.get("day", "").strip(), request.form.get("clock", "").strip()
    try:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Invalid({"send_at": ["Give a day like 2027-03-02 and a time like 09:00."]}) from None


@pages.post("/batches/<uuid:held_id>/cancel")
@access.role("staff", "administrator")
def cancel(held_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        count = cancel_batch(uow, held_id, known().person_id)
    flash(f"{count} messages are stopped. Nobody gets them.", "success")
    return redirect(f"/notifications/staff/batches/{held_id}", 303)


@pages.post("/messages/<uuid:message_id>/cancel")
@access.role("staff", "administrator")
def cancel_one(message_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        row = cancel_message(uow, message_id, known().person_id)
    flash("It is stopped. Nobody gets it.", "success")
    return redirect(_back(row), 303)


@pages.post("/messages/<uuid:message_id>/copy")
@access.role("staff", "administrator")
def copy(message_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        row = uow.messages.get(message_id)
        send_copy(uow, known().person_id, message_id)
    flash("A copy is on its way to your own address.", "success")
    return redirect(_back(row), 303)


def _back(row: MessageRow) -> str:
    if row.batch_id is not None and request.form.get("from") == "batch":
        return f"/notifications/staff/batches/{row.batch_id}"
    return f"/notifications/staff/messages/{row.id}"
