import copy
from typing import Any

import pytest
import yaml

from services.applications.domain.forms import Form, Kind, Sensitivity, dump_form, parse_form
from services.applications.domain.samples.files import form_definition
from shared.errors import Invalid


def form(*questions: dict[str, Any], **section: Any) -> dict[str, Any]:
    return {
        "title": "Round",
        "sections": [{"id": "one", "title": "One", "questions": list(questions), **section}],
    }


def question(**settings: Any) -> dict[str, Any]:
    return {"id": "why", "kind": "long_text", "label": "Why?", **settings}


def problems(definition: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as invalid:
        parse_form(definition)
    return invalid.value.problems


def test_the_sample_form_is_accepted_and_comes_back_from_its_definition() -> None:
    found = parse_form(form_definition())
    assert isinstance(found, Form)
    assert parse_form(dump_form(found)) == found
    assert parse_form(yaml.safe_load(yaml.safe_dump(dump_form(found), allow_unicode=True))) == found


def test_settings_have_their_defaults() -> None:
    (only,) = parse_form(form(question())).sections[0].questions
    assert (only.required, only.panel_may_see, only.sensitivity) == (False, False, Sensitivity.ORDINARY)


def test_every_problem_is_told_at_once_by_its_path() -> None:
    definition = {
        "title": "",
        "sections": [
            form(question())["sections"][0],
            {
                "id": "Two!",
                "purpose": "fun",
                "questions": [
                    question(id="a", kind="essay"),
                    question(
                        id="b", kind="choice", choices=[{"value": "x", "label": "X"}, {"value": "x"}], colour="red"
                    ),
                    question(id="b", word_limit="lots", required="yes"),
                    "nonsense",
                ],
            },
        ],
        "extra": 1,
    }
    assert set(problems(definition)) >= {
        "title",
        "extra",
        "sections.1.id",
        "sections.1.title",
        "sections.1.purpose",
        "sections.1.questions.0.kind",
        "sections.1.questions.1.choices",
        "sections.1.questions.1.choices.1.label",
        "sections.1.questions.1.colour",
        "sections.1.questions.2.id",
        "sections.1.questions.2.word_limit",
        "sections.1.questions.2.required",
        "sections.1.questions.3",
    }


@pytest.mark.parametrize(
    "definition", [None, [], "form", 3, {}, {"sections": []}, {"sections": {}}, {"title": {"en": 3}}]
)
def test_what_is_no_form_at_all_is_refused(definition: object) -> None:
    assert problems(definition)


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"id": "Why"}, "id"),
        ({"id": "class"}, "id"),
        ({"id": "_next"}, "id"),
        ({"label": {"xx yy": "?"}}, "label"),
        ({"label": {"en": ""}}, "label"),
        ({"kind": "choice"}, "choices"),
        ({"kind": "choice", "choices": [{"value": "prefer_not_to_say", "label": "-"}]}, "choices.0.value"),
        ({"kind": "short_text", "choices": []}, "choices"),
        ({"kind": "number", "minimum": 5, "maximum": 4}, "maximum"),
        ({"kind": "number", "minimum": 0.2, "maximum": 0.8}, "maximum"),
        ({"kind": "number", "minimum": 0.001, "maximum": 0.009, "decimals": 2}, "maximum"),
        ({"kind": "date", "earliest": "2027-02-30"}, "earliest"),
        ({"kind": "date", "earliest": "2027-02-03", "latest": "2027-02-02"}, "latest"),
        ({"kind": "file", "accept": ["exe"]}, "accept"),
        ({"condition": "later == 1"}, "condition"),
        ({"condition": "why"}, "condition"),
        ({"condition": 'open("x")'}, "condition"),
        ({"content_warning": "Hard", "required": True}, "required"),
        ({"kind": "organisation", "panel_may_see": True}, "panel_may_see"),
        ({"kind": "file", "panel_may_see": True}, "panel_may_see"),
        ({"sensitivity": "contact", "panel_may_see": True}, "panel_may_see"),
        ({"sensitivity": "equality"}, "sensitivity"),
        ({"attribute": "why"}, "attribute"),
        ({"kind": "number", "attribute": "size"}, "attribute"),
        ({"kind": "yes_no", "sensitivity": "access", "attribute": "need"}, "attribute"),
        ({"kind": "organisation", "sensitivity": "contact", "attribute": "org"}, "attribute"),
    ],
)
def test_a_question_that_could_harm_or_cannot_be_asked_is_refused(settings: dict[str, Any], path: str) -> None:
    assert f"sections.0.questions.0.{path}" in problems(form(question(**settings)))


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"required": True}, "required"),
        ({"panel_may_see": True}, "panel_may_see"),
        ({"sensitivity": "ordinary"}, "sensitivity"),
        ({"kind": "yes_no", "prefer_not_to_say": False}, "prefer_not_to_say"),
        ({"kind": "yes_no", "attribute": "disability"}, "attribute"),
    ],
)
def test_equality_questions_stay_optional_apart_and_unselected(settings: dict[str, Any], path: str) -> None:
    assert f"sections.0.questions.0.{path}" in problems(form(question(**settings), purpose="equality"))


def test_equality_choices_offer_prefer_not_to_say_without_being_told() -> None:
    definition = form(question(kind="yes_no"), purpose="equality")
    (only,) = parse_form(definition).sections[0].questions
    assert [option.value for option in only.options] == ["yes", "no", "prefer_not_to_say"]


def test_a_condition_may_look_back_and_not_ahead() -> None:
    first, second = question(id="a", kind="yes_no"), question(id="b", kind="yes_no")
    assert parse_form(form(first, {**second, "condition": 'a == "yes"'}))
    found = problems(form({**first, "condition": 'b == "yes"'}, second))
    assert set(found) == {"sections.0.questions.0.condition"}


def test_the_region_of_a_postcode_has_a_name_of_its_own() -> None:
    first = question(id="office", kind="postcode")
    second = question(id="note", condition='office_region != "london"')
    assert parse_form(form(first, second)).questions["note"].condition
    assert "sections.0.questions.1.id" in problems(form(first, question(id="office_region")))


def test_plain_yaml_yes_and_no_are_understood_as_choices() -> None:
    found = parse_form(
        form(question(kind="choice", choices=[{"value": True, "label": "Y"}, {"value": 25, "label": "25"}]))
    )
    assert [choice.value for choice in found.questions["why"].choices] == ["yes", "25"]


def test_the_choices_can_be_the_uk_regions() -> None:
    found = parse_form(form(question(kind="choice", choices="uk_regions")))
    assert len(found.questions["why"].choices) == 12
    assert dump_form(found)["sections"][0]["questions"][0]["choices"] == "uk_regions"


def test_refusals_and_attributes_are_checked_too() -> None:
    definition = copy.deepcopy(form_definition())
    definition["eligibility"]["refusals"][0]["when"] = 'works_with_migrants == "maybe"'
    definition["eligibility"]["refusals"][1]["elsewhere"][0]["link"] = "javascript:alert(1)"
    definition["attributes"][0]["values"][0]["when"] = 'gone == "yes"'
    definition["attributes"][1]["name"] = "region"
    assert set(problems(definition)) == {
        "eligibility.refusals.0.when",
        "eligibility.refusals.1.elsewhere.0.link",
        "attributes.0.values.0.when",
        "attributes.1.name",
    }


def test_every_kind_can_be_asked() -> None:
    choices = {"choices": [{"value": "a", "label": "A"}]}
    more = {Kind.CHOICE: choices, Kind.MANY_CHOICES: choices, Kind.CALCULATION: {"formula": "q_number * 2"}}
    all_kinds = [question(id=f"q_{kind}", kind=kind.value, **more.get(kind, {})) for kind in Kind]
    assert [one.kind for one in parse_form(form(*all_kinds)).questions.values()] == list(Kind)
