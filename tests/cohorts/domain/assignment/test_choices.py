from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.assignment.choices import best_choice


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(-9, 0), st.booleans()), min_size=3, max_size=7),
    st.integers(1, 3),
    st.integers(0, 27),
)
def test_the_best_set_is_the_best_of_all_sets(people, need, floor):
    affinity = np.array([x for x, _, _ in people])
    worth = np.array([float(x + price) if may else -np.inf for x, price, may in people])
    sets = [s for s in combinations(range(len(people)), need) if np.isfinite(worth[list(s)]).all()]
    reaching = [s for s in sets if affinity[list(s)].sum() >= floor]
    if not reaching:
        return
    found = best_choice(worth, affinity, need, floor)
    best = max(worth[list(s)].sum() for s in reaching)
    assert worth[list(found.reviewers)].sum() == pytest.approx(best)
    assert affinity[list(found.reviewers)].sum() >= floor
    assert found.bound == pytest.approx(best)
