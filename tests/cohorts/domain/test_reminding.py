"""Who is reminded of what, and who is left in peace."""

from datetime import UTC, datetime, timedelta

from services.cohorts.domain.phases import Phases
from services.cohorts.domain.reminding import QUIET, Reading, round_reminders, wanted_reminder

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PHASES = Phases(scoring_due_at=NOW + 7 * DAY, scoring_closes_at=NOW + 14 * DAY)
HALF = Reading(assigned=4, begun=1, done=2)


def test_reminders_come_before_the_day_asked_for_after_it_and_before_the_end() -> None:
    times = round_reminders(PHASES, NOW)
    assert times == {"soon": NOW + 4 * DAY, "overdue": NOW + 8 * DAY, "last": NOW + 13 * DAY}


def test_without_a_day_asked_for_the_end_is_what_counts() -> None:
    assert round_reminders(Phases(scoring_closes_at=NOW + 14 * DAY), NOW) == {"soon": NOW + 11 * DAY}
    assert round_reminders(Phases(), NOW) == {}


def test_what_is_past_is_not_reminded_of() -> None:
    assert "soon" not in round_reminders(PHASES, NOW + 5 * DAY)


def about(reason: str, **changes: object) -> str | None:
    given: dict = {"declared": True, "reading": HALF, "last": None, **changes}
    return wanted_reminder(reason, PHASES, given.pop("now", NOW), **given)


def test_whoever_has_finished_is_left_in_peace() -> None:
    assert about("soon") == "soon"
    assert about("soon", reading=Reading(4, 0, 4)) is None
    assert about("asked", reading=Reading(0, 0, 0)) is None


def test_whoever_has_started_is_not_told_that_they_have_not() -> None:
    assert about("not_started") is None
    assert about("not_started", reading=Reading(4, 0, 0)) == "not_started"


def test_whoever_has_not_declared_hears_of_that_first() -> None:
    assert about("soon", declared=False) == "not_declared"
    assert about("not_declared", declared=True) is None


def test_nobody_is_reminded_twice_in_a_day_or_when_nothing_can_be_done() -> None:
    assert about("soon", last=NOW - QUIET / 2) is None
    assert about("soon", last=NOW - QUIET) == "soon"
    assert about("soon", now=NOW + 15 * DAY) is None
