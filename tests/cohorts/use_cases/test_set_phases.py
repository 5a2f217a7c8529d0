"""What the phases of a panel allow, and what the clock says when they turn."""

from datetime import timedelta

import pytest

from services.cohorts.domain.phases import DISCUSSION, SCORING, Phases
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.read_reviews import my_panels, open_review
from services.cohorts.use_cases.set_phases import begin_next, set_phases
from shared.contracts.cohorts import ReviewsAssigned
from shared.errors import Conflict, Stale
from tests.cohorts.programme import STAFF, Programme

DAY = timedelta(days=1)


def _panel(programme: Programme) -> Phases:
    """One reviewer with two applications, in a panel that scores from tomorrow on for a week, then talks for a week."""
    programme.fill(2)
    programme.settle()
    now = programme.clock()
    dates = Phases(scoring_opens_at=now + DAY, scoring_closes_at=now + 8 * DAY, discussion_closes_at=now + 15 * DAY)
    programme.do(set_phases, STAFF, programme.round_id, dates, None)
    programme.member = programme.reviewer("Ada")  # type: ignore[attr-defined]
    programme.assign()
    return dates


def _entries(programme: Programme) -> list[str]:
    with programme.units.begin(write=False) as uow:
        rows = uow.record.of_round(programme.round_id)
        return [f"{row.actor}: {row.detail['phase']}" for row in rows if row.action == "phase_began"]


def test_nothing_is_read_before_scoring_opens_and_nothing_changes_after_it_ends(programme: Programme) -> None:
    _panel(programme)
    member, ada = programme.member, programme.actor("Ada")  # type: ignore[attr-defined]
    first, second = programme.list_of(member)
    with programme.units.begin(write=False) as uow:
        assert my_panels(uow, ada)[0].reviews == []
        with pytest.raises(Conflict, match="not begun"):
            open_review(uow, ada, first)
    assert programme.published(ReviewsAssigned) == []
    programme.clock.advance(DAY)
    assert programme.run_due() == ["panel_turn"]
    assert [event["count"] for event in programme.published(ReviewsAssigned)] == [2]
    programme.review("Ada", first, 4)
    programme.clock.advance(7 * DAY)
    programme.run_due()
    with pytest.raises(Conflict, match="closed"):
        programme.review("Ada", second, 4)
    with programme.units.begin(write=False) as uow:
        assert my_panels(uow, ada)[0].phase == DISCUSSION
        assert not open_review(uow, ada, first).open
    programme.clock.advance(7 * DAY)
    programme.run_due()
    with pytest.raises(Conflict):
        programme.do(hand_back, ada, second, "Too late.")
    assert _entries(programme)[::-1][1:] == ["the clock: scoring", "the clock: discussion", "the clock: closed"]


def test_staff_can_begin_a_phase_early_and_the_clock_then_says_nothing(programme: Programme) -> None:
    _panel(programme)
    assert programme.do(begin_next, STAFF, programme.round_id, None) == SCORING
    assert len(programme.published(ReviewsAssigned)) == 1
    programme.clock.advance(DAY)
    assert programme.run_due() == []
    assert programme.do(begin_next, STAFF, programme.round_id, None) == DISCUSSION
    programme.do(begin_next, STAFF, programme.round_id, None)
    with pytest.raises(Conflict, match="has closed"):
        programme.do(begin_next, STAFF, programme.round_id, None)
    assert [entry.split(": ")[0] for entry in _entries(programme)] == ["Sam Staff"] * 4


def test_dates_set_over_somebody_elses_are_refused(programme: Programme) -> None:
    _panel(programme)
    with pytest.raises(Stale):
        programme.do(set_phases, STAFF, programme.round_id, Phases(), 1)
