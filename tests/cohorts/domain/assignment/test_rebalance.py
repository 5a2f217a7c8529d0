from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.assignment import Pair, assign, rebalance

REVIEWERS = ["r0", "r1", "r2", "r3"]


def load_of(pairs, reviewers):
    return sorted(sum(r == b for _, b in pairs) for r in reviewers)


def every_assignment(applications, reviewers, conflicts, per_application):
    options = [
        [
            {(a, r) for r in some}
            for some in combinations([r for r in reviewers if (a, r) not in conflicts], per_application)
        ]
        for a in applications
    ]
    return [set().union(*choice) for choice in product(*options)]


@settings(max_examples=50, deadline=None)
@given(
    st.integers(2, 5), st.sets(st.tuples(st.sampled_from(["a0", "a1", "a2"]), st.sampled_from(REVIEWERS)), max_size=2)
)
def test_as_little_as_possible_moves_after_a_drop_out(n, conflicts):
    applications = [f"a{i}" for i in range(n)]
    before = assign(applications, REVIEWERS, per_application=2)
    left = REVIEWERS[1:]
    found = rebalance(applications, left, before.pairs, per_application=2, conflicts=conflicts)
    all_ = every_assignment(applications, left, conflicts, 2)
    if not all_:
        assert found.assignment.clashes
        return
    squares = min(sum(x * x for x in load_of(pairs, left)) for pairs in all_)
    even = [pairs for pairs in all_ if sum(x * x for x in load_of(pairs, left)) == squares]
    assert sum(x * x for x in found.assignment.load.values()) == squares
    assert len(found.kept) == max(len(pairs & set(before.pairs)) for pairs in even)
    assert set(found.kept) <= set(found.assignment.pairs)
    assert not set(found.assignment.pairs) & conflicts


def test_in_a_round_of_some_size_only_the_orphans_are_given_out_anew():
    applications, reviewers = [f"a{i:03}" for i in range(120)], [f"r{j:02}" for j in range(13)]
    before = assign(applications, reviewers, per_application=3)
    found = rebalance(applications, reviewers[:-1], before.pairs, per_application=3)
    assert set(found.released) == {p for p in before.pairs if p.reviewer == "r12"}
    assert found.moved == ()
    assert len(found.added) == len(found.released)
    assert set(found.assignment.load.values()) == {30}


def test_pinned_reviews_stay_though_loads_are_less_even_for_it():
    pinned = [("a0", "r0"), ("a1", "r0"), ("a2", "r0")]
    found = rebalance(["a0", "a1", "a2"], ["r0", "r1", "r2"], pinned, per_application=1, pinned=pinned)
    assert found.assignment.pairs == tuple(Pair(*p) for p in pinned)
    assert found.moved == ()


def test_uneven_pairs_give_way():
    before = [("a0", "r0"), ("a1", "r0"), ("a2", "r0")]
    found = rebalance(["a0", "a1", "a2"], ["r0", "r1", "r2"], before, per_application=1)
    assert len(found.kept) == 1
    assert set(found.assignment.load.values()) == {1}


def test_a_new_conflict_releases_the_pair_even_if_pinned():
    found = rebalance(["a"], ["r", "s"], [("a", "r")], per_application=1, conflicts=[("a", "r")], pinned=[("a", "r")])
    assert found.released == (Pair("a", "r"),)
    assert found.added == (Pair("a", "s"),)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_fewest_move_whatever_limits_conflicts_and_begun_reviews_there_are(data):
    n, per_application = data.draw(st.integers(2, 4)), data.draw(st.integers(1, 2))
    applications = [f"a{i}" for i in range(n)]
    pairs = [(a, r) for a in applications for r in REVIEWERS]
    before = assign(applications, REVIEWERS, per_application=per_application).pairs
    begun = data.draw(st.sets(st.sampled_from(before), max_size=2))
    conflicts = data.draw(st.sets(st.sampled_from(pairs), max_size=3))
    left = data.draw(st.lists(st.sampled_from(REVIEWERS), min_size=2, max_size=4, unique=True))
    capacity = {r: data.draw(st.integers(1, 4)) for r in left}
    found = rebalance(
        applications, left, before,
        per_application=per_application, conflicts=conflicts, capacity=capacity, pinned=begun,
    )  # fmt: skip
    fixed = {p for p in begun if p.reviewer in left and p not in conflicts}
    held = {r: sum(b == r for _, b in fixed) for r in left}
    all_ = [
        one
        for one in every_assignment(applications, left, conflicts, per_application)
        if fixed <= one and all(load <= max(capacity[r], held[r]) for r, load in _loads(one, left).items())
    ]
    if not all_:
        assert found.assignment.clashes
        return
    squares = min(sum(x * x for x in load_of(one, left)) for one in all_)
    even = [one for one in all_ if sum(x * x for x in load_of(one, left)) == squares]
    assert fixed <= set(found.assignment.pairs)
    assert set(found.assignment.pairs) in even
    assert len(set(found.assignment.pairs) & set(before)) == max(len(one & set(before)) for one in even)


def _loads(pairs, reviewers):
    return {r: sum(r == b for _, b in pairs) for r in reviewers}
