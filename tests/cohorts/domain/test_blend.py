"""The blended score."""

import pytest

from services.cohorts.domain.blend import Weights, blended


@pytest.mark.parametrize(
    ("priority", "review", "weights", "expected"),
    [
        (40.0, 3.0, Weights(50, 50, 80.0), 50.0),
        (80.0, 5.0, Weights(30, 70, 80.0), 100.0),
        (-10.0, 1.0, Weights(50, 50, 80.0), 0.0),
        (40.0, None, Weights(100, 0, 80.0), 50.0),
        (None, 2.0, Weights(0, 100, 0.0), 25.0),
        (40.0, None, Weights(50, 50, 80.0), None),
        (None, 3.0, Weights(50, 50, 80.0), None),
        (0.0, 3.0, Weights(100, 0, 0.0), 0.0),
    ],
)
def test_parts_count_by_their_weights(
    priority: float | None, review: float | None, weights: Weights, expected: float | None
) -> None:
    assert blended(priority, review, weights) == expected
