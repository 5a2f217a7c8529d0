from decimal import Decimal

import pytest

from services.cohorts.domain.selection.pool import Pool
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("scores", "places", "gains"),
    [
        ([3, 2], 0, [3, 2]),
        (["7.25", "6"], 2, [725, 600]),
        ([0.1, 0.3], 1, [1, 3]),
        ([Decimal("1.00004"), Decimal("1.00006")], 4, [10000, 10001]),
        ([-2.5, 0], 1, [-25, 0]),
    ],
)
def test_scores_are_kept_in_the_coarsest_whole_units(scores: list[float], places: int, gains: list[int]) -> None:
    pool = Pool.build(["a", "b"], scores, {})
    assert (pool.places, pool.gains.tolist()) == (places, gains)


def test_units_and_points_are_there_and_back() -> None:
    pool = Pool.build(["a"], ["73.25"], {})
    assert pool.points(7325) == Decimal("73.25")
    assert pool.units("73.25") == 7325


@pytest.mark.parametrize(
    ("ids", "scores", "columns", "field"),
    [
        ([], None, {}, "pool"),
        (["a", "a"], None, {}, "ids"),
        (["a"], [1, 2], {}, "scores"),
        (["a"], None, {"x": []}, "x"),
        (["a"], [float("nan")], {}, "scores"),
        (["a"], [2.0**30], {}, "scores"),
        (["a", "b"], [2.0**29, 0.5432], {}, "scores"),
    ],
)
def test_what_is_no_pool_is_refused(
    ids: list[str], scores: list[float] | None, columns: dict[str, list[str]], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Pool.build(ids, scores, columns)
    assert set(refused.value.problems) == {field}
