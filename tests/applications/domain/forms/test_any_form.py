"""Any form definition that the parser accepts can be filled in, saved, resumed and submitted."""

import json
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from services.applications.domain.forms import (
    Form,
    Kind,
    Question,
    dump_form,
    merge_answers,
    parse_answers,
    parse_form,
    questions_asked,
    section_status,
    submit_answers,
    worked_out,
)
from services.applications.domain.regions import AREAS
from services.applications.domain.samples.files import sample_form
from services.applications.domain.text import count_words, is_blank, tidy
from shared.errors import Invalid

# Letters, marks, joiners, emoji and right-to-left script, as people use them
TEXT = st.text(
    alphabet=st.one_of(st.characters(categories=("L", "N", "Zs")), st.sampled_from("'’-.\u200c\u200d\u0301🙂م؟")),
    min_size=1,
    max_size=30,
).filter(lambda text: not is_blank(tidy(text)))
VALUES = st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), min_size=1, max_size=5, unique=True).filter(
    lambda values: "prefer_not_to_say" not in values
)


@st.composite
def a_question(draw: st.DrawFn, question_id: str, purpose: str, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    kind = draw(st.sampled_from(list(Kind)))
    made: dict[str, Any] = {"id": question_id, "kind": kind.value, "label": draw(TEXT)}
    if kind in (Kind.CHOICE, Kind.MANY_CHOICES):
        made["choices"] = [{"value": value, "label": value} for value in draw(VALUES)]
        if kind is Kind.MANY_CHOICES and draw(st.booleans()):
            made["choices"][0]["exclusive"] = True
            made["most"] = draw(st.integers(1, 5))
    if kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT) and draw(st.booleans()):
        made["word_limit"] = draw(st.integers(1, 40))
    if kind is Kind.NUMBER:
        made["decimals"] = draw(st.integers(0, 6))
        if draw(st.booleans()):
            low, high = sorted(draw(st.tuples(*[st.floats(-1e6, 1e6)] * 2)))
            made |= {"minimum": low, "maximum": high}
    if kind is Kind.CALCULATION:
        numbers = [one["id"] for one in earlier if one["kind"] in ("number", "calculation")] or ["7"]
        sides = [draw(st.sampled_from([*numbers, "2"])) for _ in range(2)]
        made["formula"] = f"max({sides[0]}, 1) {draw(st.sampled_from('+-*/'))} {sides[1]}"
        made["decimals"] = draw(st.integers(0, 2))
    if kind is Kind.DATE and draw(st.booleans()):
        earliest, latest = sorted(draw(st.tuples(*[st.dates()] * 2)))
        made |= {"earliest": earliest.isoformat(), "latest": latest.isoformat()}
    if purpose != "equality" and kind is not Kind.CALCULATION and draw(st.booleans()):
        made["required"] = True
    if purpose == "assessed":
        made["panel_may_see"] = draw(st.booleans())
        if draw(st.booleans()):
            made["attribute"] = f"attribute_{question_id}"
    if earlier and draw(st.booleans()):
        made["condition"] = draw(a_condition(earlier))
    return made


@st.composite
def a_condition(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> str:
    def one(question: dict[str, Any]) -> str:
        name, kind = question["id"], question["kind"]
        if kind in ("number", "calculation"):
            return f"{name} {draw(st.sampled_from(['<', '>=', '!=']))} {draw(st.integers(-99, 99))}"
        if kind == "yes_no":
            return f'{name} {draw(st.sampled_from(["==", "!="]))} "{draw(st.sampled_from(["yes", "no"]))}"'
        if kind == "choice":
            return f'{name} in ["{draw(st.sampled_from(question["choices"]))["value"]}"]'
        if kind == "many_choices":
            return f'"{draw(st.sampled_from(question["choices"]))["value"]}" not in {name}'
        if kind == "date":
            return f'{name} < "{draw(st.dates()).isoformat()}"'
        if kind == "postcode":
            return f'{name}_region != "london"'
        return f"not {name}" if draw(st.booleans()) else name

    parts = [one(draw(st.sampled_from(earlier))) for _ in range(draw(st.integers(1, 2)))]
    return draw(st.sampled_from([" and ", " or "])).join(parts)


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    earlier: list[dict[str, Any]] = []
    eligibility = None
    if draw(st.booleans()):
        question = {"id": "eligible", "kind": "yes_no", "label": "?", "required": draw(st.booleans())}
        refusal = {"when": 'eligible == "no"', "reason": draw(TEXT)}
        eligibility = {"title": "Check", "questions": [question], "refusals": [refusal]}
        earlier.append(question)
    sections = []
    for number in range(draw(st.integers(1, 3))):
        purpose = draw(st.sampled_from(["assessed", "assessed", "equality", "access", "contact"]))
        questions = []
        for place in range(draw(st.integers(1, 4))):
            made = draw(a_question(f"q{number}_{place}", purpose, earlier))
            questions.append(made)
            earlier.append(made)
        sections.append({"id": f"s{number}", "title": draw(TEXT), "purpose": purpose, "questions": questions})
    return {"title": draw(TEXT), "sections": sections} | ({"eligibility": eligibility} if eligibility else {})


def accepted(definition: dict[str, Any]) -> Form:
    """Take away, as somebody building a form would, the settings that the parser objects to, until it does not."""
    for _ in range(20):
        try:
            return parse_form(definition)
        except Invalid as invalid:
            for path in invalid.problems:
                *way, last = path.split(".")
                place: Any = definition
                for step in way:
                    place = place[int(step)] if isinstance(place, list) else place[step]
                if last == "formula":
                    place[last] = "1 + 2"  # what it was worked out from is kept apart
                    continue
                assume(isinstance(place, dict) and last in place and last not in ("id", "kind", "label"))
                del place[last]
    raise AssertionError("still not accepted")


def fitting(draw: st.DrawFn, question: Question) -> list[str]:
    """Draw something somebody could type or tick to answer the question as its limits ask."""
    if question.id == "eligible":
        return ["yes"]
    match question.kind:
        case Kind.CHOICE | Kind.YES_NO:
            return [draw(st.sampled_from(question.options)).value]
        case Kind.MANY_CHOICES:
            free = [choice.value for choice in question.options if not choice.exclusive]
            alone = [[choice.value] for choice in question.options if choice.exclusive]
            many = (
                st.lists(st.sampled_from(free), min_size=1, max_size=question.most or 9, unique=True)
                if free
                else st.nothing()
            )
            return draw(st.one_of(many, st.sampled_from(alone) if alone else st.nothing()))
        case Kind.NUMBER:
            places, low, high = question.decimals, question.minimum, question.maximum
            step = Decimal(1).scaleb(-places)
            least = Decimal(str(-1e9 if low is None else low)).quantize(step, ROUND_CEILING)
            most = Decimal(str(1e9 if high is None else high)).quantize(step, ROUND_FLOOR)
            return [format(draw(st.sampled_from([least, most])), "f")]
        case Kind.DATE:
            bounds = [day for day in (question.earliest, question.latest) if day] or ["2027-02-28"]
            return [draw(st.sampled_from(bounds))]
        case Kind.EMAIL:
            return [draw(st.sampled_from(["a@example.org", "امل@example.org", "o'brien+x@mail.example.com"]))]
        case Kind.PHONE:
            return ["+44 113 496 0000"]
        case Kind.POSTCODE:
            return [draw(st.sampled_from(sorted(AREAS))) + "1"]
        case Kind.FILE:
            return ["upload-1"]
        case Kind.CONSENT:
            return ["yes"]
        case _:
            typed = draw(TEXT)
            return [typed if count_words(tidy(typed)) <= (question.word_limit or 99) else "word"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(definition=definitions(), data=st.data())
def test_any_accepted_form_can_be_filled_in_saved_resumed_and_submitted(
    definition: dict[str, Any], data: st.DataObject
) -> None:
    form = accepted(definition)
    assert parse_form(json.loads(json.dumps(dump_form(form)))) == form
    stored: dict[str, object] = {}
    for section in form.all_sections:
        for question in section.questions:
            if question.kind is Kind.CALCULATION:
                continue
            if question in questions_asked(form, section, stored) and (question.required or data.draw(st.booleans())):
                raw = {question.id: fitting(data.draw, question)}
                answers, problems = parse_answers(form, section, raw, partial=True)
                assert problems == {}
                stored = json.loads(json.dumps(merge_answers(stored, answers)))  # saved, and resumed later
        page = {question.id: stored.get(question.id) for question in section.questions}
        answers, problems = parse_answers(form, section, page, earlier=stored, strict=True)
        assert problems == {}
        stored = merge_answers(stored, answers)
        assert section_status(form, section, stored) != "in_progress"
    submission = submit_answers(form, stored)
    stored |= worked_out(form, stored)
    assert submission.answers == stored
    parts = submission.parts
    groups = [parts.visible, parts.hidden, parts.contact, parts.equality, parts.access]
    assert sorted(key for group in groups for key in group) == sorted(stored)


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        "title",
                        "sections",
                        "questions",
                        "id",
                        "kind",
                        "label",
                        "choices",
                        "eligibility",
                        "attributes",
                        "x",
                    ]
                ),
                inner,
                max_size=5,
            ),
        ),
        max_leaves=15,
    )
)
def test_nonsense_is_refused_and_never_breaks_the_parser(data: object) -> None:
    try:
        parse_form(data)
    except Invalid as invalid:
        assert invalid.problems


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_is_sent_a_draft_keeps_it_and_submission_answers_plainly(data: st.DataObject) -> None:
    form = sample_form()
    stored: dict[str, object] = {}
    junk = st.one_of(
        st.text(max_size=20),
        st.lists(st.text(max_size=5), max_size=3),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.none(),
    )
    for section in form.all_sections:
        ids = [question.id for question in section.questions]
        raw = data.draw(st.dictionaries(st.sampled_from(ids), junk))
        answers, _ = parse_answers(form, section, raw)
        stored = merge_answers(stored, answers)
        section_status(form, section, stored)
    json.dumps(stored, ensure_ascii=False).encode("utf-8")
    try:
        submit_answers(form, stored)
    except Invalid as invalid:
        assert set(invalid.problems) <= {*form.questions, "eligibility"}
