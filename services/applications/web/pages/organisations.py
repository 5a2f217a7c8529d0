"""Staff: the register of organisations: their names, which may be one, merging, and what was done."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.organisations import organisation_key
from services.applications.storage.organisations import PAGE
from services.applications.storage.tables import OrganisationChangeRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_organisations as register
from services.applications.web.context import units
from shared.errors import Conflict, Invalid, NotFound
from shared.web import access
from shared.web.api import cursor_of, read_cursor
from shared.web.identity import known

pages = Blueprint("organisations", __name__, url_prefix="/staff/organisations")
LONGEST_SEARCH = 100
_SAID = {
    "added": "Added by",
    "renamed": "Given another name by",
    "known_as": "Given one name more by",
    "not_known_as": "A name taken away by",
    "offered": "Shown to applicants by",
    "not_offered": "No longer shown to applicants by",
    "merged": "Merged by",
    "different": "Told apart by",
}


def read_after(cursor: str | None) -> tuple[str, UUID] | None:
    """Where a page of the register begins; raises Invalid for a cursor that is none."""
    keys = read_cursor(cursor, 2)
    try:
        return (str(keys[0]), UUID(str(keys[1]))) if keys else None
    except ValueError:
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]}) from None


@pages.get("")
@access.role("staff", "administrator")
def listed() -> ResponseReturnValue:
    return _list_page({})


def _list_page(errors: dict[str, list[str]]) -> str:
    search = request.args.get("q", "")[:LONGEST_SEARCH]
    after = read_after(request.args.get("cursor"))
    with units().begin(write=False) as uow:
        rows = uow.organisations.listed(organisation_key(search) or search.strip(), after)
        total = uow.organisations.count()
        suggested = register.suggestions(uow) if not search and after is None else []
    further = cursor_of(rows[PAGE - 1].name.lower(), str(rows[PAGE - 1].id)) if len(rows) > PAGE else None
    return render_template(
        "applications/staff/organisations.html",
        rows=rows[:PAGE],
        total=total,
        suggested=suggested,
        search=search,
        errors=errors,
        name=request.form.get("name", ""),
        next_href=f"/staff/organisations?cursor={further}" if further else None,
        first_href="/staff/organisations" if after else None,
    )


@pages.post("")
@access.role("staff", "administrator")
def add() -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            row = register.add_organisation(uow, request.form.get("name", ""), known().name)
    except Invalid as error:
        return _list_page(error.problems), 422
    flash(f"{row.name} is in the register, and applicants can pick it.", "success")
    return redirect(f"/staff/organisations/{row.id}", 303)


@pages.get("/<uuid:organisation_id>")
@access.role("staff", "administrator")
def one(organisation_id: UUID) -> ResponseReturnValue:
    return _one_page(organisation_id, {})


def _one_page(organisation_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.organisations.get(organisation_id)
        into = uow.organisations.get(row.merged_into) if row.merged_into else None
        alike = register.alike(uow, row)
        return render_template(
            "applications/staff/organisation.html",
            row=row,
            into=into,
            names=uow.organisations.names(row.id),
            merged=uow.organisations.merged_into(row.id),
            history=[_line(each) for each in uow.organisations.history(row.id)],
            applications=len(uow.organisations.sent_under(row.name)) if into is None else 0,
            alike=alike,
            everything=_others(uow, row.id),
            errors=errors,
            values=request.form,
        )


def _others(uow: ApplicationsUnitOfWork, organisation_id: UUID) -> list[str]:
    """Names for the box in which staff say what else this is; the browser offers them as they type."""
    return sorted(name for id, name in uow.organisations.current().items() if id != str(organisation_id))[:500]


def _line(change: OrganisationChangeRow) -> dict[str, Any]:
    detail = change.detail
    match change.what:
        case "merged":
            names = ", ".join(detail["names"])
            text = f"“{detail['merged']}” (also: {names}) became “{detail['kept']}”. {detail['reason']}"
        case "renamed":
            text = f"“{detail['before']}” became “{detail['after']}”."
        case "different":
            text = f"Not the same as “{detail['than']}”."
        case _:
            text = str(detail.get("name", ""))
    return {"said": _SAID.get(change.what, change.what), "by": change.by, "at": change.at, "text": text.strip()}


@pages.post("/<uuid:organisation_id>")
@access.role("staff", "administrator")
def change(organisation_id: UUID) -> ResponseReturnValue:
    """One of: another name, one name more or less, shown to applicants or not."""
    form, by = request.form, known().name
    try:
        with units().begin() as uow:
            match form.get("what"):
                case "rename":
                    revision = int(form.get("revision", "")) if form.get("revision", "").isdecimal() else -1
                    register.rename_organisation(uow, organisation_id, form.get("name", ""), by, revision=revision)
                case "alias":
                    register.add_name(uow, organisation_id, form.get("alias", ""), by)
                case "drop":
                    register.drop_name(uow, organisation_id, form.get("alias", ""), by)
                case "offer":
                    register.offer(uow, organisation_id, form.get("offered") == "yes", by)
                case _:
                    raise Invalid({"": ["Choose what to change."]})
    except Invalid as error:
        problems = error.problems
        if form.get("what") == "alias" and "name" in problems:
            problems = {"alias": problems["name"]}
        return _one_page(organisation_id, problems), 422
    except Conflict as error:
        return _one_page(organisation_id, {"": [error.message]}), 409
    flash("Saved.", "success")
    return redirect(f"/staff/organisations/{organisation_id}", 303)


@pages.get("/<uuid:organisation_id>/merge")
@access.role("staff", "administrator")
def ask_to_merge(organisation_id: UUID) -> ResponseReturnValue:
    """Both beside each other, before they become one: `?with=` an id, or `?name=` a name in the register."""
    return _merge_page(organisation_id, {})


def _merge_page(organisation_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        first = uow.organisations.get(organisation_id)
        second = _other(uow)
        sides = [
            {
                "row": row,
                "names": [each.name for each in uow.organisations.names(row.id)],
                "applications": len(uow.organisations.sent_under(row.name)),
            }
            for row in (first, second)
        ]
    return render_template(
        "applications/staff/merge.html", sides=sides, errors=errors, reason=request.form.get("reason", "")
    )


def _other(uow: ApplicationsUnitOfWork) -> Any:
    text, name = request.values.get("with", ""), request.values.get("name", "")
    try:
        row = uow.organisations.get(UUID(text)) if text else uow.organisations.by_key(organisation_key(name))
    except ValueError:
        row = None
    if row is None:
        raise NotFound("There is no organisation of this name in the register.")
    return row


@pages.post("/<uuid:organisation_id>/merge")
@access.role("staff", "administrator")
def merge(organisation_id: UUID) -> ResponseReturnValue:
    """`keep` is the one whose name stays; `what` says that they are one, or that they are not."""
    form, by = request.form, known().name
    try:
        with units().begin() as uow:
            other = _other(uow).id
            if form.get("what") == "different":
                register.tell_apart(uow, organisation_id, other, by)
            elif form.get("keep") in (str(organisation_id), str(other)):
                kept = UUID(form["keep"])
                gone = other if kept == organisation_id else organisation_id
                register.merge_organisations(uow, kept, gone, by, reason=form.get("reason", ""))
            else:
                raise Invalid({"keep": ["Choose the name that stays."]})
    except Invalid as error:
        return _merge_page(organisation_id, error.problems), 422
    except Conflict as error:
        return _merge_page(organisation_id, {"": [error.message]}), 409
    if form.get("what") == "different":
        flash("They stay apart, and are not suggested again.", "success")
        return redirect("/staff/organisations", 303)
    flash("They are one now. The history keeps both names.", "success")
    return redirect(f"/staff/organisations/{kept}", 303)
