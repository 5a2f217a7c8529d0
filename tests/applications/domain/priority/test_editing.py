"""Rules being written: whatever staff do on the pages, what is accepted still adds up, and nothing else changes."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.forms import facts_of
from services.applications.domain.priority import RuleKind, parse_rules, score
from services.applications.domain.priority.editing import (
    blank_rule,
    dials,
    moved_rule,
    rules_of,
    shape_problems,
    turned,
    with_rule,
    without_rule,
)
from services.applications.domain.samples.files import rules_definition
from services.applications.use_cases.rules_text import read_rules_text, rules_json, rules_yaml
from shared.errors import Invalid
from tests.applications.domain.priority.test_scoring import FORM, answers, definitions


@settings(max_examples=60, deadline=None)
@given(definition=definitions(), people=st.lists(answers, min_size=1, max_size=5), data=st.data())
def test_turned_and_moved_rules_are_accepted_and_add_up(
    definition: dict[str, Any], people: list[dict[str, Any]], data: st.DataObject
) -> None:
    before = copy.deepcopy(definition)
    values = {dial.key: data.draw(st.integers(0, 500)) for dial in dials(definition)}
    changed = turned(definition, values)
    place = data.draw(st.integers(0, len(rules_of(changed)) - 1))
    changed = moved_rule(changed, place, data.draw(st.sampled_from([-1, 1])))
    assert {dial.key: dial.points for dial in dials(changed)} == values
    assert definition == before
    scores = score(parse_rules(changed, FORM), [facts_of(FORM, person) for person in people])
    for row in range(len(people)):
        breakdown = scores.breakdown(row)
        assert sum(line.points for line in breakdown.lines) == breakdown.total


@settings(max_examples=40, deadline=None)
@given(definition=definitions())
def test_a_file_brings_back_what_was_written(definition: dict[str, Any]) -> None:
    assert read_rules_text(rules_yaml(definition)) == definition
    assert read_rules_text(rules_json(definition)) == definition
    assert shape_problems(definition) == []


def test_yes_and_no_in_plain_yaml_are_choices() -> None:
    found = read_rules_text("rules:\n- {id: r, kind: choice, question: one, points: {yes: 3, no: 1}}")
    assert found["rules"][0]["points"] == {"yes": 3, "no": 1}


def test_a_rule_taken_away_leaves_caps_and_tie_too() -> None:
    definition = rules_definition()
    definition["caps"] = [{"id": "c", "label": "C", "rules": ["lived_experience", "organisation_size"], "at_most": 9}]
    changed = without_rule(definition, 0)
    assert changed["caps"][0]["rules"] == ["organisation_size"]
    assert changed["tie"]["by"] == ["organisation_size"]


def test_a_new_rule_gets_a_name_that_is_free() -> None:
    definition: dict[str, Any] = {"rules": []}
    for _ in range(3):
        definition = with_rule(definition, None, blank_rule(definition, RuleKind.LIST))
    assert [rule["id"] for rule in definition["rules"]] == ["rule_1", "rule_2", "rule_3"]


@pytest.mark.parametrize("change", ["renamed", "removed", "option"])
def test_rules_that_speak_of_what_the_form_has_no_longer_are_refused_with_the_place(change: str) -> None:
    definition: dict[str, Any] = {
        "rules": [
            {"id": "a", "kind": "condition", "label": "A", "when": "size > 1", "points": 1},
            {"id": "b", "kind": "choice", "label": "B", "question": "one", "points": {"a": 1}},
        ]
    }
    rule = definition["rules"][1]
    if change == "option":
        rule["points"] = {"a": 1, "gone": 2}
    else:
        rule["question"] = "one_" + change
    with pytest.raises(Invalid) as refused:
        parse_rules(definition, FORM)
    assert list(refused.value.problems) == ["rules.1.points.gone" if change == "option" else "rules.1.question"]
