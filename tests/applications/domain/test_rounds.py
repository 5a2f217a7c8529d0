from datetime import UTC, datetime, timedelta

import pytest

from services.applications.domain.rounds import (
    MOVES,
    Round,
    State,
    Times,
    is_open,
    last_moment,
    may_submit,
    move,
    parse_times,
    state_at,
)
from shared.errors import Conflict, Invalid


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_moves_that_are_allowed_and_those_that_are_not() -> None:
    assert move(State.DRAFT, State.OPEN) is State.OPEN
    assert move(State.PAUSED, State.OPEN) is State.OPEN
    assert move(State.CLOSED, State.OPEN) is State.OPEN
    for state in State:
        for to in set(State) - MOVES[state]:
            with pytest.raises(Conflict):
                move(state, to)
    assert MOVES[State.ARCHIVED] == frozenset()


def test_a_deadline_of_23_59_lasts_until_midnight_of_its_own_zone() -> None:
    summer = Round(State.OPEN, parse_times("Europe/London", "2027-03-31 23:59"))
    assert is_open(summer, at("2027-03-31 22:59:59"))  # 23:59:59 in London, where clocks are an hour ahead
    assert not is_open(summer, at("2027-03-31 23:00:00"))
    assert last_moment(datetime(2027, 2, 28, 23, 59), "Asia/Kabul") == at("2027-02-28 19:30")


def test_clock_change_on_deadline_night_is_read_in_the_applicants_favour() -> None:
    # In London 01:30 comes twice on 31 October 2027, and not at all on 28 March 2027.
    assert last_moment(datetime(2027, 10, 31, 1, 30), "Europe/London") == at("2027-10-31 01:31")
    assert last_moment(datetime(2027, 3, 28, 1, 30), "Europe/London") == at("2027-03-28 01:31")
    assert last_moment(datetime(2027, 3, 28, 0, 30), "Europe/London") == at("2027-03-28 00:31")


def test_only_an_open_round_within_its_times_is_open() -> None:
    times = Times("Europe/London", datetime(2027, 2, 28, 23, 59), datetime(2027, 1, 11, 9, 0))
    inside = at("2027-02-01 12:00")
    assert [state for state in State if is_open(Round(state, times), inside)] == [State.OPEN]
    assert not is_open(Round(State.OPEN, times), at("2027-01-11 08:59:59"))
    assert is_open(Round(State.OPEN, times), at("2027-01-11 09:00"))
    assert state_at(Round(State.OPEN, times), at("2027-03-01 00:00")) is State.CLOSED


def test_an_extension_outlives_deadline_and_closing_but_not_pause_or_archive() -> None:
    times = Times("Europe/London", datetime(2027, 2, 28, 23, 59))
    now = at("2027-03-02 12:00")
    extended = now + timedelta(hours=1)
    allowed = {state for state in State if may_submit(Round(state, times), now, extended)}
    assert allowed == {State.OPEN, State.CLOSED}
    assert not may_submit(Round(State.OPEN, times), now)
    assert not may_submit(Round(State.OPEN, times), extended, extended)


@pytest.mark.parametrize(
    ("zone", "deadline", "opens", "fields"),
    [
        ("Mars/Base", "2027-02-28 23:59", None, {"zone"}),
        ("Europe/London", "28 Feb", None, {"deadline"}),
        ("Europe/London", "2027-02-28T23:59+00:00", None, {"deadline"}),
        ("Europe/London", "2027-02-28 23:59", "2027-03-01 09:00", {"deadline"}),
        (None, None, "soon", {"zone", "deadline", "opens"}),
    ],
)
def test_times_that_make_no_sense_are_refused(zone: object, deadline: object, opens: object, fields: set[str]) -> None:
    with pytest.raises(Invalid) as invalid:
        parse_times(zone, deadline, opens)
    assert set(invalid.value.problems) == fields
