from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.assignment import Pair, assign
from shared.errors import Invalid


@st.composite
def rounds(draw, held=False):
    n, m = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    applications, reviewers = [f"a{i}" for i in range(n)], [f"r{j}" for j in range(m)]
    pairs = list(product(applications, reviewers))
    conflicts = draw(st.sets(st.sampled_from(pairs), max_size=4))
    values = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.6, 1.0])
    free = [pair for pair in pairs if pair not in conflicts]
    per_application = draw(st.integers(1, min(3, m)))
    existing = set()
    if held and free:
        for pair in sorted(draw(st.sets(st.sampled_from(free), max_size=3))):
            if sum(a == pair[0] for a, _ in existing) < per_application:
                existing.add(pair)
    return {
        "applications": applications,
        "reviewers": reviewers,
        "per_application": per_application,
        "conflicts": conflicts,
        "affinities": dict(zip(pairs, draw(st.lists(values, min_size=n * m, max_size=n * m)), strict=True)),
        "capacity": draw(st.none() | st.dictionaries(st.sampled_from(reviewers), st.integers(0, 4))),
        "existing": existing,
    }


def run(case, **changes):
    case = {**case, **changes}
    return assign(case.pop("applications"), case.pop("reviewers"), **case)


def every_assignment(case):
    """All assignments that keep the hard limits, as sets of pairs."""
    limits = case["capacity"] or {}
    held = {r: sum(b == r for _, b in case["existing"]) for r in case["reviewers"]}
    options = []
    for a in case["applications"]:
        mine = {r for b, r in case["existing"] if b == a}
        may = [r for r in case["reviewers"] if (a, r) not in case["conflicts"] and r not in mine]
        more = max(case["per_application"] - len(mine), 0)
        options.append([{(a, r) for r in (*some, *mine)} for some in combinations(may, more)])
    for choice in product(*options):
        pairs = set().union(*choice)
        load = loads(case, pairs)
        if all(load[r] <= max(limits.get(r, 99), held[r]) for r in case["reviewers"]):
            yield pairs


def loads(case, pairs):
    return {r: sum(b == r for _, b in pairs) for r in case["reviewers"]}


def value(case, pairs):
    """The order of preference: even loads, then the floor of those in need, then the total."""
    load = sorted(loads(case, pairs).values(), reverse=True)
    need = [a for a in case["applications"] if sum(b == a for b, _ in case["existing"]) < case["per_application"]]
    worth = {a: sum(round(case["affinities"][p] * 10) for p in pairs if p[0] == a) for a in case["applications"]}
    return -sum(x * x for x in load), min((worth[a] for a in need), default=0), sum(worth.values())


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_no_limit_is_ever_broken(case):
    found = run(case)
    if found.clashes:
        return
    for a in case["applications"]:
        assert sum(p.application == a for p in found.pairs) == case["per_application"]
    assert not set(found.pairs) & case["conflicts"]
    assert len(set(found.pairs)) == len(found.pairs)
    for r, limit in (case["capacity"] or {}).items():
        assert found.load[r] <= limit
    assert found.load == loads(case, found.pairs)


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_brute_force_agrees_on_loads_floor_and_total(case):
    found, all_ = run(case), list(every_assignment(case))
    assert bool(found.clashes) == (not all_)
    if not all_:
        return
    assert value(case, found.pairs) == max(value(case, pairs) for pairs in all_)
    assert found.optimal
    spread = min(max(x.values()) - min(x.values()) for x in (loads(case, pairs) for pairs in all_))
    assert found.highest_load - found.lowest_load == spread
    assert found.widened == (spread > 1)


@settings(max_examples=60, deadline=None)
@given(rounds(held=True))
def test_a_top_up_keeps_what_is_there_and_is_as_good_as_can_be(case):
    found, all_ = run(case), list(every_assignment(case))
    assert bool(found.clashes) == (not all_)
    assert case["existing"] <= set(found.pairs)
    if all_:
        assert value(case, found.pairs) == max(value(case, pairs) for pairs in all_)


@settings(max_examples=40, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(case, random):
    shuffled = {name: list(case[name]) for name in ("applications", "reviewers", "conflicts")}
    for values in shuffled.values():
        random.shuffle(values)
    affinities = list(case["affinities"].items())
    random.shuffle(affinities)
    assert run(case, **shuffled, affinities=dict(affinities)) == run(case)


def synthetic(n, m, seed=1):
    rng = np.random.default_rng(seed)
    topics = rng.dirichlet(np.ones(6) * 0.3, n) @ rng.dirichlet(np.ones(6) * 0.3, m).T
    return (
        np.round(topics + rng.random((n, m)) * 0.3, 3),
        [f"a{i:04}" for i in range(n)],
        [f"r{j:03}" for j in range(m)],
    )


def test_a_whole_round_is_even_proven_and_no_worse_than_its_bound():
    table, applications, reviewers = synthetic(300, 20)
    found = assign(applications, reviewers, per_application=3, affinities=table)
    assert set(found.load.values()) == {45}
    assert found.optimal
    assert found.minimum_affinity == found.floor_bound
    assert found.total_affinity == found.total_bound


def test_few_arcs_with_prices_give_the_answer_of_all_arcs():
    """The floor of a round without affinities binds nobody, so the total alone decides: compare with a plain solve."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    table, applications, reviewers = synthetic(400, 30)
    table[:, 0] += 5  # everybody wants the first reviewer: the total is a matter of prices
    found = assign(applications, reviewers, per_application=2, affinities=table)
    solver = SimpleMinCostFlow()
    for a, r in product(range(400), range(30)):
        solver.add_arc_with_capacity_and_unit_cost(a, 400 + r, 1, -round(table[a, r] * 1000))
    for r in range(30):
        solver.add_arc_with_capacity_and_unit_cost(400 + r, 430, 1, 0)
        solver.set_node_supply(400 + r, -26)
    for a in range(400):
        solver.set_node_supply(a, 2)
    solver.set_node_supply(430, -20)
    assert solver.solve() == solver.OPTIMAL
    assert found.total_affinity <= -solver.optimal_cost() / 1000 + 1e-6
    assert found.optimal or found.total_bound <= -solver.optimal_cost() / 1000 + 1e-6


def test_what_prices_leave_open_an_integer_program_settles():
    """A round in which the flows alone stop short of a proof."""
    table = np.round(np.random.default_rng(21).random((40, 8)) ** 3, 2)
    found = assign([f"a{i:02}" for i in range(40)], [f"r{j}" for j in range(8)], per_application=3, affinities=table)
    assert found.optimal
    assert found.total_affinity == found.total_bound == 61.26
    assert found.minimum_affinity == 0.38


def test_a_table_and_a_mapping_say_the_same():
    table, applications, reviewers = synthetic(20, 6)
    applications, reviewers = applications[::-1], reviewers[::-1]
    named = {(a, r): table[i, j] for i, a in enumerate(applications) for j, r in enumerate(reviewers)}
    by_table = assign(applications, reviewers, per_application=2, affinities=table)
    assert by_table == assign(applications, reviewers, per_application=2, affinities=named)


def test_a_low_capacity_widens_the_loads_and_says_so():
    found = assign([f"a{i}" for i in range(12)], ["ann", "ben", "cy"], per_application=2, capacity={"ann": 2})
    assert found.load == {"ann": 2, "ben": 11, "cy": 11}
    assert found.widened
    assert "ann has 2, which is its limit." in found.notes


def test_conflicts_that_keep_somebody_short_leave_the_others_even():
    applications = [f"a{i}" for i in range(8)]
    conflicts = [(a, "ann") for a in applications[1:]]
    found = assign(applications, ["ann", "ben", "cy", "di"], per_application=1, conflicts=conflicts)
    assert found.load["ann"] == 1
    assert sorted(found.load.values()) == [1, 2, 2, 3]


def test_a_top_up_evens_out_what_is_held_even_where_loads_cannot_be_within_one():
    applications = [f"a{i}" for i in range(8)]
    held = [(a, "ann") for a in applications[:4]]
    found = assign(applications, ["ann", "ben", "cy"], per_application=1, existing=held, capacity={"cy": 0})
    assert found.load == {"ann": 4, "ben": 4, "cy": 0}


def test_an_application_with_too_few_reviewers_is_named():
    found = assign(["a1", "a2"], ["r1", "r2"], per_application=2, conflicts=[("a2", "r1")])
    assert not found.feasible
    (clash,) = found.clashes
    assert (clash.kind, clash.applications, clash.needed, clash.available) == ("too-few-reviewers", ("a2",), 2, 1)


def test_too_little_room_in_all_is_counted():
    found = assign(["a1", "a2", "a3"], ["r1", "r2"], per_application=2, capacity=2)
    assert [(c.kind, c.needed, c.available) for c in found.clashes] == [("too-little-capacity", 6, 4)]


def test_a_crowd_around_few_reviewers_is_named_and_nobody_else():
    applications = [f"a{i}" for i in range(6)]
    conflicts = [(a, r) for a in ("a0", "a1", "a2") for r in ("r2", "r3", "r4")]
    found = assign(
        applications, [f"r{j}" for j in range(5)], per_application=1, conflicts=conflicts, capacity={"r0": 1, "r1": 1}
    )
    (clash,) = found.clashes
    assert clash.kind == "crowded"
    assert clash.applications == ("a0", "a1", "a2")
    assert clash.reviewers == ("r0", "r1")
    assert (clash.needed, clash.available) == (3, 2)


def test_ties_do_not_favour_the_front_of_the_alphabet():
    """Without affinities the draw decides: the first applications must not all go to the first reviewers."""
    found = assign([f"a{i:02}" for i in range(20)], [f"r{j}" for j in range(5)], per_application=1)
    assert len({p.reviewer for p in found.pairs[:4]}) > 1
    assert [p.reviewer for p in found.pairs] != sorted(p.reviewer for p in found.pairs)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"applications": ["a", "a"]}, "applications"),
        ({"reviewers": []}, "reviewers"),
        ({"per_application": 0}, "per_application"),
        ({"capacity": -1}, "capacity"),
        ({"affinities": {("a", "r"): float("nan")}}, "affinities"),
        ({"existing": [("a", "gone")]}, "existing"),
        ({"existing": [("a", "r")], "conflicts": [("a", "r")]}, "existing"),
    ],
)
def test_bad_input_is_refused_by_name(changes, field):
    case = {"applications": ["a"], "reviewers": ["r", "s"], "per_application": 1, **changes}
    with pytest.raises(Invalid) as refused:
        run(case)
    assert list(refused.value.problems) == [field]


def test_pairs_come_back_named():
    found = assign(["a"], ["r", "s"], per_application=1, affinities={("a", "s"): 1.5})
    assert found.pairs == found.added == (Pair("a", "s"),)
    assert found.total_affinity == found.minimum_affinity == 1.5


@settings(max_examples=40, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_other_names_change_neither_loads_nor_floor_nor_total(case, random):
    names = [f"n{i}" for i in range(len(case["applications"]) + len(case["reviewers"]))]
    random.shuffle(names)
    new = dict(zip([*case["applications"], *case["reviewers"]], names, strict=True))

    def pairs(old):
        return [(new[a], new[r]) for a, r in old]

    found = run(case)
    renamed = run(
        case,
        applications=[new[a] for a in case["applications"]],
        reviewers=[new[r] for r in case["reviewers"]],
        conflicts=pairs(case["conflicts"]),
        affinities=dict(zip(pairs(case["affinities"]), case["affinities"].values(), strict=True)),
        capacity=None if case["capacity"] is None else {new[r]: n for r, n in case["capacity"].items()},
    )
    assert bool(renamed.clashes) == bool(found.clashes)
    assert sorted(renamed.load.values()) == sorted(found.load.values())
    assert (renamed.minimum_affinity, renamed.total_affinity) == (found.minimum_affinity, found.total_affinity)
    assert renamed.optimal == found.optimal


def test_names_of_any_script_and_length_are_names():
    applications, reviewers = ["مرجع ١", "a" * 300, "O'Brien,\n1"], ["Ñuñez", "राम", " "]
    found = assign(applications, reviewers, per_application=2)
    assert set(found.load.values()) == {2}
