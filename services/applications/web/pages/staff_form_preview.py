"""Staff: the form as an applicant would see it. Nothing that is typed here is kept."""

import json
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import (
    Form,
    Section,
    check_eligibility,
    merge_answers,
    parse_answers,
    parse_form,
)
from services.applications.use_cases.build_form import FormInHand
from services.applications.web.answers import place_of
from services.applications.web.building.preview import Answers, after, carried, rows, with_calculations
from services.applications.web.context import language
from services.applications.web.pages.staff_form import home_of, in_hand
from services.applications.web.questions import arranged
from shared.errors import Invalid, NotFound
from shared.web import access
from shared.web.spoken import in_own_words

pages = Blueprint("staff_form_preview", __name__, url_prefix="/staff/rounds/<uuid:round_id>/form/preview")


def _form(round_id: UUID) -> tuple[FormInHand, Form | None]:
    """The form being built, read; None while something in it is wrong."""
    hand, _problems = in_hand(round_id)
    try:
        return hand, parse_form(hand.definition)
    except Invalid:
        return hand, None


@pages.get("")
@access.role("staff", "administrator")
def begin(round_id: UUID) -> ResponseReturnValue:
    hand, form = _form(round_id)
    if form is None:
        return redirect(home_of(round_id))
    return _page(hand, form, form.all_sections[0], {}, {})


@pages.get("/<section_id>")
@access.role("staff", "administrator")
def show(round_id: UUID, section_id: str) -> ResponseReturnValue:
    hand, form = _form(round_id)
    if form is None:
        return redirect(home_of(round_id))
    return _page(hand, form, _section(form, section_id), {}, {})


def _section(form: Form, section_id: str) -> Section:
    try:
        return form.section(section_id)
    except KeyError:
        raise NotFound("There is no such section.") from None


def _page(hand: FormInHand, form: Form, section: Section, answers: Answers, errors: dict[str, list[str]]) -> str:
    values = with_calculations(form, answers)
    return render_template(
        "applications/staff/form/preview.html",
        form_=hand,
        builder=home_of(hand.round.id),
        section=section,
        place=place_of(form, section.id),
        questions=arranged(form, section, values),
        values=values,
        carried=json.dumps(answers, ensure_ascii=False),
        errors=in_own_words(errors),
        sections=[(one.id, one.title.say(language())) for one in form.all_sections],
    )


@pages.post("/<section_id>")
@access.role("staff", "administrator")
def go_on(round_id: UUID, section_id: str) -> ResponseReturnValue:
    """What comes after this section was answered so."""
    hand, form = _form(round_id)
    if form is None:
        return redirect(home_of(round_id), 303)
    section = _section(form, section_id)
    earlier = carried(request.form.get("_carried", ""), form)
    found, problems = parse_answers(form, section, request.form, earlier=earlier, strict=True, language=language())
    answers = merge_answers(earlier, found)
    if problems:
        return _page(hand, form, section, answers, problems), 422
    refusals = check_eligibility(form, answers).refusals if section_id == "eligibility" else ()
    following = None if refusals else after(form, section_id, answers)
    if following is not None:
        return _page(hand, form, following, answers, {})
    return render_template(
        "applications/staff/form/preview_end.html",
        form_=hand,
        builder=home_of(round_id),
        refusals=refusals,
        sections=[] if refusals else rows(form, answers, language()),
    )
