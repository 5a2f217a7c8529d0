import random
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.selection.choosing import nearest, solve
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import state
from services.cohorts.domain.selection.targets import AtMost, Rule, Target
from shared.errors import Invalid
from tests.cohorts.domain.selection.brute import best, cases

Case = tuple[Pool, list[Rule], int]


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from(["", "spring"]))
def test_it_chooses_what_trying_everything_chooses_ties_included(case: Case, seed: str) -> None:
    pool, rules, size = case
    found = solve(pool, rules, size, seed=seed)
    wanted = best(pool, rules, size, seed=seed)
    assert (set(found.selected) if found.status == "optimal" else None) == wanted
    if wanted is not None:
        assert found.objective == found.bound == sum(int(pool.gains[pool.index[p]]) for p in wanted)
        assert found.gap == 0


@settings(max_examples=30, deadline=None)
@given(cases(), st.data())
def test_pins_are_kept_and_the_rest_is_still_best(case: Case, data: st.DataObject) -> None:
    pool, rules, size = case
    pinned = data.draw(st.lists(st.sampled_from(pool.ids), max_size=2, unique=True))
    inside, outside = pinned[:1][:size], pinned[1:]
    found = solve(pool, rules, size, pinned_in=inside, pinned_out=outside)
    wanted = best(pool, rules, size, inside, outside)
    assert (set(found.selected) if found.status == "optimal" else None) == wanted


@settings(max_examples=20, deadline=None)
@given(cases(most=12, scores=2), st.randoms())
def test_the_order_of_the_pool_changes_nothing(case: Case, shuffler: random.Random) -> None:
    pool, rules, size = case
    order = list(range(len(pool)))
    shuffler.shuffle(order)
    shuffled = Pool(
        tuple(pool.ids[place] for place in order),
        pool.gains[order],
        pool.places,
        {name: replace(column, codes=column.codes[order]) for name, column in pool.columns.items()},
    )
    assert solve(shuffled, rules, size, seed="s").selected == solve(pool, rules, size, seed="s").selected


def programme(people: int, seed: int = 5, places: int = 1) -> tuple[Pool, list[Rule]]:
    """A middling programme: four features whose groups score differently, targets near their shares, organisations."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[str]] = {}
    rules: list[Rule] = []
    lift = np.zeros(people)
    for feature in range(4):
        code = rng.integers(0, 3, people)
        columns[f"f{feature}"] = [f"v{value}" for value in code]
        lift += rng.normal(0, 6, 3)[code]
        rules += [Target.of({f"f{feature}": f"v{value}"}, 9, 12) for value in range(3)]
    columns["org"] = [f"o{value}" for value in rng.integers(0, people // 3, people)]
    scores = np.round(60 + lift + rng.normal(0, 10, people), places)
    return Pool.build([f"p{n}" for n in range(people)], scores.tolist(), columns), [*rules, AtMost("org")]


def test_a_middling_programme_keeps_its_targets_and_no_exchange_improves_it() -> None:
    pool, rules = programme(400)
    found = solve(pool, rules, 30)
    chosen = [pool.index[person] for person in found.selected]
    assert len(set(chosen)) == 30 and found.gap == 0
    for tally in found.tallies:
        least = tally.rule.minimum if isinstance(tally.rule, Target) else 0
        assert least <= tally.count <= (tally.rule.maximum or 0)
    kinds = [tuple(column.text(person) for name, column in pool.columns.items() if name != "org") for person in chosen]
    organisations = {pool.columns["org"].text(person) for person in chosen}
    for other in set(range(400)) - set(chosen):
        kind = tuple(column.text(other) for name, column in pool.columns.items() if name != "org")
        if pool.columns["org"].text(other) not in organisations and kind in kinds:
            lowest = min(int(pool.gains[p]) for p, its in zip(chosen, kinds, strict=True) if its == kind)
            assert pool.gains[other] <= lowest


def test_without_scores_the_lots_choose_and_another_seed_chooses_others() -> None:
    pool, rules = programme(120)
    level = replace(pool, gains=pool.gains * 0)
    first, again, other = (solve(level, rules, 30, seed=seed).selected for seed in ("a", "a", "b"))
    assert first == again
    assert set(first) != set(other)


def test_counts_are_of_the_chosen_by_value() -> None:
    pool = Pool.build(list("abcd"), [4, 3, 2, 1], {"region": ["N", "S", "S", "N"], "other": ["1", "2", "3", "4"]})
    found = solve(pool, [Target.of({"region": "S"}, 2)], 3)
    assert found.selected == ("a", "b", "c")
    assert found.counts == {"region": {"N": 1, "S": 2}}
    assert found.objective == Decimal(9)


def test_a_combination_and_any_of_several_values_count_as_they_say() -> None:
    pool = Pool.build(list("abcd"), [9, 8, 1, 2], {"gender": ["M", "M", "W", "W"], "region": ["N", "S", "N", "S"]})
    assert set(solve(pool, [Target.of({"gender": "W", "region": "N"}, 1)], 2).selected) == {"a", "c"}
    assert set(solve(pool, [Target.of({"region": ["N", "S"]}, 0, 1)], 1).selected) == {"a"}
    assert solve(pool, [Target.of({"region": ["N", "S"]}, 0, 1)], 2).status == "infeasible"


def test_blank_values_are_free_of_at_most_one() -> None:
    pool = Pool.build(list("abcd"), [9, 8, 7, 1], {"org": ["", "", "x", "x"]})
    assert set(solve(pool, [AtMost("org")], 3).selected) == {"a", "b", "c"}


def test_the_nearest_choice_takes_the_steps_of_the_relaxation() -> None:
    pool = Pool.build(list("abc"), [3, 2, 1], {"region": ["N", "S", "S"]})
    problem = state(pool, [Target.of({"region": "N"}, 2)], 2)
    found = solve(pool, [Target.of({"region": "N"}, 2)], 2)
    assert found.status == "infeasible" and found.selected == () and found.relaxation is not None
    assert set(nearest(problem, found.relaxation).selected) == {"a", "b"}


@pytest.mark.parametrize(
    ("rules", "size", "inside", "outside", "field"),
    [
        ([Target.of({"planet": "Mars"}, 1)], 1, [], [], "at least 1 with planet Mars"),
        ([Target.of({"region": "N"}, 3, 2)], 1, [], [], "between 3 and 2 with region N"),
        ([Target.of({"region": "N"}, -1)], 1, [], [], "at least -1 with region N"),
        ([], 4, [], [], "size"),
        ([], 0, [], [], "size"),
        ([], 3, [], ["a"], "size"),
        ([], 1, ["a", "b"], [], "pinned_in"),
        ([], 1, ["zz"], [], "pinned_in"),
        ([], 1, ["a"], ["a"], "pinned_in"),
    ],
)
def test_what_makes_no_sense_is_refused(
    rules: list[Rule], size: int, inside: list[str], outside: list[str], field: str
) -> None:
    pool = Pool.build(list("abc"), [3, 2, 1], {"region": ["N", "S", "S"]})
    with pytest.raises(Invalid) as refused:
        solve(pool, rules, size, pinned_in=inside, pinned_out=outside)
    assert set(refused.value.problems) == {field}
