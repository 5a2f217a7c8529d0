"""Staff: a whole panel invited from a list, looked at before anybody is written to."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.panel_csv import decoded
from services.cohorts.use_cases.import_panel import ImportPreview, import_panel, preview_import
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid
from shared.web.i18n import LANGUAGES

pages = Blueprint("staff_import", __name__, url_prefix="/cohorts/staff")
_LARGEST = 1_000_000


@pages.get("/rounds/<uuid:round_id>/panel/import")
@staff_only
def start(round_id: UUID) -> ResponseReturnValue:
    """Choose a file, or paste a list."""
    return _page(round_id, "", None, {})


def _page(round_id: UUID, text: str, found: ImportPreview | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        return show(
            "import.html", uow, round_id, "staff_panel.members", text=text, found=found, errors=errors, spoken=LANGUAGES
        )


@pages.post("/rounds/<uuid:round_id>/panel/import")
@staff_only
def look_or_invite(round_id: UUID) -> ResponseReturnValue:
    """Show what the list would do; with then=invite, do it."""
    text = _given()
    try:
        if not text.strip():
            raise Invalid({"file": ["Choose a CSV file, or paste the list below."]})
        if len(text) > _LARGEST:
            raise Invalid({"file": ["This file is too large for a list of reviewers."]})
        if request.form.get("then") != "invite":
            with units().begin(write=False) as uow:
                found = preview_import(uow, round_id, text, LANGUAGES)
            return _page(round_id, text, found, {})
        with units().begin() as uow:
            found = import_panel(uow, actor(), round_id, text, LANGUAGES)
    except Invalid as error:
        return _page(round_id, text, None, error.problems), 422
    left = f" {len(found.bad)} lines were left out." if found.bad else ""
    flash(f"{len(found.invited)} people are invited. The emails are on their way.{left}", "success")
    return redirect(url_for("staff_panel.members", round_id=round_id))


def _given() -> str:
    file = request.files.get("file")
    content = file.read(_LARGEST + 1) if file and file.filename else b""
    return decoded(content) if content else fields.text(request.form, "text")
