import copy
from typing import Any

import pytest

from services.applications.domain.conditions import Fact
from services.applications.domain.forms import parse_form
from services.applications.domain.priority import Rules, Tie, parse_rules
from services.applications.domain.samples.files import form_definition, rules_definition, sample_form
from shared.errors import Invalid

FORM = sample_form()


def rule(**settings: Any) -> dict[str, Any]:
    whole = {"id": "r", "kind": "choice", "label": "R", "question": "leadership_training", "points": {"never": 1}}
    return {key: value for key, value in {**whole, **settings}.items() if value is not None}


def problems(*rules: dict[str, Any], **settings: Any) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as invalid:
        parse_rules({"rules": list(rules), **settings}, FORM)
    return invalid.value.problems


def test_the_sample_rules_are_accepted_with_the_sample_form() -> None:
    rules = parse_rules(rules_definition(), FORM)
    assert isinstance(rules, Rules)
    assert [one.most for one in rules.rules] == [40, 30, 20, 10]
    assert rules.tie.by == ("lived_experience", "organisation_size") and rules.tie.then is Tie.SHARED


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"question": "favourite_colour"}, "question"),
        ({"question": "motivation"}, "question"),
        ({"question": "gender", "points": {"woman": 1}}, "question"),
        ({"question": "access_help", "points": {"data": 1}}, "question"),
        ({"question": "language", "points": {"ar": 1}}, "question"),
        ({"question": None}, "question"),
        ({"points": {"never": -1}}, "points.never"),
        ({"points": {"never": 1.5}}, "points.never"),
        ({"points": {"never": True}}, "points.never"),
        ({"points": {"nevver": 1}}, "points.nevver"),
        ({"points": {}}, "points"),
        ({"id": "score"}, "id"),
        ({"kind": "guess"}, "kind"),
        ({"label": None}, "label"),
        ({"kind": "bands", "points": None, "bands": [{"below": 5, "points": 1}]}, "question"),
        ({"kind": "bands", "points": None, "question": "organisation_income", "bands": []}, "bands"),
        (
            {
                "kind": "bands",
                "question": "organisation_income",
                "bands": [{"below": 5, "points": 1}, {"below": 5, "points": 2}],
            },
            "bands.1.below",
        ),
        (
            {"kind": "bands", "question": "organisation_income", "bands": [{"points": 1}, {"below": 5, "points": 2}]},
            "bands.1.below",
        ),
        ({"kind": "list", "question": "organisation_postcode_region", "points": 1}, "any_of"),
        ({"kind": "list", "question": "organisation_postcode_region", "points": 1, "none_of": ["londn"]}, "none_of"),
        ({"kind": "list", "question": "organisation_postcode", "points": 1, "any_of": ["LS1"]}, "question"),
        ({"kind": "condition", "question": None, "points": 1, "when": 'gender == "woman"'}, "when"),
        ({"kind": "condition", "question": None, "points": 1, "when": 'role == "boss"'}, "when"),
        ({"kind": "condition", "question": None, "points": 1, "when": "len(role) > 1"}, "when"),
        ({"kind": "condition", "question": None, "points": 1}, "when"),
    ],
)
def test_rules_about_what_the_form_does_not_ask_or_may_not_count_are_refused(
    settings: dict[str, Any], path: str
) -> None:
    assert f"rules.0.{path}" in problems(rule(**settings))


def test_a_rule_about_a_removed_question_is_refused() -> None:
    definition = copy.deepcopy(form_definition())
    organisation = next(section for section in definition["sections"] if section["id"] == "organisation")
    organisation["questions"] = [one for one in organisation["questions"] if one["id"] != "organisation_income"]
    del definition["attributes"][1]
    with pytest.raises(Invalid) as invalid:
        parse_rules(rules_definition(), parse_form(definition))
    assert set(invalid.value.problems) == {"rules.1.question"}


def test_caps_and_ties_name_rules_that_are_there() -> None:
    cap = {"id": "c", "label": "C", "at_most": 5}
    assert "caps.0.rules" in problems(rule(), caps=[{**cap, "rules": ["gone"]}])
    assert "caps.0.rules" in problems(rule(), caps=[cap])
    assert "caps.1.rules" in problems(rule(), caps=[{**cap, "rules": ["r"]}, {**cap, "id": "d", "rules": ["r"]}])
    assert "caps.0.id" in problems(rule(), caps=[{**cap, "id": "r", "rules": ["r"]}])
    assert "cap.at_most" in problems(rule(), cap={"id": "c", "label": "C"})
    assert "tie.by" in problems(rule(), tie={"by": ["gone"]})
    assert "tie.seed" in problems(rule(), tie={"then": "lottery"})


def test_every_problem_is_told_at_once() -> None:
    found = problems(rule(question="gone"), rule(points={"x": 1}), "nonsense", cap=3, more=1)  # type: ignore[arg-type]
    assert {"rules.0.question", "rules.1.id", "rules.1.points.x", "rules.2", "cap", "more"} <= set(found)


@pytest.mark.parametrize(
    "definition", [None, [], {}, {"rules": []}, {"rules": "x"}, {"rules": [{}]}, {"rules": [None]}]
)
@pytest.mark.parametrize("form", [FORM, None])
def test_what_are_no_rules_are_refused(definition: object, form: Any) -> None:
    with pytest.raises(Invalid):
        parse_rules(definition, form)


def test_without_a_form_names_are_told_from_their_use() -> None:
    when = 'a == "x" and b < 3 and "y" in c and d < "2027-01-01" and e and f in ["z"]'
    rules = parse_rules({"rules": [rule(kind="condition", question=None, points=1, when=when)]})
    facts = {name: variable.fact for name, variable in rules.scope.items()}
    assert facts == {
        "a": Fact.CHOICE, "b": Fact.NUMBER, "c": Fact.MANY, "d": Fact.DATE, "e": Fact.ANSWERED, "f": Fact.CHOICE,
    }  # fmt: skip


def test_without_a_form_a_name_used_in_two_ways_is_refused() -> None:
    rules = [rule(), rule(id="s", kind="condition", question=None, points=1, when="leadership_training < 3")]
    with pytest.raises(Invalid) as invalid:
        parse_rules({"rules": rules})
    assert set(invalid.value.problems) == {"rules.0.question"}
