from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from services.applications.domain.forms import (
    check_section,
    merge_answers,
    parse_answers,
    parse_form,
    questions_asked,
    section_status,
    unknown_answers,
)

FORM = parse_form(
    {
        "title": "Round",
        "sections": [
            {
                "id": "first",
                "title": "First",
                "questions": [
                    {"id": "lives", "kind": "choice", "label": {"en": "Where?", "cy": "Ble?"}, "required": True,
                     "choices": [{"value": "uk", "label": "UK"}, {"value": "else", "label": "Else"}]},
                    {"id": "where", "kind": "short_text", "label": "Say where", "required": True,
                     "condition": 'lives == "else"'},
                    {"id": "why", "kind": "short_text", "label": "Why there", "condition": "where"},
                    {"id": "born", "kind": "date", "label": "When"},
                    {"id": "areas", "kind": "many_choices", "label": "Areas",
                     "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
                    {"id": "income", "kind": "number", "label": "Income"},
                    {"id": "cv", "kind": "file", "label": "CV", "required": True},
                ],
            },
            {"id": "second", "title": "Second", "questions": [
                {"id": "more", "kind": "long_text", "label": "More", "condition": 'lives == "else"'}]},
        ],
    }
)  # fmt: skip


def test_a_draft_keeps_everything_and_notes_what_is_wrong() -> None:
    raw = MultiDict([("lives", "else"), ("income", "about 40"), ("areas", "b"), ("areas", "a"), ("born-day", "31")])
    answers, problems = parse_answers(FORM, "first", raw)
    assert answers == {
        "lives": "else", "where": None, "why": None, "born": "--31", "areas": ["a", "b"], "income": "about 40",
    }  # fmt: skip
    assert set(problems) == {"born", "income"}


def test_a_date_comes_in_three_boxes_or_in_one() -> None:
    three = {"born-day": "8", "born-month": " 2", "born-year": "2027"}
    assert parse_answers(FORM, "first", three)[0]["born"] == "2027-02-08"
    assert parse_answers(FORM, "first", {"born": "2027-02-08"})[0]["born"] == "2027-02-08"
    assert parse_answers(FORM, "first", {"born-day": "", "born-month": "", "born-year": ""})[0]["born"] is None


def test_strictly_what_is_missing_is_a_problem_unless_a_condition_hides_it() -> None:
    answers, problems = parse_answers(FORM, "first", {"lives": "uk", "where": "left over"}, strict=True)
    assert answers["where"] is None and set(problems) == {"cv"}
    _, problems = parse_answers(FORM, "first", {"lives": "else"}, strict=True)
    assert set(problems) == {"where", "cv"}
    _, problems = parse_answers(FORM, "first", {"lives": "uk"}, strict=True, earlier={"cv": ["u1"]})
    assert problems == {}


def test_hidden_answers_hide_what_depends_on_them() -> None:
    answers = {"lives": "uk", "where": "left over"}
    assert "why" not in {question.id for question in questions_asked(FORM, "first", answers)}
    assert "why" in {question.id for question in questions_asked(FORM, "first", {**answers, "lives": "else"})}


def test_a_condition_of_a_later_section_uses_the_earlier_answers() -> None:
    raw = {"more": "text"}
    assert parse_answers(FORM, "second", raw, strict=True, earlier={"lives": "uk"})[0] == {"more": None}
    assert parse_answers(FORM, "second", raw, strict=True, earlier={"lives": "else"})[0] == {"more": "text"}


def test_json_values_are_read_as_well() -> None:
    raw: dict[str, Any] = {"income": 1234, "areas": ["a"], "lives": None}
    assert parse_answers(FORM, "first", raw, partial=True) == ({"income": 1234, "areas": ["a"], "lives": None}, {})


def test_partial_input_touches_only_what_it_names() -> None:
    assert parse_answers(FORM, "first", {"income": "5"}, partial=True)[0] == {"income": 5}


def test_nested_json_is_a_problem_of_its_field() -> None:
    _, problems = parse_answers(FORM, "first", {"where": {"a": 1}, "areas": [["a"]]}, partial=True)
    assert set(problems) == {"where", "areas"}


def test_problems_carry_the_label_in_the_language_of_the_page() -> None:
    _, problems = parse_answers(FORM, "first", {}, strict=True, language="cy")
    assert "Ble?" in problems["lives"][0]


def test_an_unknown_section_is_no_section() -> None:
    with pytest.raises(KeyError):
        parse_answers(FORM, "third", {})


def test_fields_that_are_no_questions_are_named() -> None:
    found = unknown_answers(FORM.section("first"), {"lives": "uk", "born-day": "1", "hack": "1"})
    assert set(found) == {"hack"}


def test_merging_clears_what_was_cleared() -> None:
    assert merge_answers({"a": 1, "b": 2}, {"b": None, "c": 3}) == {"a": 1, "c": 3}


def test_a_section_goes_from_not_started_to_complete() -> None:
    assert section_status(FORM, "second", {"lives": "uk"}) == "not_needed"
    assert section_status(FORM, "first", {}) == "not_started"
    assert section_status(FORM, "first", {"lives": "uk"}) == "in_progress"
    assert check_section(FORM, "first", {"lives": "uk"}).keys() == {"cv"}
    assert section_status(FORM, "first", {"lives": "uk", "cv": ["u1"]}) == "complete"
    assert section_status(FORM, "first", {"lives": "uk", "cv": ["u1"], "income": "forty"}) == "in_progress"
