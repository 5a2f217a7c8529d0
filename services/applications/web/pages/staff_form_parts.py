"""Staff: one section or one question of a form that is being built: its settings, moving it, taking it away."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.building import editing
from services.applications.domain.building.editing import Definition
from services.applications.domain.building.files import write_file
from services.applications.domain.forms.kinds import Kind
from services.applications.domain.forms.model import ELIGIBILITY
from services.applications.domain.forms.question_parsing import FILE_TYPES, UK_REGIONS, settings_for
from services.applications.domain.reading import Reader
from services.applications.use_cases.build_form import FormInHand
from services.applications.web.building import fields
from services.applications.web.building.words import AUTOCOMPLETE, KINDS, PURPOSES, SENSITIVITIES, said
from services.applications.web.pages.staff_form import change, change_part, home_of, in_hand
from shared.web import access

pages = Blueprint("staff_form_parts", __name__, url_prefix="/staff/rounds/<uuid:round_id>/form")
Problems = dict[str, list[str]]


@pages.get("/sections/<section_id>")
@access.role("staff", "administrator")
def section(round_id: UUID, section_id: str) -> ResponseReturnValue:
    form, problems = in_hand(round_id)
    found = editing.find_section(form.definition, section_id)
    return _section_page(form, section_id, found, _own(form, problems, section_id))


def _own(form: FormInHand, problems: Problems, section_id: str) -> Problems:
    """The problems of a section's own settings."""
    return editing.problems_at(problems, editing.path_of(form.definition, section_id), but=("questions",))


def _section_settings(section_id: str) -> Callable[[Definition], object]:
    """What tells whether somebody else has changed a section: its settings, not its questions."""
    return lambda now: _bare(editing.find_section(now, section_id))


def _bare(section: Definition) -> Definition:
    return {key: value for key, value in section.items() if key != "questions"}


def _section_page(
    form: FormInHand, section_id: str, shown: Definition, problems: Problems, saved: Definition | None = None
) -> str:
    stored = editing.find_section(form.definition, section_id)
    return render_template(
        "applications/staff/form/section.html",
        form_=form,
        builder=home_of(form.round.id),
        section_id=section_id,
        shown=shown,
        title=said(stored.get("title")),
        is_check=section_id == ELIGIBILITY,
        form_languages=fields.languages_of(form.definition),
        by_language=fields.by_language,
        purposes=list(PURPOSES.items()),
        errors=fields.field_errors(problems),
        made_from=fields.mark_of(_bare(stored)),
        saved=write_file(saved) if saved else None,
    )


@pages.post("/sections/<section_id>")
@access.role("staff", "administrator")
def save_section(round_id: UUID, section_id: str) -> ResponseReturnValue:
    form, _ = in_hand(round_id)
    stored = editing.find_section(form.definition, section_id)
    typed = _read_section(stored, section_id, fields.languages_of(form.definition))
    seen = request.form.get("revision", "")
    if not change_part(
        round_id, _section_settings(section_id), seen, lambda now: editing.change_section(now, section_id, typed)
    ):
        form, _ = in_hand(round_id)
        saved = _bare(editing.find_section(form.definition, section_id))
        return _section_page(form, section_id, {**stored, **typed}, {}, saved=saved), 409
    form, problems = in_hand(round_id)
    wrong = _own(form, problems, section_id)
    if wrong:
        return _section_page(form, section_id, editing.find_section(form.definition, section_id), wrong), 422
    flash("The section is saved.", "success")
    return redirect(f"{home_of(round_id)}#section-{section_id}", 303)


def _set(stored: Definition, typed: Definition) -> Definition:
    return {key: value for key, value in {**stored, **typed}.items() if value is not None}


def _read_section(stored: Definition, section_id: str, languages: list[str]) -> Definition:
    typed: Definition = {
        "title": fields.read_text(request.form, "title", languages, stored.get("title")) or "",
        "intro": fields.read_text(request.form, "intro", languages, stored.get("intro")),
    }
    if section_id == ELIGIBILITY:
        return {**typed, "refusals": fields.read_refusals(request.form, stored.get("refusals"), languages)}
    return {**typed, "purpose": request.form.get("purpose", "assessed")}


@pages.get("/sections/<section_id>/remove")
@access.role("staff", "administrator")
def ask_to_remove_section(round_id: UUID, section_id: str) -> ResponseReturnValue:
    return _section_removal(round_id, section_id)


def _section_removal(round_id: UUID, section_id: str) -> str:
    form, _ = in_hand(round_id)
    found = editing.find_section(form.definition, section_id)
    without = editing.remove_section(form.definition, section_id)
    return _remove_page(form, found, without, f"{home_of(round_id)}/sections/{section_id}/remove", said(found["title"]))


def _remove_page(form: FormInHand, part: Definition, without: Definition, action: str, name: str) -> str:
    before, after = editing.problems_of(form.definition), editing.problems_of(without)
    now = {text for texts in before.values() for text in texts}
    return render_template(
        "applications/staff/form/remove.html",
        form_=form,
        builder=home_of(form.round.id),
        name=name,
        action=action,
        questions=[said(one.get("label")) for one in editing.questions_in(part)],
        broken=[text for texts in after.values() for text in texts if text not in now],
        made_from=fields.mark_of(part),
        again=request.method == "POST",
    )


@pages.post("/sections/<section_id>/remove")
@access.role("staff", "administrator")
def remove_section(round_id: UUID, section_id: str) -> ResponseReturnValue:
    seen = request.form.get("revision", "")
    if not change_part(
        round_id,
        lambda now: editing.find_section(now, section_id),
        seen,
        lambda now: editing.remove_section(now, section_id),
    ):
        return _section_removal(round_id, section_id), 409
    flash("The section is removed. Nothing that was answered changes.", "success")
    return redirect(home_of(round_id), 303)


@pages.get("/questions/<question_id>")
@access.role("staff", "administrator")
def question(round_id: UUID, question_id: str) -> ResponseReturnValue:
    form, problems = in_hand(round_id)
    found = editing.find_question(form.definition, question_id)
    return _question_page(form, found, question_id, _at(form, problems, question_id))


def _at(form: FormInHand, problems: Problems, question_id: str) -> Problems:
    return editing.problems_at(problems, editing.path_of_question(form.definition, question_id))


def _question_page(
    form: FormInHand,
    shown: Definition,
    question_id: str,
    problems: Problems,
    saved: Definition | None = None,
) -> str:
    stored = editing.find_question(form.definition, question_id)
    section_id = editing.section_with(form.definition, question_id)
    kind = str(shown.get("kind"))
    choices = shown.get("choices")
    return render_template(
        "applications/staff/form/question.html",
        form_=form,
        builder=home_of(form.round.id),
        section=editing.find_section(form.definition, section_id),
        section_id=section_id,
        question_id=question_id,
        name=said(stored.get("label")),
        shown=shown,
        suited=settings_for(Kind(kind)) if kind in set(Kind) else (),
        choices=choices if isinstance(choices, list) else [],
        uk_regions=choices == UK_REGIONS,
        more_rows=fields.MORE_ROWS,
        form_languages=fields.languages_of(form.definition),
        by_language=fields.by_language,
        shown_value=fields.shown_value,
        kinds=list(KINDS.items()),
        sensitivities=list(SENSITIVITIES.items()),
        autocompletes=list(AUTOCOMPLETE.items()),
        file_types=sorted(FILE_TYPES),
        names=_names_before(form.definition, section_id, question_id),
        moves=[(one["id"], said(one.get("title"))) for one in _other_sections(form.definition, section_id)],
        errors=fields.field_errors(problems),
        made_from=fields.mark_of(stored),
        saved=write_file(saved) if saved else None,
    )


def _other_sections(definition: Definition, section_id: str) -> list[Definition]:
    return [one for one in editing.sections_of(definition) if one.get("id") not in (section_id, None)]


def _names_before(definition: Definition, section_id: str, question_id: str) -> list[dict[str, str]]:
    """The earlier questions, which conditions and calculations can use: short name, question, example."""
    found: list[dict[str, str]] = []
    for one in editing.sections_of(definition):
        for each in editing.questions_in(one):
            if one.get("id") == section_id and each.get("id") == question_id:
                return found
            found.append({"name": str(each.get("id")), "label": said(each.get("label")), "example": _example(each)})
    return found


def _example(question: Definition) -> str:
    name, kind, choices = question.get("id"), question.get("kind"), question.get("choices")
    value = choices[0].get("value", "a") if isinstance(choices, list) and choices else "london"
    match kind:
        case "yes_no":
            return f'{name} == "yes"'
        case "choice":
            return f'{name} == "{value}"'
        case "many_choices":
            return f'"{value}" in {name}'
        case "number" | "calculation":
            return f"{name} < 100"
        case "date":
            return f'{name} >= "2027-04-01"'
        case "postcode":
            return f'{name}_region != "london"'
        case _:
            return f"not {name}"


@pages.post("/questions/<question_id>")
@access.role("staff", "administrator")
def save_question(round_id: UUID, question_id: str) -> ResponseReturnValue:
    """Keep every setting as typed, and stay on the page while something is wrong or more rows are wanted."""
    form, _ = in_hand(round_id)
    stored = editing.find_question(form.definition, question_id)
    typed = fields.read_question(request.form, stored, fields.languages_of(form.definition))
    shown = _set(stored, typed)
    problem = _name_problem(form.definition, question_id, typed["id"])
    if problem:
        return _question_page(form, shown, question_id, {"id": [problem]}), 422
    if not change_part(
        round_id,
        lambda now: editing.find_question(now, question_id),
        request.form.get("revision", ""),
        lambda now: editing.change_question(now, question_id, typed),
    ):
        form, _ = in_hand(round_id)
        saved = editing.find_question(form.definition, question_id)
        return _question_page(form, shown, question_id, {}, saved=saved), 409
    form, problems = in_hand(round_id)
    return _after(form, str(typed["id"]), _at(form, problems, str(typed["id"])))


def _name_problem(definition: Definition, old: str, new: str) -> str:
    problems: Problems = {}
    if new != old and new in editing.ids_in(definition):
        return f"Another question is already called “{new}”."
    Reader({"id": new or None}, "", problems).identifier("id")
    return problems.get("id", [""])[0]


def _after(form: FormInHand, question_id: str, wrong: Problems) -> ResponseReturnValue:
    address = f"{home_of(form.round.id)}/questions/{question_id}"
    if request.form.get("then") == "more":
        return redirect(f"{address}#choices", 303)
    if wrong:
        found = editing.find_question(form.definition, question_id)
        return _question_page(form, found, question_id, wrong), 422
    flash("The question is saved.", "success")
    return redirect(f"{home_of(form.round.id)}#question-{question_id}", 303)


@pages.post("/questions/<question_id>/move")
@access.role("staff", "administrator")
def move_question(round_id: UUID, question_id: str) -> ResponseReturnValue:
    """Up, down, or to the end of another section."""
    to = request.form.get("to", "")
    change(round_id, lambda now: editing.move_question(now, question_id, to))
    return redirect(f"{home_of(round_id)}#question-{question_id}", 303)


@pages.get("/questions/<question_id>/remove")
@access.role("staff", "administrator")
def ask_to_remove_question(round_id: UUID, question_id: str) -> ResponseReturnValue:
    return _question_removal(round_id, question_id)


def _question_removal(round_id: UUID, question_id: str) -> str:
    form, _ = in_hand(round_id)
    found = editing.find_question(form.definition, question_id)
    without = editing.remove_question(form.definition, question_id)
    action = f"{home_of(round_id)}/questions/{question_id}/remove"
    return _remove_page(form, found, without, action, said(found.get("label")))


@pages.post("/questions/<question_id>/remove")
@access.role("staff", "administrator")
def remove_question(round_id: UUID, question_id: str) -> ResponseReturnValue:
    if not change_part(
        round_id,
        lambda now: editing.find_question(now, question_id),
        request.form.get("revision", ""),
        lambda now: editing.remove_question(now, question_id),
    ):
        return _question_removal(round_id, question_id), 409
    flash("The question is removed. Nothing that was answered changes.", "success")
    return redirect(f"{home_of(round_id)}", 303)
