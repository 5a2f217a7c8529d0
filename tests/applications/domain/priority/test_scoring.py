"""Scores against a slow reader of the same definition, one application at a time, written apart from the scorer."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.applications.domain.forms import facts_of, parse_form
from services.applications.domain.priority import Rules, parse_rules, ranks, score
from services.applications.domain.samples.files import sample_form, sample_rules

OPTIONS = ["a", "b", "c"]
CHOICES = [{"value": value, "label": value} for value in OPTIONS]
FORM = parse_form(
    {
        "title": "T",
        "sections": [
            {
                "id": "s",
                "title": "S",
                "questions": [
                    {"id": "one", "kind": "choice", "label": "One", "choices": CHOICES},
                    {"id": "many", "kind": "many_choices", "label": "Many", "choices": CHOICES},
                    {"id": "size", "kind": "number", "label": "Size", "decimals": 2},
                    {"id": "cost", "kind": "number", "label": "Cost"},
                    {"id": "day", "kind": "date", "label": "Day"},
                    {"id": "note", "kind": "long_text", "label": "Note"},
                    {"id": "office", "kind": "postcode", "label": "Office"},
                ],
            }
        ],
    }
)
points = st.integers(0, 100)
days = st.dates().map(lambda day: day.isoformat())
regions = st.sampled_from(["london", "wales", "scotland"])
atoms = st.one_of(
    st.builds("one {} '{}'".format, st.sampled_from(["==", "!="]), st.sampled_from(OPTIONS)),
    st.builds("one {} ['a', '{}']".format, st.sampled_from(["in", "not in"]), st.sampled_from(OPTIONS)),
    st.builds("'{}' {} many".format, st.sampled_from(OPTIONS), st.sampled_from(["in", "not in"])),
    st.builds("size {} {}".format, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(-5, 5)),
    st.builds("-2 < size {} {}".format, st.sampled_from(["<", "<=", "!="]), st.integers(-5, 5)),
    st.builds("size {} cost".format, st.sampled_from(["==", "!=", "<", "<=", ">", ">="])),
    st.builds("day {} '{}'".format, st.sampled_from(["==", "!=", "<", ">="]), days),
    st.builds("office_region {} '{}'".format, st.sampled_from(["==", "!="]), regions),
    st.sampled_from(["note", "office"]),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=5,
)


@st.composite
def band_lists(draw: st.DrawFn) -> list[dict[str, Any]]:
    edges = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=4)))
    bands: list[dict[str, Any]] = [{"below": edge, "points": draw(points)} for edge in edges]
    return bands + ([{"points": draw(points)}] if draw(st.booleans()) else [])


by_choice = st.dictionaries(st.sampled_from(OPTIONS), points, min_size=1)
some = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=2, unique=True)
pickers = st.sampled_from(["any_of", "none_of"])
rules_of_any_kind = st.one_of(
    st.builds(
        lambda question, worth: {"kind": "choice", "question": question, "points": worth},
        st.sampled_from(["one", "many"]), by_choice,
    ),
    st.fixed_dictionaries({"kind": st.just("bands"), "question": st.just("size"), "bands": band_lists()}),
    st.builds(
        lambda question, picker, values, worth: {"kind": "list", "question": question, picker: values, "points": worth},
        st.sampled_from(["one", "many"]), pickers, some, points,
    ),
    st.builds(
        lambda picker, region, worth: {"kind": "list", "question": "office_region", picker: [region], "points": worth},
        pickers, regions, points,
    ),
    st.fixed_dictionaries({"kind": st.just("condition"), "when": conditions, "points": points}),
)  # fmt: skip


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    rules = draw(st.lists(rules_of_any_kind, min_size=1, max_size=6))
    numbered: list[dict[str, Any]] = [{"id": f"r{place}", "label": "R", **rule} for place, rule in enumerate(rules)]
    definition: dict[str, Any] = {"rules": numbered}
    if draw(st.booleans()):
        members = [rule["id"] for rule in numbered[: draw(st.integers(1, len(numbered)))]]
        definition["caps"] = [{"id": "group", "label": "G", "rules": members, "at_most": draw(points)}]
    if draw(st.booleans()):
        definition["cap"] = {"id": "all", "label": "A", "at_most": draw(st.integers(0, 200))}
    return definition


answers = st.fixed_dictionaries(
    {},
    optional={
        "one": st.sampled_from([*OPTIONS, "gone"]),
        "many": st.lists(st.sampled_from([*OPTIONS, "gone"]), unique=True),
        "size": st.one_of(st.integers(-6, 10), st.sampled_from([0.5, 2.25, "plenty"])),
        "cost": st.integers(-6, 6),
        "day": days,
        "note": st.sampled_from(["", "something"]),
        "office": st.sampled_from(["E7", "CF24 3AA", "EH6", "JE2", "nowhere"]),
    },
)


def slowly(rule: dict[str, Any], rules: Rules, place: int, facts: dict[str, Any]) -> int:
    """Return the points of one rule for one application, by the words of its definition."""
    when = rules.rules[place].when
    if when is not None:
        return rule["points"] if when.holds(facts) else 0
    answer = facts.get(rule["question"])
    if answer is None:
        return 0
    given = answer if isinstance(answer, list) else [answer]
    if rule["kind"] == "choice":
        return sum(rule["points"].get(one, 0) for one in given)
    if rule["kind"] == "bands":
        return next((band["points"] for band in rule["bands"] if answer < band.get("below", float("inf"))), 0)
    if "any_of" in rule:
        return rule["points"] if set(given) & set(rule["any_of"]) else 0
    return 0 if set(given) & set(rule["none_of"]) else rule["points"]


@settings(max_examples=60, deadline=None)
@given(definition=definitions(), people=st.lists(answers, min_size=1, max_size=8))
def test_the_whole_round_at_once_is_the_same_as_one_by_one_and_adds_up(
    definition: dict[str, Any], people: list[dict[str, Any]]
) -> None:
    rules = parse_rules(definition, FORM)
    facts = [facts_of(FORM, person) for person in people]
    scores = score(rules, facts)
    for row, known in enumerate(facts):
        expected = [slowly(rule, rules, place, known) for place, rule in enumerate(definition["rules"])]
        breakdown = scores.breakdown(row)
        assert [line.points for line in breakdown.lines if line.kind == "rule"] == expected
        assert sum(line.points for line in breakdown.lines) == breakdown.total == scores.totals[row]
        assert all(line.points < 0 for line in breakdown.lines if line.kind == "cap")
        capped = expected
        for cap in definition.get("caps", []):
            inside = sum(
                worth for worth, rule in zip(expected, definition["rules"], strict=True) if rule["id"] in cap["rules"]
            )
            capped = [sum(expected) - inside + min(inside, cap["at_most"])]
        assert breakdown.total == min(sum(capped), definition.get("cap", {"at_most": 10**9})["at_most"])
        assert list(scores.breakdowns())[row] == breakdown
        alone = score(rules, [known])
        assert alone.breakdown(0) == breakdown


@settings(max_examples=60, deadline=None)
@given(definition=definitions(), people=st.lists(answers, min_size=1, max_size=8))
def test_without_the_form_well_formed_answers_score_the_same(
    definition: dict[str, Any], people: list[dict[str, Any]]
) -> None:
    facts = [facts_of(FORM, person) for person in people]
    with_form, without = parse_rules(definition, FORM), parse_rules({**definition})
    assert score(with_form, facts).totals.tolist() == score(without, facts).totals.tolist()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, [0, 0, 0, 0]),
        (
            {
                "lived_experience_direct": "yes",
                "lived_experience_activated": "yes",
                "organisation_income": 99_999,
                "organisation_postcode_region": "wales",
                "leadership_training": "never",
            },
            [40, 30, 20, 10],
        ),
        ({"lived_experience_direct": "yes", "organisation_income": 100_000}, [0, 20, 0, 0]),
        ({"lived_experience_activated": "yes", "organisation_income": 999_999.5}, [0, 20, 0, 0]),
        ({"organisation_income": 1_000_000, "organisation_postcode_region": "london"}, [0, 0, 0, 0]),
        ({"organisation_income": 0, "leadership_training": "short"}, [0, 30, 0, 0]),
    ],
)
def test_the_sample_rules_give_what_they_publish(facts: dict[str, object], expected: list[int]) -> None:
    assert score(sample_rules(), [facts]).points.tolist() == [expected]


def test_no_applications_are_no_trouble() -> None:
    scores = score(sample_rules(), [])
    assert scores.totals.shape == (0,) and ranks(scores, []).tolist() == []


def test_equal_scores_share_a_rank_and_leave_a_gap() -> None:
    definition = {"rules": [{"id": "r", "kind": "choice", "label": "R", "question": "one", "points": {"a": 2, "b": 1}}]}
    scores = score(parse_rules(definition, FORM), [{"one": "b"}, {"one": "a"}, {"one": "b"}, {}])
    assert ranks(scores, ["w", "x", "y", "z"]).tolist() == [2, 1, 2, 4]


def test_ties_are_broken_by_the_named_rules_in_their_order() -> None:
    rules = [
        {"id": "r", "kind": "choice", "label": "R", "question": "one", "points": {"a": 1}},
        {"id": "s", "kind": "choice", "label": "S", "question": "many", "points": {"a": 1}},
    ]
    facts: list[dict[str, object]] = [{"one": "a"}, {"many": ["a"]}]
    first = parse_rules({"rules": rules, "tie": {"by": ["r"]}}, FORM)
    second = parse_rules({"rules": rules, "tie": {"by": ["s", "r"]}}, FORM)
    assert ranks(score(first, facts), ["x", "y"]).tolist() == [1, 2]
    assert ranks(score(second, facts), ["x", "y"]).tolist() == [2, 1]


def test_a_lottery_can_be_repeated_by_hand_from_its_seed() -> None:
    rule = {"id": "r", "kind": "choice", "label": "R", "question": "one", "points": {"a": 1}}
    rules = parse_rules({"rules": [rule], "tie": {"then": "lottery", "seed": "draw of 1 March"}}, FORM)
    ids = [f"K{number}" for number in range(50)]
    found = ranks(score(rules, [{}] * 50), ids)
    by_hand = sorted(ids, key=lambda one: hashlib.sha256(f"draw of 1 March:{one}".encode()).hexdigest())
    assert [ids[row] for row in np.argsort(found)] == by_hand
    assert sorted(found.tolist()) == list(range(1, 51))


def test_a_breakdown_can_be_written_as_json_with_its_labels() -> None:
    line = score(sample_rules(), [{"leadership_training": "never"}]).breakdown(0).lines[-1]
    assert line.dump()["points"] == 10 and line.dump()["most"] == 10
    assert line.label.say("cy") != line.label.say("en")


def test_the_sample_form_and_rules_belong_together() -> None:
    names = {name for name in sample_rules().names if name.removesuffix("_region") not in sample_form().questions}
    assert names == set()
