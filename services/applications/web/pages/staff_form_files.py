"""Staff: a form in and out as a file or a text, and copied from another round."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.building.editing import problems_of
from services.applications.domain.building.files import FILE, decode, read_file, write_file
from services.applications.use_cases.build_form import copy_form, open_form, replace_form
from services.applications.web.context import units
from services.applications.web.pages.staff_form import home_of
from shared.errors import Invalid, NotFound, Stale
from shared.web import access
from shared.web.identity import known

pages = Blueprint("staff_form_files", __name__, url_prefix="/staff/rounds/<uuid:round_id>/form")
_TYPES = {"yaml": "application/yaml", "json": "application/json"}


@pages.get("/file")
@access.role("staff", "administrator")
def export(round_id: UUID) -> ResponseReturnValue:
    """The form being built, or a published version of it, as a file."""
    kind, version = request.args.get("format", "yaml"), request.args.get("version", "")
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        definition = form.definition
        if version:
            definition = uow.forms.version(round_id, version_number(version)).definition
    text = write_file(definition, kind)
    response = Response(text, content_type=f"{_TYPES[kind]}; charset=utf-8")
    name = f"{form.round.slug}-form{'-' + version if version else ''}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def version_number(text: str) -> int:
    """The number of a version in an address; raises NotFound for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotFound("There is no such version of the form.")
    return int(text)


@pages.get("/text")
@access.role("staff", "administrator")
def as_text(round_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        text = write_file(open_form(uow, round_id).definition)
    return _text_page(round_id, text, {})


def _text_page(round_id: UUID, text: str, errors: dict[str, list[str]], saved: str | None = None) -> str:
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
    return render_template(
        "applications/staff/form/text.html",
        form_=form,
        builder=home_of(round_id),
        text=text,
        errors=errors,
        saved=saved,
        lines=text.count("\n") + 1,
    )


@pages.post("/text")
@access.role("staff", "administrator")
def bring_in(round_id: UUID) -> ResponseReturnValue:
    """The form as it was typed or uploaded; a text with mistakes stays on the page, and nothing else changes."""
    text = request.form.get("text", "")
    upload = request.files.get(FILE)
    try:
        if upload is not None and upload.filename:
            text = decode(upload.stream.read())
        found = read_file(text)
        problems = problems_of(found.definition)
        if problems:
            raise Invalid({FILE: found.located(problems)})
        with units().begin() as uow:
            replace_form(uow, round_id, found.definition, known().name, revision=made_from())
    except Invalid as error:
        return _text_page(round_id, text, {"text": error.problems.get(FILE) or error.sentences}), 422
    except Stale:
        with units().begin(write=False) as uow:
            saved = write_file(open_form(uow, round_id).definition)
        return _text_page(round_id, text, {}, saved=saved), 409
    flash("The form is brought in. Applicants see it when you publish it.", "success")
    return redirect(home_of(round_id), 303)


def made_from() -> int:
    """The version that the page was made from; a number that none has when the form holds none."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@pages.get("/copy")
@access.role("staff", "administrator")
def ask_for_source(round_id: UUID) -> ResponseReturnValue:
    return _copy_page(round_id, {})


def _copy_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        others = [(str(row.id), row.title) for row in uow.rounds.all() if row.id != round_id]
    return render_template(
        "applications/staff/form/copy.html", form_=form, builder=home_of(round_id), others=others, errors=errors
    )


@pages.post("/copy")
@access.role("staff", "administrator")
def copy(round_id: UUID) -> ResponseReturnValue:
    try:
        source = UUID(request.form.get("source", ""))
        with units().begin() as uow:
            copy_form(uow, round_id, source, known().name, revision=made_from())
    except (ValueError, NotFound):
        return _copy_page(round_id, {"source": ["Choose one of the rounds in the list."]}), 422
    except Stale as error:
        return _copy_page(round_id, {"": [error.message]}), 409
    flash("The form is copied. It is a draft until you publish it.", "success")
    return redirect(home_of(round_id), 303)
