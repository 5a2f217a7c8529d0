from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings

from services.cohorts.domain.selection.choosing import Choice, choose, solve
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import state
from services.cohorts.domain.selection.reasons import Reason, explain
from services.cohorts.domain.selection.targets import AtMost, Rule, Target
from tests.cohorts.domain.selection.brute import cases

Case = tuple[Pool, list[Rule], int]
SEED = "s"


def chosen(pool: Pool, rules: list[Rule], size: int) -> set[str]:
    return set(solve(pool, rules, size, seed=SEED).selected)


def with_points(pool: Pool, person: str, points: Decimal) -> Pool:
    gains = pool.gains.copy()
    gains[pool.index[person]] += pool.units(points)
    return replace(pool, gains=gains)


def choice_of(pool: Pool, rules: list[Rule], size: int) -> Choice:
    found = choose(state(pool, rules, size), SEED)
    assume(found is not None)
    assert found is not None
    return found


@settings(max_examples=40, deadline=None)
@given(cases(most=8))
def test_the_points_stated_turn_the_outcome_and_fewer_do_not(case: Case) -> None:
    pool, rules, size = case
    unit = pool.points(1)
    for person, reason in explain(choice_of(pool, rules, size)).reasons.items():
        if reason.points is None:
            far = pool.points(-100 if reason.chosen else 100)
            assert (person in chosen(with_points(pool, person, far), rules, size)) == reason.chosen
        elif reason.chosen:
            assert person not in chosen(with_points(pool, person, -reason.points - unit), rules, size)
            assert reason.points < unit or person in chosen(
                with_points(pool, person, -reason.points + unit), rules, size
            )
        else:
            assert person in chosen(with_points(pool, person, reason.points), rules, size)
            assert reason.points < 2 * unit or person not in chosen(
                with_points(pool, person, reason.points - 2 * unit), rules, size
            )


@settings(max_examples=40, deadline=None)
@given(cases(most=8))
def test_dropping_the_rules_stated_turns_the_outcome(case: Case) -> None:
    pool, rules, size = case
    choice = choice_of(pool, rules, size)
    for person, reason in explain(choice).reasons.items():
        for number in reason.rules:
            rest = rules[:number] + rules[number + 1 :]
            assert (person in chosen(pool, rest, size)) != reason.chosen
        if reason.code in {"target", "displaced"}:
            first = reason.rules[0]
            others = chosen(pool, rules[:first] + rules[first + 1 :], size)
            assert set(reason.instead) == (others - choice.ids if reason.chosen else choice.ids - others)
        if reason.code in {"targets", "displaced_together"}:
            assert (person in chosen(pool, [], size)) != reason.chosen
        if reason.code == "score":
            assert person in chosen(pool, [], size)


@settings(max_examples=30, deadline=None)
@given(cases(most=8))
def test_the_price_of_a_rule_is_what_choosing_without_it_gains(case: Case) -> None:
    pool, rules, size = case
    choice = choice_of(pool, rules, size)
    prices = explain(choice, only=[]).prices
    assert [price.rule for price in prices] == rules
    for number, price in enumerate(prices):
        without = solve(pool, rules[:number] + rules[number + 1 :], size, seed=SEED)
        assert price.points == without.objective - pool.points(choice.problem.total(choice.people))
        assert set(price.comes_in) == set(without.selected) - choice.ids
        assert set(price.goes_out) == choice.ids - set(without.selected)


@settings(max_examples=30, deadline=None)
@given(cases(most=8))
def test_with_no_effort_the_distance_told_is_never_more_than_the_true_one(case: Case) -> None:
    pool, rules, size = case
    choice = choice_of(pool, rules, size)
    exact, quick = explain(choice).reasons, explain(choice, effort=0).reasons
    for person, reason in quick.items():
        true = exact[person].points
        if not reason.chosen and reason.points is not None and true is not None:
            assert not reason.exact
            assert reason.points <= true


POOL = Pool.build(
    ["ann", "bob", "cat", "dan", "eve"],
    ["9.5", "8", "7", "5", "2"],
    {"region": ["S", "S", "S", "N", "N"], "org": ["x", "x", "y", "z", "z"]},
)


def reasons(rules: list[Rule], size: int, **pins: list[str]) -> dict[str, Reason]:
    found = choose(state(POOL, rules, size, **pins), SEED)
    assert found is not None
    return dict(explain(found).reasons)


def test_the_words_of_each_reason() -> None:
    told = reasons([Target.of({"region": "N"}, 1)], 2, pinned_out=["cat"])
    assert told["ann"].text == "Chosen on score. They would keep their place with up to 1.5 fewer points."
    assert told["dan"].code == "target"
    assert told["dan"].text == "Chosen to meet “at least 1 with region N”: without it bob would come in."
    assert told["dan"].instead == ("bob",)
    assert told["bob"].code == "displaced"
    assert told["bob"].text == (
        "Would have been chosen without “at least 1 with region N”. 1.6 more points would have brought them in."
    )
    assert told["cat"].text == "Not chosen because they were pinned out."
    assert told["eve"].text == "Not chosen on score. 3.1 more points would have brought them in."


def test_at_most_one_per_organisation_displaces_a_colleague() -> None:
    told = reasons([AtMost("org")], 2)
    assert (told["bob"].code, told["bob"].points) == ("displaced", Decimal("1.6"))
    assert (told["cat"].code, told["cat"].instead) == ("target", ("bob",))


def test_somebody_no_score_can_bring_in_is_told_so() -> None:
    told = reasons([Target.of({"region": "N"}, 0, 0), Target.of({"org": "z"}, 0, 0)], 2)
    assert told["dan"].code == "ruled_out"
    assert told["dan"].points is None


def test_somebody_without_whom_it_cannot_be_done_is_told_so() -> None:
    told = reasons([Target.of({"region": "N"}, 2)], 3)
    assert told["eve"].points is None


def test_a_pin_is_the_reason() -> None:
    assert reasons([], 2, pinned_in=["eve"])["eve"].text == "Chosen because they were pinned in."


def test_a_tie_is_settled_by_lots_and_told_so() -> None:
    pool = Pool.build(list("abcdef"), [1] * 6, {})
    found = choose(state(pool, [], 3), SEED)
    assert found is not None
    codes = sorted(reason.code for reason in explain(found).reasons.values())
    assert codes == ["score"] * 3 + ["tie"] * 3


@pytest.mark.parametrize("person", ["ann", "eve"])
def test_one_person_can_be_asked_about_alone(person: str) -> None:
    found = choose(state(POOL, [], 2), SEED)
    assert found is not None
    assert set(explain(found, only=[person]).reasons) == {person}
