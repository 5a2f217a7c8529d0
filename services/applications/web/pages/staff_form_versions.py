"""Staff: the versions of a form, what changed between two of them, and publishing the next."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.building.comparing import Change, compare
from services.applications.use_cases.build_form import discard_changes, form_problems, open_form, publish_form
from services.applications.web.building.words import SETTINGS, where_to
from services.applications.web.context import units
from services.applications.web.pages.staff_form import home_of
from services.applications.web.pages.staff_form_files import made_from, version_number
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.identity import known

pages = Blueprint("staff_form_versions", __name__, url_prefix="/staff/rounds/<uuid:round_id>/form")
_PARTS = {"form": "Form", "section": "Section", "question": "Question", "attribute": "Attribute"}
_WHAT = {
    "added": ("Added", "good"),
    "removed": ("Removed", "bad"),
    "moved": ("Moved", "info"),
    "changed": ("Changed", "warn"),
}


def change_rows(changes: list[Change]) -> list[dict[str, Any]]:
    """Changes as the page shows them."""
    return [
        {
            "what": _WHAT[one.what],
            "name": f"{_PARTS[one.part]}: {one.label}" if one.id else one.label,
            "id": one.id,
            "settings": [
                {
                    "name": SETTINGS.get(each.name, each.name.replace("_", " ")),
                    "before": each.before,
                    "after": each.after,
                }
                for each in one.settings
            ],
        }
        for one in changes
    ]


@pages.get("/publish")
@access.role("staff", "administrator")
def ask_to_publish(round_id: UUID) -> ResponseReturnValue:
    return _publish_page(round_id, {})


def _publish_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        problems = form_problems(uow, form)
        counts = uow.forms.applications_by_version(round_id)
    others = [
        text
        for path, texts in problems.items()
        if path.split(".")[0] not in ("sections", "eligibility")
        for text in texts
    ]
    return render_template(
        "applications/staff/form/publish.html",
        form_=form,
        builder=home_of(round_id),
        changes=change_rows(form.changes),
        problems=where_to(form.definition, problems, home_of(round_id)),
        others=others,
        begun=sum(counts.values()),
        errors=errors,
        note=request.form.get("note", ""),
    )


@pages.post("/publish")
@access.role("staff", "administrator")
def publish(round_id: UUID) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            form = publish_form(uow, round_id, request.form.get("note", ""), known().name, revision=made_from())
    except Invalid as error:
        return _publish_page(round_id, {key: said for key, said in error.problems.items() if key == "note"}), 422
    except Conflict as error:
        return _publish_page(round_id, {"": [error.message]}), 409
    flash(f"Version {form.version} is published. Whoever begins from now on gets it.", "success")
    return redirect(f"{home_of(round_id)}/versions", 303)


@pages.post("/discard")
@access.role("staff", "administrator")
def discard(round_id: UUID) -> ResponseReturnValue:
    """Back to the published form; asked for on the page that shows what would be lost."""
    try:
        with units().begin() as uow:
            discard_changes(uow, round_id, known().name, revision=made_from())
    except Conflict as error:
        return _publish_page(round_id, {"": [error.message]}), 409
    flash("The changes are thrown away.", "success")
    return redirect(home_of(round_id), 303)


@pages.get("/versions")
@access.role("staff", "administrator")
def versions(round_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        rows = uow.forms.versions(round_id)
        counts = uow.forms.applications_by_version(round_id)
    return render_template(
        "applications/staff/form/versions.html", form_=form, builder=home_of(round_id), rows=rows, counts=counts
    )


@pages.get("/changes")
@access.role("staff", "administrator")
def changes(round_id: UUID) -> ResponseReturnValue:
    """Two versions side by side: `?from=1&to=2`, or `to=draft` for the form being built."""
    older, newer = request.args.get("from", "1"), request.args.get("to", "draft")
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        before = uow.forms.version(round_id, version_number(older)).definition
        after = form.definition if newer == "draft" else uow.forms.version(round_id, version_number(newer)).definition
        numbers = [row.version for row in uow.forms.versions(round_id)]
    return render_template(
        "applications/staff/form/changes.html",
        form_=form,
        builder=home_of(round_id),
        changes=change_rows(compare(before, after)),
        older=older,
        newer=newer,
        numbers=numbers,
    )
