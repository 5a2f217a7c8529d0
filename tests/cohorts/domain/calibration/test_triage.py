import pytest

from services.cohorts.domain.calibration.triage import chance_of


@pytest.mark.parametrize(
    ("squares", "freedom", "chance"),
    [
        (3.841, 1, 0.05),
        (6.635, 1, 0.01),
        (5.991, 2, 0.05),
        (9.210, 2, 0.01),
        (7.815, 3, 0.05),
        (18.307, 10, 0.05),
        (0.0, 2, 1.0),
        (0.0, 3, 1.0),
    ],
)
def test_the_tables_of_chi_squared(squares, freedom, chance):
    assert chance_of(squares, freedom) == pytest.approx(chance, abs=2e-4)
