"""One section of a draft: shown, saved by its buttons, saved as typed."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.applications.domain.forms import Kind, Section, questions_asked
from services.applications.use_cases.fill_in import Draft, Saved, save_section
from services.applications.web.answers import following, place_of
from services.applications.web.attachments import ShownFile, shown_files
from services.applications.web.context import language, units
from services.applications.web.elsewhere import Elsewhere, seen_elsewhere
from services.applications.web.questions import arranged
from services.applications.web.sharing import Shared, acts_for_programme, shared_draft
from shared.errors import Stale
from shared.web import access
from shared.web.identity import known
from shared.web.spoken import in_own_words, say

pages = Blueprint("sections", __name__, url_prefix="/applications/<uuid:application_id>/sections/<section_id>")


@pages.get("")
@access.signed_in
def show(application_id: UUID, section_id: str) -> ResponseReturnValue:
    shared = shared_draft(application_id)
    section = shared.draft.section(section_id)
    if shared.draft.row.state != "draft":
        return redirect(f"/applications/{application_id}")
    return _page(shared, section, shared.draft.answers, {})


def _page(
    shared: Shared,
    section: Section,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    elsewhere: Elsewhere | None = None,
) -> str:
    draft = shared.draft
    return render_template(
        "applications/apply/section.html",
        row=draft.row,
        round=shared.round_,
        shared=shared,
        section=section,
        place=place_of(draft.sections, section.id),
        questions=arranged(draft.form, section, values),
        values=values,
        errors=in_own_words(errors),
        elsewhere=elsewhere,
        files=_files(draft, section),
        made_from=draft.mark(section),
    )


@pages.post("")
@access.signed_in
def save(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """Keep what was typed, whatever is wrong with it; go on only when nothing is, or when asked to stop here."""
    then = request.form.get("then", "")
    if _undecided():
        return _both(application_id, section_id)
    try:
        saved = _save(application_id, section_id, strict=not then)
    except Stale:
        return _both(application_id, section_id)
    section = saved.draft.section(section_id)
    if then.startswith("files:"):
        return redirect(f"/applications/{application_id}/questions/{quote(then[6:], safe='')}/files", 303)
    if then:
        flash(_("Saved. You can come back whenever you like."), "success")
        return redirect(f"/applications/{application_id}", 303)
    if saved.problems:
        return _page(shared_draft(application_id), section, saved.draft.answers, saved.problems), 422
    further = _not_yet_shown(saved.draft, section)
    if further:
        flash(_("Saved. Your answer brings up one more question here."), "info")
        return redirect(f"{request.path}#{further}", 303)
    return redirect(following(saved.draft, section_id), 303)


def _save(application_id: UUID, section_id: str, *, strict: bool = False) -> Saved:
    with units().begin() as uow:
        return save_section(
            uow,
            application_id,
            known().person_id,
            section_id,
            request.form,
            revision=request.form.get("revision"),
            strict=strict,
            language=language(),
            staff=acts_for_programme(),
            leave=[key for key in _differing() if request.form.get(f"_keep_{key}") == "theirs"],
        )


def _differing() -> list[str]:
    """The questions for which the page showed two answers to choose from."""
    return request.form.get("_differing", "").split()


def _undecided() -> bool:
    return any(request.form.get(f"_keep_{key}") not in ("mine", "theirs") for key in _differing())


def _not_yet_shown(draft: Draft, section: Section) -> str | None:
    """The first question that the new answers ask for and the page did not hold."""
    if "_shown" not in request.form:
        return None
    shown = set(request.form["_shown"].split())
    return next((each.id for each in questions_asked(draft.form, section, draft.answers) if each.id not in shown), None)


def _both(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """Somebody saved other words meanwhile: show what this window typed, and beside it what is stored."""
    shared = shared_draft(application_id)
    section = shared.draft.section(section_id)
    with units().begin(write=False) as uow:
        found = seen_elsewhere(uow, shared.draft, section, request.form, language())
    errors = {}
    if _differing():
        unsaid = [each.id for each in found.rows if request.form.get(f"_keep_{each.id}") not in ("mine", "theirs")]
        errors = {f"_keep_{key}": [_("Choose which of the two should stay.")] for key in unsaid}
    return _page(shared, section, found.typed, errors, found), 409


@pages.post("/autosave")
@access.signed_in
def autosave(application_id: UUID, section_id: str) -> ResponseReturnValue:
    """The same, asked by the page's script; 409 when another window saved other words."""
    try:
        saved = _save(application_id, section_id)
    except Stale as error:
        return jsonify(error=say(error.message)), 409
    return jsonify(revision=saved.mark)


def _files(draft: Draft, section: Section) -> dict[str, list[ShownFile]]:
    if all(question.kind is not Kind.FILE for question in section.questions):
        return {}
    with units().begin(write=False) as uow:
        return shown_files(uow, draft)
