import numpy as np
import pytest

from services.cohorts.domain.assignment.flow import solve
from services.cohorts.domain.assignment.loads import even_bounds


@pytest.mark.parametrize("seed", range(5))
def test_pairs_that_were_not_shown_at_first_are_priced_in(seed):
    """The first reviewers suit almost all, so many applications must take pairs that looked poor at first."""
    rng = np.random.default_rng(seed)
    n, m = 240, 40
    cost = (np.arange(m)[None, :] * 25 + rng.integers(0, 1000, (n, m))).astype(np.int64)
    allowed, need = rng.random((n, m)) > 0.1, np.full(n, 2)
    bounds = even_bounds(np.zeros(m, dtype=np.int64), np.full(m, n), 2 * n)
    few = solve(cost, allowed, need, bounds)
    all_ = solve(cost, allowed, need, bounds, shown=allowed)
    assert (few.shown < allowed).any()
    assert cost[few.chosen].sum() == cost[all_.chosen].sum()
    assert (few.chosen.sum(axis=1) == 2).all()
    assert (few.chosen.sum(axis=0) == 12).all()
    assert (few.chosen <= allowed).all()


def test_no_price_shows_a_cheaper_exchange():
    rng = np.random.default_rng(9)
    cost, allowed = rng.integers(0, 50, (100, 50)).astype(np.int64), np.ones((100, 50), dtype=bool)
    bounds = even_bounds(np.zeros(50, dtype=np.int64), np.full(50, 100), 300)
    found = solve(cost, allowed, np.full(100, 3), bounds)
    net = cost - found.prices
    worst, best_left = np.where(found.chosen, net, -999).max(axis=1), np.where(found.chosen, 999, net).min(axis=1)
    assert (worst <= best_left).all()


def test_bounds_that_cannot_be_kept_have_no_flow():
    allowed = np.ones((2, 2), dtype=bool)
    allowed[:, 1] = False
    bounds = even_bounds(np.zeros(2, dtype=np.int64), np.full(2, 2), 2)
    assert solve(np.zeros((2, 2), dtype=np.int64), allowed, np.array([1, 1]), bounds) is None
