"""Staff: the directory of places to turn to, and what is due to be looked at again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.panel_csv import decoded
from services.cohorts.use_cases.keep_signposts import AGAIN, Entry, confirm_signpost, keep_signpost, remove_signpost
from services.cohorts.use_cases.take_in_signposts import TakenIn, export_signposts, take_in_signposts
from services.cohorts.web import fields
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Invalid, Stale
from shared.web.download import table_file

pages = Blueprint("staff_signposts", __name__, url_prefix="/cohorts/staff/directory")
_TEXTS = ("title", "about", "topic", "link", "phone", "area", "languages", "owner_name")


@pages.get("")
@staff_only
def directory() -> ResponseReturnValue:
    """Every entry, those that are due first."""
    return _page(None, "", {})


def _page(found: TakenIn | None, text: str, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        rows = sorted(uow.signposts.all(), key=lambda row: (row.review_on, row.title))
        today = uow.now.date()
    soon = today + timedelta(days=30)
    return render_template(
        "cohorts/staff/signposts.html", rows=rows, today=today, soon=soon, found=found, text=text, errors=errors
    )


@pages.get("/table.<kind>")
@staff_only
def table(kind: str) -> ResponseReturnValue:
    """The whole directory for a spreadsheet program: csv or xlsx."""
    with units().begin(write=False) as uow:
        return table_file(kind, "directory", *export_signposts(uow))


@pages.post("/table")
@staff_only
def take_in() -> ResponseReturnValue:
    """Look at what a table would change; keep it when told to."""
    upload = request.files.get("file")
    text = decoded(upload.read()) if upload else request.form.get("text", "").replace("\r\n", "\n")
    try:
        if request.form.get("keep") != "yes":
            with units().begin() as uow:
                found = take_in_signposts(uow, text)
                uow.session.rollback()
            return _page(found, text, {})
        with units().begin() as uow:
            found = take_in_signposts(uow, text)
    except Invalid as error:
        return _page(None, "", error.problems), 422
    flash(f"{len(found.added)} entries are added, and {len(found.changed)} changed.", "success")
    return redirect(url_for("staff_signposts.directory"))


@pages.get("/new")
@staff_only
def new() -> ResponseReturnValue:
    """The form for an entry."""
    with units().begin(write=False) as uow:
        day = uow.now.date() + AGAIN
    return _form(None, {"review_on": day}, {})


def _form(row: Any, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        topics = sorted({each.topic for each in uow.signposts.all()})
    return render_template("cohorts/staff/signpost.html", row=row, values=values, errors=errors, topics=topics)


@pages.post("/new")
@staff_only
def add() -> ResponseReturnValue:
    """Keep a new entry."""
    return _keep(None)


def _keep(signpost_id: UUID | None) -> ResponseReturnValue:
    problems: dict[str, list[str]] = {}
    day = fields.day(request.form, "review_on", problems)
    texts = {name: fields.text(request.form, name) for name in _TEXTS}
    values = {**texts, "review_on": {p: request.form.get(f"review_on-{p}", "") for p in ("day", "month", "year")}}
    with units().begin(write=False) as uow:
        row = uow.signposts.get(signpost_id) if signpost_id else None
        day_or_past = day or uow.now.date()
    try:
        with units().begin() as uow:
            revision = fields.revision(request.form) if signpost_id else None
            keep_signpost(uow, Entry(**texts, review_on=day_or_past), signpost_id, revision)
    except Invalid as error:
        return _form(row, values, {**error.problems, **problems}), 422
    except Stale as error:
        return _form(row, values, {"title": [error.message]}), 412
    flash("The entry is kept.", "success")
    return redirect(url_for("staff_signposts.directory"))


@pages.get("/<uuid:signpost_id>")
@staff_only
def edit(signpost_id: UUID) -> ResponseReturnValue:
    """The form to change an entry."""
    with units().begin(write=False) as uow:
        row = uow.signposts.get(signpost_id)
        values = {name: getattr(row, name) for name in (*_TEXTS, "review_on")}
    return _form(row, values, {})


@pages.post("/<uuid:signpost_id>")
@staff_only
def change(signpost_id: UUID) -> ResponseReturnValue:
    """Keep the change."""
    return _keep(signpost_id)


@pages.post("/<uuid:signpost_id>/right")
@staff_only
def right(signpost_id: UUID) -> ResponseReturnValue:
    """It was looked at, and is right."""
    with units().begin() as uow:
        row = confirm_signpost(uow, signpost_id, fields.revision(request.form))
    flash(f"Checked. The next look is on {row.review_on:%d %B %Y}.", "success")
    return redirect(url_for("staff_signposts.directory"))


@pages.post("/<uuid:signpost_id>/remove")
@staff_only
def remove(signpost_id: UUID) -> ResponseReturnValue:
    """Take it out."""
    with units().begin() as uow:
        remove_signpost(uow, signpost_id)
    flash("The entry is taken out.", "info")
    return redirect(url_for("staff_signposts.directory"))
