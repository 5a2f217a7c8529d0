import subprocess
import sys

import numpy as np
import pytest

from services.cohorts.domain.assignment import assign


@pytest.mark.parametrize("first", ["highspy", "ortools.graph.python.min_cost_flow"])
def test_both_solvers_live_in_one_process_whichever_comes_first(first):
    """Both packages carry a HiGHS library; versions that share its file name cannot be loaded together."""
    code = f"import {first}, highspy, ortools.graph.python.min_cost_flow, ortools.graph.python.max_flow"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_where_all_want_the_same_few_the_floor_is_shared_out():
    """Every application would like the same reviewers: only swaps and the integer program can serve all alike."""
    rng = np.random.default_rng(3)
    table = np.round(rng.random(6)[None, :] + 0.1 * rng.random((18, 6)), 3)
    applications, reviewers = [f"a{i:02}" for i in range(18)], [f"r{j}" for j in range(6)]
    found = assign(applications, reviewers, per_application=2, affinities=table)
    mean = found.total_affinity / 18
    assert set(found.load.values()) == {6}
    assert found.minimum_affinity > 0.8 * mean
    assert found.minimum_affinity <= found.floor_bound <= found.total_bound / 18 + 1e-9 or found.optimal
