"""The shortlist pages in the database: every row once, in order, whatever the filters and the missing figures."""

import pytest

from services.cohorts.storage.repositories.shortlist import SORTS, Filters
from services.cohorts.use_cases.list_shortlist import list_shortlist
from shared.errors import Invalid
from tests.cohorts.programme import Programme


def _all(programme: Programme, sort: str, filters: Filters | None = None, limit: int = 3) -> list[str]:
    found: list[str] = []
    after = None
    with programme.units.begin(write=False) as uow:
        while True:
            page = list_shortlist(uow, programme.round_id, filters or Filters(), sort, after, limit)
            found += [row.application.reference for row in page.rows]
            after = page.after
            if after is None:
                return found


@pytest.fixture(autouse=True)
def _pool(programme: Programme) -> None:
    """Seven scored applications, two of them equal, and two without a score."""
    programme.open_round()
    programme.settle()
    for number, score in enumerate([50.0, 70.0, 70.0, 10.0, 90.0, 30.0, 20.0], start=1):
        programme.apply(number, score=score)
    programme.apply(8)
    programme.apply(9)


def test_the_highest_comes_first_and_what_has_no_score_last(programme: Programme) -> None:
    found = _all(programme, "blended")
    assert found[0] == "APP-005"
    assert set(found[1:3]) == {"APP-002", "APP-003"}
    assert found[3:7] == ["APP-001", "APP-006", "APP-007", "APP-004"]
    assert set(found[7:]) == {"APP-008", "APP-009"}


@pytest.mark.parametrize("limit", [1, 4])
def test_every_order_shows_every_row_once(programme: Programme, limit: int) -> None:
    for sort in SORTS:
        assert sorted(_all(programme, sort, limit=limit)) == [f"APP-{n:03}" for n in range(1, 10)], sort


def test_filters_narrow(programme: Programme) -> None:
    assert set(_all(programme, "reference", Filters(attributes={"region": "north"}))) == {
        "APP-002", "APP-004", "APP-006", "APP-008",
    }  # fmt: skip
    assert _all(programme, "reference", Filters(text="-00%")) == []
    assert _all(programme, "reference", Filters(text="007")) == ["APP-007"]
    assert _all(programme, "reference", Filters(least_reviews=1)) == []


def test_an_attribute_with_several_values_matches_each(programme: Programme) -> None:
    programme.apply(10, attributes={"region": ["north", "london"]})
    assert "APP-010" in _all(programme, "reference", Filters(attributes={"region": "london"}))
    assert "APP-010" in _all(programme, "reference", Filters(attributes={"region": "north"}))
    assert "APP-010" not in _all(programme, "reference", Filters(attributes={"region": "lon"}))


def test_who_withdrew_is_not_on_it(programme: Programme) -> None:
    programme.withdraw(programme.applications[4])
    assert "APP-005" not in _all(programme, "blended")


def test_a_cursor_that_is_not_ours_is_refused(programme: Programme) -> None:
    with programme.units.begin(write=False) as uow, pytest.raises(Invalid):
        list_shortlist(uow, programme.round_id, Filters(), "blended", (1.0, "not an id"))
