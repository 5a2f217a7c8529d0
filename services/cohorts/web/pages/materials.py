"""Materials of a session: shared by staff, downloaded by whoever is invited."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from services.cohorts.domain.material import LARGEST, TOO_LARGE
from services.cohorts.use_cases.share_materials import open_material, remove_material, share_material
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import ROLES, show, staff_only
from shared.errors import Conflict, Invalid
from shared.web import access, intake
from shared.web.errors import from_http
from shared.web.identity import known

LARGEST_BODY = LARGEST + 1024 * 1024
"""The largest file, with its form."""
pages = Blueprint("materials", __name__, url_prefix="/cohorts")


@pages.get("/staff/sessions/<uuid:session_id>/materials")
@staff_only
def materials(session_id: UUID) -> ResponseReturnValue:
    """What the session has, and a form for more."""
    return _page(session_id, {}, {})


def _page(session_id: UUID, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        session = uow.sessions.get(session_id)
        return show(
            "materials.html",
            uow,
            uow.cohorts.get(session.cohort_id).round_id,
            "staff_sessions.sessions",
            session=session,
            rows=uow.materials.of_session(session.id),
            values=values,
            errors=errors,
        )


@pages.post("/staff/sessions/<uuid:session_id>/materials")
@staff_only
@intake.takes(LARGEST_BODY)
def share(session_id: UUID) -> ResponseReturnValue:
    """Add a link or a file."""
    problems: dict[str, list[str]] = {}
    values: dict[str, Any] = {name: fields.text(request.form, name) for name in ("title", "link", "time")}
    values["release"] = {part: request.form.get(f"release-{part}", "") for part in ("day", "month", "year")}
    upload = request.files.get("file")
    file = (upload.filename, upload.read()) if upload and upload.filename else None
    try:
        with units().begin() as uow:
            release_at = _release_at(uow.sessions.get(session_id).zone, problems)
            fields.checked(problems)
            share_material(
                uow,
                actor(),
                session_id,
                title=values["title"],
                link=values["link"],
                file=file,
                release_at=release_at,
            )
    except Invalid as error:
        return _page(session_id, values, error.problems), 422
    except Conflict as error:
        return _page(session_id, values, {"": [error.message]}), 409
    flash("It is shared.", "success")
    return redirect(url_for("materials.materials", session_id=session_id))


@pages.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Refused before it was read, and with it what was typed beside it."""
    session_id = (request.view_args or {}).get("session_id")
    if session_id is None:
        return from_http(_error)
    return _page(session_id, {}, {"file": [TOO_LARGE]}), 413


def _release_at(zone: str, problems: dict[str, list[str]]) -> datetime | None:
    day = fields.day(request.form, "release", problems, optional=True)
    at = fields.wall_time(request.form, "time", problems, default="00:00")
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) if day and at else None


@pages.post("/staff/materials/<uuid:material_id>/remove")
@staff_only
def remove(material_id: UUID) -> ResponseReturnValue:
    """Take it away."""
    with units().begin() as uow:
        session_id = remove_material(uow, material_id)
    flash("It is taken away.", "info")
    return redirect(url_for("materials.materials", session_id=session_id))


@pages.get("/materials/<uuid:material_id>")
@access.signed_in
def download(material_id: UUID) -> Response:
    """The file, as a download under its own name: never shown in the page."""
    with units().begin(write=False) as uow:
        staff = bool(known().roles & set(ROLES))
        row, content = open_material(uow, known().person_id, material_id, staff=staff)
    response = Response(content, content_type=row.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=row.filename)
    return response
