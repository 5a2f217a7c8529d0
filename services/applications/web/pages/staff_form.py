"""Staff: a round's form as it is being built: its sections and questions, in order, and what stands in the way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.building import editing
from services.applications.domain.building.editing import Definition
from services.applications.domain.forms.kinds import Kind, Purpose
from services.applications.domain.samples.files import form_definition
from services.applications.use_cases.build_form import FormInHand, change_form, form_problems, open_form
from services.applications.web.building.fields import field_errors, languages_of, mark_of, read_text
from services.applications.web.building.words import KINDS, PURPOSES, said, where_to
from services.applications.web.context import units
from shared.errors import Conflict, Invalid, Stale
from shared.web import access
from shared.web.i18n import LANGUAGES
from shared.web.identity import known

pages = Blueprint("staff_form", __name__, url_prefix="/staff/rounds/<uuid:round_id>/form")


def in_hand(round_id: UUID) -> tuple[FormInHand, dict[str, list[str]]]:
    """The form being built, and what is wrong with it."""
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        return form, form_problems(uow, form)


def change(round_id: UUID, step: Callable[[Definition], Definition]) -> FormInHand:
    """Make one change, in the name of whoever is signed in."""
    with units().begin() as uow:
        return change_form(uow, round_id, step, known().name)


def change_part(
    round_id: UUID, part: Callable[[Definition], object], seen: str, step: Callable[[Definition], Definition]
) -> bool:
    """Make a change if the part of the form that it is about is still as it was seen (its mark); whether it was."""

    def guarded(form: Definition) -> Definition:
        if mark_of(part(form)) != seen:
            raise Stale("Somebody else changed this meanwhile.")
        return step(form)

    try:
        change(round_id, guarded)
    except Stale:
        return False
    return True


def home_of(round_id: UUID) -> str:
    """Where the builder of a round is."""
    return f"/staff/rounds/{round_id}/form"


@pages.get("")
@access.role("staff", "administrator")
def overview(round_id: UUID) -> ResponseReturnValue:
    return overview_page(round_id, {})


def overview_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    """The builder; `errors` are about what was just tried."""
    form, problems = in_hand(round_id)
    sections = [_section(form.definition, problems, section) for section in editing.sections_of(form.definition)]
    ids, taken = {section["id"] for section in sections}, editing.ids_in(form.definition)
    return render_template(
        "applications/staff/form/overview.html",
        form_=form,
        builder=home_of(round_id),
        sections=sections,
        problems=where_to(form.definition, problems, home_of(round_id)),
        others=_others(problems),
        ready_made=_ready_made(ids, taken),
        has_check=isinstance(form.definition.get("eligibility"), dict),
        kinds=KINDS,
        purposes=PURPOSES,
        errors=errors,
        values=request.form,
    )


def _others(problems: dict[str, list[str]]) -> list[str]:
    """Problems that no field of a page can put right: in the form's attributes, and in the rules."""
    return [
        f"{path}: {text}" if path != "rules" else text
        for path, texts in problems.items()
        if path.partition(".")[0] not in ("sections", "eligibility")
        for text in texts
    ]


def _section(definition: Definition, problems: dict[str, list[str]], section: Definition) -> dict[str, Any]:
    section_id = str(section.get("id"))
    path = editing.path_of(definition, section_id)
    questions = [
        {
            "id": str(question.get("id")),
            "label": said(question.get("label")),
            "kind": KINDS.get(str(question.get("kind")), str(question.get("kind"))),
            "data": question,
            "problems": sum(map(len, editing.problems_at(problems, f"{path}.questions.{place}").values())),
        }
        for place, question in enumerate(editing.questions_in(section))
    ]
    own = editing.problems_at(problems, path, but=("questions.",))
    return {
        "id": section_id,
        "title": said(section.get("title")),
        "purpose": PURPOSES.get(str(section.get("purpose", "assessed")), ""),
        "questions": questions,
        "problems": [text for texts in own.values() for text in texts],
    }


def _ready_made(ids: set[str], taken: set[str]) -> list[tuple[str, str]]:
    """Sections of the standard form that this one lacks: id and title."""
    standard = form_definition()
    return [
        (str(section["id"]), said(section.get("title")))
        for section in editing.sections_of(standard)
        if section["id"] not in ids
        and section["id"] != "eligibility"
        and not {str(one["id"]) for one in section["questions"]} & taken
    ]


@pages.post("/sections")
@access.role("staff", "administrator")
def add_section(round_id: UUID) -> ResponseReturnValue:
    """A new section, empty or ready-made, or the eligibility check."""
    ready, title = request.form.get("ready_made", ""), request.form.get("title", "").strip()
    purpose = request.form.get("purpose", Purpose.ASSESSED.value)
    if request.form.get("what") == "check":
        change(round_id, lambda form: editing.add_check(form, "Can you apply?"))
        return redirect(f"{home_of(round_id)}/sections/eligibility", 303)
    problems = {}
    if not ready and not title:
        problems["title"] = ["Give the section a title."]
    if purpose not in set(Purpose):
        problems["purpose"] = ["Choose what the section is for."]
    if problems:
        return overview_page(round_id, problems), 422
    try:
        change(round_id, lambda form: _added(form, ready, title, purpose))
    except Conflict as error:
        return overview_page(round_id, {"": [error.message]}), 409
    flash("The section is added.", "success")
    return redirect(home_of(round_id), 303)


def _added(form: Definition, ready: str, title: str, purpose: str) -> Definition:
    if ready:
        return editing.add_ready_made(form, form_definition(), ready)
    return editing.add_section(form, title, purpose)[0]


@pages.post("/sections/<section_id>/move")
@access.role("staff", "administrator")
def move_section(round_id: UUID, section_id: str) -> ResponseReturnValue:
    change(round_id, lambda form: editing.move_section(form, section_id, _direction()))
    return redirect(f"{home_of(round_id)}#section-{section_id}", 303)


def _direction() -> str:
    to = request.form.get("to", "")
    if to not in (editing.UP, editing.DOWN):
        raise Invalid({"to": ["Choose up or down."]})
    return to


@pages.post("/sections/<section_id>/questions")
@access.role("staff", "administrator")
def add_question(round_id: UUID, section_id: str) -> ResponseReturnValue:
    """A new question at the end of a section; its settings come next."""
    label, kind = request.form.get("label", "").strip(), request.form.get("kind", "")
    problems = {}
    if not label:
        problems[f"label-{section_id}"] = ["Write the question."]
    if kind not in set(Kind):
        problems[f"kind-{section_id}"] = ["Choose what kind of question it is."]
    if problems:
        return overview_page(round_id, problems), 422
    made: list[str] = []

    def step(form: Definition) -> Definition:
        changed, question_id = editing.add_question(form, section_id, kind, label)
        made.append(question_id)
        return changed

    change(round_id, step)
    return redirect(f"{home_of(round_id)}/questions/{made[-1]}", 303)


@pages.get("/settings")
@access.role("staff", "administrator")
def settings(round_id: UUID) -> ResponseReturnValue:
    form, problems = in_hand(round_id)
    return _settings_page(form, form.definition, editing.problems_at(problems, "title"))


def _head(definition: Definition) -> Definition:
    return {key: definition.get(key) for key in ("title", "languages")}


def _settings_page(form: FormInHand, shown: Definition, problems: dict[str, list[str]], saved: Any = None) -> str:
    return render_template(
        "applications/staff/form/settings.html",
        form_=form,
        builder=home_of(form.round.id),
        shown=shown,
        form_languages=languages_of(shown),
        all_languages=[(code, name) for code, name in LANGUAGES.items() if code != "en"],
        errors={"title.en": problems[""]} if problems.get("") else field_errors(problems),
        made_from=mark_of(_head(form.definition)),
        saved=saved,
    )


@pages.post("/settings")
@access.role("staff", "administrator")
def save_settings(round_id: UUID) -> ResponseReturnValue:
    """The form's title and languages."""
    form, _problems = in_hand(round_id)
    languages = [one for one in request.form.getlist("languages") if one in LANGUAGES and one != "en"]
    title = read_text(request.form, "title", languages_of(form.definition), form.definition.get("title")) or ""
    typed: Any = {"title": title, "languages": ["en", *languages]}
    shown = {**form.definition, **typed}
    if not said(title):
        return _settings_page(form, shown, {"title": ["Give the form a title."]}), 422
    seen = request.form.get("revision", "")
    if not change_part(round_id, _head, seen, lambda now: editing.change_settings(now, title, typed["languages"])):
        form, _problems = in_hand(round_id)
        return _settings_page(form, shown, {}, saved=_head(form.definition)), 409
    flash("Saved.", "success")
    return redirect(home_of(round_id), 303)
