"""Staff: the questions of a survey, one by one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.survey import COUNTED, Choice, Condition, Question, read_questions
from services.cohorts.use_cases.see_surveys import see_survey
from services.cohorts.use_cases.write_survey import keep_question, move_question, remove_question
from services.cohorts.web import fields
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only
from services.cohorts.web.pages.staff_surveys import TAB, Problems
from shared.errors import Conflict, Invalid, NotFound, Stale

pages = Blueprint("staff_survey_questions", __name__, url_prefix="/cohorts/staff/surveys")
_TEXTS = ("kind", "text", "hint", "choices", "low", "high", "lowest", "highest")


@pages.get("/<uuid:survey_id>/questions/new")
@staff_only
def new(survey_id: UUID) -> ResponseReturnValue:
    """The form for one more question."""
    return _form(survey_id, None, {"kind": "yes_no"}, {})


@pages.post("/<uuid:survey_id>/questions/new")
@staff_only
def add(survey_id: UUID) -> ResponseReturnValue:
    """Put it at the end."""
    return _keep(survey_id, None)


@pages.get("/<uuid:survey_id>/questions/<question_id>")
@staff_only
def edit(survey_id: UUID, question_id: str) -> ResponseReturnValue:
    """The form for a question."""
    question = _find(_questions(survey_id), question_id)
    return _form(survey_id, question, _values(question), {})


@pages.post("/<uuid:survey_id>/questions/<question_id>")
@staff_only
def change(survey_id: UUID, question_id: str) -> ResponseReturnValue:
    """Change it."""
    return _keep(survey_id, question_id)


def _keep(survey_id: UUID, question_id: str | None) -> ResponseReturnValue:
    questions = _questions(survey_id)
    before = _find(questions, question_id) if question_id else None
    values: dict[str, Any] = {name: fields.text(request.form, name) for name in _TEXTS}
    values["when"] = request.form.getlist("when")
    try:
        question = _read(values, questions, before)
        with units().begin() as uow:
            keep_question(uow, survey_id, question, fields.revision(request.form))
    except Invalid as error:
        return _form(survey_id, before, values, _named(error.problems)), 422
    except (Stale, Conflict) as error:
        return _form(survey_id, before, values, {"": [error.message]}), 412 if isinstance(error, Stale) else 409
    flash("The question is kept.", "success")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))


def _named(problems: Problems) -> Problems:
    """At the fields of the form."""
    names = {"anchors": "low", "condition": "when"}
    known = {*_TEXTS, "when"}
    return {
        (names.get(name, name) if names.get(name, name) in known else ""): texts for name, texts in problems.items()
    }


def _read(values: dict[str, Any], questions: Sequence[Question], before: Question | None) -> Question:
    problems: Problems = {}
    ends = [fields.number(values, name, problems) if values[name] else None for name in ("lowest", "highest")]
    condition = _condition(values["when"], problems)
    fields.checked(problems)
    kind = values["kind"]
    return Question(
        id=before.id if before else _free(questions),
        kind=kind,
        text=values["text"],
        hint=values["hint"],
        choices=_choices(values["choices"], before) if kind in ("choice", "many") else (),
        anchors=(values["low"], values["high"]) if kind == "scale" else ("", ""),
        lowest=ends[0] if kind == "number" else None,
        highest=ends[1] if kind == "number" else None,
        condition=condition,
    )


def _free(questions: Sequence[Question]) -> str:
    taken = {question.id for question in questions}
    return next(name for number in range(1, 1_000) if (name := f"q{number}") not in taken)


def _choices(text: str, before: Question | None) -> tuple[Choice, ...]:
    """One in each line. A choice keeps its value as long as it keeps its words."""
    known = {choice.label: choice.value for choice in before.choices} if before else {}
    labels = [line.strip() for line in text.splitlines() if line.strip()]
    taken, found = set(known.values()), []
    for label in labels:
        value = known.get(label)
        if value is None:
            value = next(name for number in range(1, 1_000) if (name := f"c{number}") not in taken)
            taken.add(value)
        found.append(Choice(value, label))
    return tuple(found)


def _condition(when: Sequence[str], problems: Problems) -> Condition | None:
    pairs = [one.split("=", 1) for one in when if "=" in one]
    if not pairs:
        return None
    if len({question for question, _ in pairs}) > 1:
        problems["when"] = ["Choose answers of one question only."]
    return Condition(pairs[0][0], tuple(value for _, value in pairs))


def _values(question: Question) -> dict[str, Any]:
    condition = question.condition
    return {
        "kind": question.kind,
        "text": question.text,
        "hint": question.hint,
        "choices": "\n".join(choice.label for choice in question.choices),
        "low": question.anchors[0],
        "high": question.anchors[1],
        "lowest": question.lowest,
        "highest": question.highest,
        "when": [f"{condition.question}={value}" for value in condition.values] if condition else [],
    }


def _questions(survey_id: UUID) -> tuple[Question, ...]:
    with units().begin(write=False) as uow:
        return read_questions(uow.surveys.get(survey_id).questions)


def _find(questions: Sequence[Question], question_id: str) -> Question:
    for question in questions:
        if question.id == question_id:
            return question
    raise NotFound("There is no such question.")


def _form(survey_id: UUID, question: Question | None, values: dict[str, Any], errors: Problems) -> str:
    with units().begin(write=False) as uow:
        seen = see_survey(uow, survey_id)
        place = seen.questions.index(question) if question in seen.questions else len(seen.questions)
        gates = [each for each in seen.questions[:place] if each.kind in COUNTED]
        more = {"question": question, "gates": gates, "values": values, "errors": errors}
        return show("survey_question.html", uow, seen.cohort.round_id, TAB, survey=seen.survey, **more)


@pages.post("/<uuid:survey_id>/questions/<question_id>/move")
@staff_only
def move(survey_id: UUID, question_id: str) -> ResponseReturnValue:
    """One place up or down."""
    by = -1 if fields.text(request.form, "to") == "up" else 1
    try:
        with units().begin() as uow:
            move_question(uow, survey_id, question_id, by, fields.revision(request.form))
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))


@pages.post("/<uuid:survey_id>/questions/<question_id>/remove")
@staff_only
def remove(survey_id: UUID, question_id: str) -> ResponseReturnValue:
    """Take it out."""
    try:
        with units().begin() as uow:
            remove_question(uow, survey_id, question_id, fields.revision(request.form))
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))
