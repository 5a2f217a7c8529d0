from itertools import pairwise
from math import comb, isclose

import highspy
import numpy as np
import pytest
from hypothesis import assume, given, settings

from services.cohorts.domain.lottery.lottery import Lottery, hold
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.targets import AtMost, Rule, Target
from shared.errors import Invalid
from tests.cohorts.domain.selection.brute import cases, choices, keeps

Case = tuple[Pool, list[Rule], int]


def held_by(pool: Pool, panels: list[tuple[int, ...]]) -> "np.typing.NDArray[np.float64]":
    held = np.zeros((len(panels), len(pool)))
    for number, panel in enumerate(panels):
        held[number, list(panel)] = 1
    return held


def highest(held: "np.typing.NDArray[np.float64]", floors: list[float | None], raised: list[int]) -> float:
    """The most that the lowest chance of `raised` can be over all panels, when everybody else has their floor."""
    solver = highspy.Highs()
    solver.silent()
    weights = [solver.addVariable(0, 1) for _ in held]
    floor = solver.addVariable(0, 1)
    solver.addConstr(solver.qsum(weights) == 1)
    for person, least in enumerate(floors):
        chance = solver.qsum(w for w, panel in zip(weights, held, strict=True) if panel[person])
        if person in raised:
            solver.addConstr(chance >= floor)
        elif least is not None:
            solver.addConstr(chance >= least - 1e-9)
    solver.maximize(1 * floor)
    return float(solver.val(floor))


def leximin_by_hand(held: "np.typing.NDArray[np.float64]") -> list[float]:
    """Leximin chances, lowest first, from every panel there is: raise all, fix whoever cannot go higher, repeat."""
    everybody = [person for person in range(held.shape[1]) if held[:, person].any()]
    floors: list[float | None] = [None] * held.shape[1]
    left = list(everybody)
    while left:
        level = highest(held, floors, left)
        trial = [level if person in left else floor for person, floor in enumerate(floors)]
        stuck = [person for person in left if highest(held, trial, [person]) < level + 1e-6]
        for person in stuck:
            floors[person] = level
        left = [person for person in left if person not in stuck]
    return sorted(floor for floor in floors if floor is not None)


def possible(case: Case) -> list[tuple[int, ...]]:
    pool, rules, size = case
    panels = list(choices(pool, rules, size))
    assume(panels)
    return panels


@settings(max_examples=40, deadline=None)
@given(cases(most=8))
def test_maximin_gives_the_lowest_chance_that_all_panels_together_could(case: Case) -> None:
    pool, rules, size = case
    panels = possible(case)
    held = held_by(pool, panels)
    able = [person for person in range(len(pool)) if held[:, person].any()]
    found = hold(pool, rules, size, aim="maximin")
    assert found.minimum == pytest.approx(highest(held, [None] * len(pool), able), abs=1e-6)
    assert found.bound == pytest.approx(found.minimum, abs=1e-6)
    assert set(found.impossible) == {pool.ids[person] for person in range(len(pool)) if person not in able}


@settings(max_examples=40, deadline=None)
@given(cases(most=7))
def test_leximin_gives_the_chances_that_all_panels_together_could(case: Case) -> None:
    pool, rules, size = case
    panels = possible(case)
    found = hold(pool, rules, size, aim="leximin")
    wanted = leximin_by_hand(held_by(pool, panels))
    assert found.in_the_draw == pytest.approx(wanted, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(cases(most=8))
def test_whoever_is_drawn_keeps_the_rules_and_the_chances_add_up(case: Case) -> None:
    pool, rules, size = case
    possible(case)
    for seed in ("a", "b", "c"):
        found = hold(pool, rules, size, aim="leximin", seed=seed)
        assert len(set(found.drawn)) == size
        assert all(keeps(pool, rule, [pool.index[person] for person in found.drawn]) for rule in rules)
    assert sum(found.chances.values()) == pytest.approx(size)
    assert sum(panel.weight for panel in found.distribution.panels) == 10**12


@settings(max_examples=15, deadline=None)
@given(cases(most=8))
def test_pins_are_sure_and_nobody_else_is_told_that_they_are(case: Case) -> None:
    pool, rules, size = case
    inside, outside = [pool.ids[0]], [pool.ids[1]]
    assume(next(choices(pool, rules, size, inside, outside), None))
    found = hold(pool, rules, size, pinned_in=inside, pinned_out=outside, seed="s")
    assert found.chances[inside[0]] == 1 and inside[0] in found.drawn
    assert found.chances[outside[0]] == 0 and outside[0] in found.impossible
    assert len(found.in_the_draw) + len(found.impossible) + 1 == len(pool)


def programme(people: int, size: int, seed: int = 3) -> tuple[Pool, list[Rule]]:
    rng = np.random.default_rng(seed)
    columns, rules = {}, []
    for feature, values in enumerate((2, 3, 4)):
        share = rng.dirichlet(np.full(values, 3.0))
        columns[f"f{feature}"] = [f"v{code}" for code in rng.choice(values, people, p=share)]
        for value, part in enumerate(share):
            least, most = int(0.8 * part * size), int(1.2 * part * size) + 1
            rules.append(Target.of({f"f{feature}": f"v{value}"}, least, most))
    return Pool.build([f"p{n}" for n in range(people)], None, columns), list(rules)


def test_leximin_is_never_lower_at_the_bottom_and_more_even_than_maximin() -> None:
    pool, rules = programme(120, 15)
    low, lex = (hold(pool, rules, 15, aim=aim) for aim in ("maximin", "leximin"))
    assert lex.minimum == pytest.approx(low.minimum, abs=1e-7)
    firsts = [(a, b) for a, b in zip(lex.in_the_draw, low.in_the_draw, strict=True) if not isclose(a, b, abs_tol=1e-6)]
    assert not firsts or firsts[0][0] > firsts[0][1]
    assert lex.gini <= low.gini + 1e-9


def test_without_targets_everybody_has_the_same_chance() -> None:
    pool = Pool.build([str(n) for n in range(10)], None, {})
    found = hold(pool, [], 3)
    assert set(found.chances.values()) == {0.3}
    assert (found.gini, found.geometric_mean) == (pytest.approx(0), pytest.approx(0.3))


def test_the_measures_of_evenness_are_those_of_the_textbook() -> None:
    found = Lottery("optimal", "maximin", chances={"a": 0.1, "b": 0.3})
    assert found.gini == pytest.approx(0.25)
    assert found.geometric_mean == pytest.approx(0.03**0.5)


def test_at_most_one_per_organisation_holds_in_every_panel() -> None:
    pool = Pool.build(list("abcdef"), None, {"org": list("xxxyyz")})
    found = hold(pool, [AtMost("org")], 3, aim="maximin")
    assert found.minimum == pytest.approx(1 / 3, abs=1e-9)
    assert found.chances["f"] == pytest.approx(1)


def test_the_order_of_the_pool_does_not_change_the_minimum() -> None:
    pool, rules = programme(60, 10)
    backwards = Pool.build(
        pool.ids[::-1],
        None,
        {name: [column.text(person) for person in range(59, -1, -1)] for name, column in pool.columns.items()},
    )
    first, second = (hold(each, rules, 10) for each in (pool, backwards))
    assert first.in_the_draw == pytest.approx(second.in_the_draw, abs=1e-6)
    weights = [panel.weight for panel in first.distribution.panels]
    assert all(heavier >= lighter for heavier, lighter in pairwise(weights))


def test_targets_that_clash_are_told_as_for_a_selection() -> None:
    pool = Pool.build(list("abc"), None, {"region": list("NSS")})
    found = hold(pool, [Target.of({"region": "N"}, 2)], 2)
    assert found.status == "infeasible"
    assert found.relaxation is not None and found.relaxation.cost == 1
    assert found.clash is not None and "at least 2 with region N" in found.clash.text


def test_an_unknown_aim_is_refused() -> None:
    with pytest.raises(Invalid):
        hold(Pool.build(["a"], None, {}), [], 1, aim="fairest")


def test_the_number_of_panels_stays_small() -> None:
    pool, rules = programme(120, 15)
    found = hold(pool, rules, 15, aim="maximin")
    assert len(found.distribution.panels) <= len(found.distribution.kinds) + 1 < comb(120, 15)
