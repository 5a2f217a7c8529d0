"""Phases follow the dates alone."""

from datetime import UTC, datetime, timedelta

import pytest

from services.cohorts.domain.phases import (
    CLOSED,
    DISCUSSION,
    PREPARING,
    SCORING,
    Phases,
    check_dates,
    check_discussion,
    check_reading,
    check_scoring,
)
from shared.errors import Conflict, Invalid

MONDAY = datetime(2027, 3, 1, 0, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ALL = Phases(
    scoring_opens_at=MONDAY,
    scoring_due_at=MONDAY + WEEK,
    scoring_closes_at=MONDAY + 2 * WEEK,
    discussion_closes_at=MONDAY + 3 * WEEK,
)


def test_each_phase_begins_on_its_date_and_not_before() -> None:
    moment = timedelta(microseconds=1)
    assert [ALL.at(MONDAY + n * WEEK - moment) for n in (0, 2, 3)] == [PREPARING, SCORING, DISCUSSION]
    assert [ALL.at(MONDAY + n * WEEK) for n in (0, 2, 3)] == [SCORING, DISCUSSION, CLOSED]


def test_without_dates_scoring_is_open() -> None:
    assert Phases().at(MONDAY) == SCORING
    assert Phases(scoring_closes_at=MONDAY).at(MONDAY) == CLOSED
    assert Phases().turns() == []


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"scoring_opens_at": MONDAY, "scoring_closes_at": MONDAY}, "review_closes"),
        ({"scoring_due_at": MONDAY + WEEK, "scoring_closes_at": MONDAY}, "scoring_due"),
        ({"scoring_closes_at": MONDAY, "discussion_closes_at": MONDAY - WEEK}, "discussion_closes"),
        ({"discussion_closes_at": MONDAY}, "review_closes"),
    ],
)
def test_dates_out_of_order_are_refused_at_their_field(dates: dict[str, datetime], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_dates(Phases(**dates))
    assert list(refused.value.problems) == [field]


def test_what_may_be_done_in_each_phase() -> None:
    allowed = {}
    for phase, now in ((PREPARING, MONDAY - WEEK), (SCORING, MONDAY), (DISCUSSION, MONDAY + 2 * WEEK)):
        for name, check in (("read", check_reading), ("score", check_scoring), ("discuss", check_discussion)):
            try:
                check(ALL, now)
                allowed.setdefault(phase, []).append(name)
            except Conflict:
                pass
    assert allowed == {SCORING: ["read", "score"], DISCUSSION: ["read", "discuss"]}
