import pytest
from hypothesis import assume, given, settings

from services.cohorts.domain.selection.choosing import solve, solve_problem
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import Problem, state
from services.cohorts.domain.selection.relaxation import find_clash, relax
from services.cohorts.domain.selection.targets import AtMost, Rule, Target, weights_by_order
from tests.cohorts.domain.selection.brute import cases, choices, matches

Case = tuple[Pool, list[Rule], int]


def clashing(case: Case) -> Problem:
    pool, rules, size = case
    assume(next(choices(pool, rules, size), None) is None)
    return state(pool, rules, size)


def missed(pool: Pool, rule: Rule, people: tuple[int, ...]) -> int:
    """By how many people in all a choice misses a rule."""
    if isinstance(rule, AtMost):
        held = [text for text in (pool.columns[rule.column].text(person) for person in people) if text]
        return sum(max(0, held.count(text) - rule.maximum) for text in set(held))
    count = sum(matches(pool, person, rule) for person in people)
    over = 0 if rule.maximum is None else count - rule.maximum
    return max(0, rule.minimum - count, over)


@settings(max_examples=50, deadline=None)
@given(cases(most=8))
def test_the_relaxation_makes_it_possible_and_nothing_cheaper_would(case: Case) -> None:
    problem = clashing(case)
    pool, rules, size = case
    found = relax(problem)
    assert solve_problem(found.apply(problem)).status == "optimal"
    assert found.cost == sum(rules[step.rule].weight * abs(step.now - step.was) for step in found.steps)
    cheapest = min(
        sum(rule.weight * missed(pool, rule, people) for rule in rules) for people in choices(pool, [], size)
    )
    assert found.cost == cheapest > 0


@settings(max_examples=50, deadline=None)
@given(cases(most=8))
def test_the_clash_is_one_and_without_any_of_its_sides_is_none(case: Case) -> None:
    problem = clashing(case)
    pool, rules, size = case
    clash = find_clash(problem)
    assert clash is not None

    def sides_as_rules(left_out: int | None) -> list[Rule]:
        kept: list[Rule] = []
        for number, side in enumerate(clash.sides):
            rule = rules[side.rule]
            if number == left_out:
                continue
            if isinstance(rule, AtMost):
                kept.append(rule)
            elif side.side == "minimum":
                kept.append(Target(rule.where, rule.minimum))
            else:
                kept.append(Target(rule.where, 0, rule.maximum))
        return kept

    assert next(choices(pool, sides_as_rules(None), size), None) is None
    for left_out in range(len(clash.sides)):
        assert next(choices(pool, sides_as_rules(left_out), size), None) is not None


@settings(max_examples=20, deadline=None)
@given(cases(most=8))
def test_what_can_be_met_has_no_clash_and_costs_nothing(case: Case) -> None:
    pool, rules, size = case
    assume(next(choices(pool, rules, size), None) is not None)
    problem = state(pool, rules, size)
    assert find_clash(problem) is None
    assert (relax(problem).cost, relax(problem).steps) == (0, ())


POOL = Pool.build(
    list("abcdef"),
    [6, 5, 4, 3, 2, 1],
    {"gender": ["W", "W", "M", "M", "M", "M"], "region": ["N", "S", "S", "S", "S", "S"], "org": list("xxyyzz")},
)


def test_one_target_that_the_pool_cannot_meet_is_told_with_what_the_pool_has() -> None:
    found = solve(POOL, [Target.of({"gender": "W"}, 3)], 4)
    assert found.clash is not None and found.relaxation is not None
    assert found.clash.text == (
        "With 4 places, this cannot be met by this pool: at least 3 with gender W (the pool has 2)."
    )
    assert found.relaxation.text == (
        "The smallest change that makes it possible: ask for at least 2 with gender W, not 3."
    )


def test_several_that_clash_are_listed_and_bystanders_are_not() -> None:
    rules: list[Rule] = [
        Target.of({"region": "S"}, 1),
        Target.of({"gender": "W"}, 2),
        Target.of({"region": "N"}, 0, 0),
    ]
    found = solve(POOL, rules, 3)
    assert found.clash is not None
    assert [side.text for side in found.clash.sides] == ["at least 2 with gender W", "at most 0 with region N"]


def test_the_rule_that_matters_less_gives_way() -> None:
    women, north = Target.of({"gender": "W"}, 2, weight=3), Target.of({"region": "N"}, 0, 0)
    found = solve(POOL, [women, north], 3).relaxation
    assert found is not None
    assert [(step.rule, step.side, step.was, step.now) for step in found.steps] == [(1, "maximum", 0, 1)]


@pytest.mark.parametrize("first", ["gender", "region"])
def test_at_equal_weights_the_rule_listed_later_gives_way(first: str) -> None:
    rules: list[Rule] = [Target.of({"gender": "W"}, 2), Target.of({"region": "N"}, 0, 0)]
    found = solve(POOL, rules if first == "gender" else rules[::-1], 3).relaxation
    assert found is not None
    assert [step.rule for step in found.steps] == [1]


def test_an_organisation_that_must_be_let_send_more_is_named() -> None:
    found = solve(POOL, [AtMost("org"), Target.of({"gender": "W"}, 2, weight=5)], 3).relaxation
    assert found is not None
    assert found.steps[0].text == "let 2 people share the org “x”, not 1"


def test_pins_are_told_of() -> None:
    found = solve(POOL, [AtMost("org")], 3, pinned_in=["a", "b"], pinned_out=["f"])
    assert found.clash is not None
    assert found.clash.text.startswith("With 3 places, 2 pinned in, 1 pinned out, this cannot be met by this pool")


def test_everybody_pinned_in_can_still_clash() -> None:
    found = solve(POOL, [Target.of({"gender": "M"}, 1)], 2, pinned_in=["a", "b"])
    assert found.relaxation is not None
    assert found.relaxation.cost == 1


def test_weights_by_order_fall_from_first_to_last() -> None:
    assert weights_by_order(3) == (3, 2, 1)
