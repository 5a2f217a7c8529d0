"""One section of a draft: shown, saved by its buttons, saved as typed."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import questions_asked
from services.applications.use_cases.fill_in import Draft, open_draft, save_section
from services.applications.use_cases.keep_round import texts_of
from services.applications.web.answers import following, place_of, shown_elsewhere
from services.applications.web.context import units
from shared.errors import NotFound, Stale
from shared.web import access
from shared.web.i18n import chosen_language
from shared.web.identity import known

pages = Blueprint("sections", __name__, url_prefix="/applications/<uuid:application_id>/sections/<section_id>")


def _language() -> str:
    return chosen_language() or "en"


@pages.get("")
@access.signed_in
def show(application_id: UUID, section_id: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
    if draft.row.state != "draft":
        return redirect(f"/applications/{application_id}")
    return _page(draft, section_id, draft.answers, {})


def _page(
    draft: Draft,
    section_id: str,
    values: dict[str, Any],
    errors: dict[str, list[str]],
    elsewhere: list[dict[str, str]] | None = None,
) -> str:
    try:
        section = draft.form.section(section_id)
    except KeyError:
        raise NotFound("There is no such section.") from None
    with units().begin(write=False) as uow:
        round_ = uow.rounds.get(draft.row.round_id)
    return render_template(
        "applications/apply/section.html",
        row=draft.row,
        texts=texts_of(round_, _language()),
        section=section,
        place=place_of(draft.form, section_id),
        questions=section.questions,
        asked={question.id for question in questions_asked(draft.form, section, values)},
        values=values,
        errors=errors,
        elsewhere=elsewhere,
    )


@pages.post("")
@access.signed_in
def save(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """Keep what was typed, whatever is wrong with it; go on only when nothing is, or when asked to stop here."""
    later = request.form.get("then") == "later"
    try:
        with units().begin() as uow:
            saved = save_section(
                uow,
                application_id,
                known().person_id,
                section_id,
                request.form,
                revision=_revision(),
                strict=not later,
                language=_language(),
            )
            draft = open_draft(uow, application_id, known().person_id)
    except Stale:
        return _both(application_id, section_id)
    if later:
        return redirect(f"/applications/{application_id}", 303)
    if saved.problems:
        return _page(draft, section_id, draft.answers, saved.problems), 422
    return redirect(following(draft, section_id), 303)


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isdigit() and request.form.get("keep_mine") != "yes" else None


def _both(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """Somebody saved other words meanwhile: show what this window typed, and beside it what is stored."""
    with units().begin(write=False) as uow:
        draft = open_draft(uow, application_id, known().person_id)
    typed, elsewhere = shown_elsewhere(draft, section_id, request.form, _language())
    return _page(draft, section_id, typed, {}, elsewhere), 409


@pages.post("/autosave")
@access.signed_in
def autosave(application_id: UUID, section_id: str) -> Response | ResponseReturnValue:
    """The same, asked by the page's script; 409 when another window saved other words."""
    try:
        with units().begin() as uow:
            saved = save_section(
                uow,
                application_id,
                known().person_id,
                section_id,
                request.form,
                revision=_revision(),
                language=_language(),
            )
    except Stale as error:
        return jsonify(error=error.message), 409
    return jsonify(revision=saved.revision)
