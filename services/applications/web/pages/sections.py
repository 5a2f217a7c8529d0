"""One section of a draft: shown, saved by its buttons, saved as typed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.domain.forms import Section, questions_asked
from services.applications.use_cases.fill_in import Draft, Saved, open_draft, save_section
from services.applications.web.answers import following, place_of, shown_elsewhere
from services.applications.web.context import here, language, units
from services.applications.web.questions import arranged
from services.applications.web.round_view import view_of
from shared.errors import Stale
from shared.web import access
from shared.web.identity import known
from shared.web.spoken import in_own_words, say

pages = Blueprint("sections", __name__, url_prefix="/applications/<uuid:application_id>/sections/<section_id>")


@pages.get("")
@access.signed_in
def show(application_id: UUID, section_id: str) -> ResponseReturnValue:
    draft = _own(application_id)
    section = draft.section(section_id)
    if draft.row.state != "draft":
        return redirect(f"/applications/{application_id}")
    return _page(draft, section, draft.answers, {})


def _own(application_id: UUID) -> Draft:
    with units().begin(write=False) as uow:
        return open_draft(uow, application_id, known().person_id)


def _page(
    draft: Draft,
    section: Section,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    elsewhere: list[dict[str, str]] | None = None,
) -> str:
    with units().begin(write=False) as uow:
        round_ = view_of(uow.rounds.get(draft.row.round_id), here().clock())
    return render_template(
        "applications/apply/section.html",
        row=draft.row,
        round=round_,
        section=section,
        place=place_of(draft.form, section.id),
        questions=arranged(draft.form, section, values),
        values=values,
        errors=in_own_words(errors),
        elsewhere=elsewhere,
        made_from=draft.mark(section),
    )


@pages.post("")
@access.signed_in
def save(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """Keep what was typed, whatever is wrong with it; go on only when nothing is, or when asked to stop here."""
    later = request.form.get("then") == "later"
    try:
        saved = _save(application_id, section_id, strict=not later)
    except Stale:
        return _both(application_id, section_id)
    section = saved.draft.section(section_id)
    if later:
        flash(_("Saved. You can come back whenever you like."), "success")
        return redirect(f"/applications/{application_id}", 303)
    if saved.problems:
        return _page(saved.draft, section, saved.draft.answers, saved.problems), 422
    further = _not_yet_shown(saved.draft, section)
    if further:
        flash(_("Saved. Your answer brings up one more question here."), "info")
        return redirect(f"{request.path}#{further}", 303)
    return redirect(following(saved.draft, section_id), 303)


def _save(application_id: UUID, section_id: str, *, strict: bool = False) -> Saved:
    regardless = request.form.get("keep_mine") == "yes"
    with units().begin() as uow:
        return save_section(
            uow,
            application_id,
            known().person_id,
            section_id,
            request.form,
            revision=None if regardless else request.form.get("revision"),
            strict=strict,
            language=language(),
        )


def _not_yet_shown(draft: Draft, section: Section) -> str | None:
    """The first question that the new answers ask for and the page did not hold."""
    if "_shown" not in request.form:
        return None
    shown = set(request.form["_shown"].split())
    return next((each.id for each in questions_asked(draft.form, section, draft.answers) if each.id not in shown), None)


def _both(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """Somebody saved other words meanwhile: show what this window typed, and beside it what is stored."""
    draft = _own(application_id)
    section = draft.section(section_id)
    typed, elsewhere = shown_elsewhere(draft, section, request.form, language())
    return _page(draft, section, typed, {}, elsewhere), 409


@pages.post("/autosave")
@access.signed_in
def autosave(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """The same, asked by the page's script; 409 when another window saved other words."""
    try:
        saved = _save(application_id, section_id)
    except Stale as error:
        return jsonify(error=say(error.message)), 409
    return jsonify(revision=saved.mark)
