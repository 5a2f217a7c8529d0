"""How often an event is tried, and when it is given up."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Invalid, NotYet
from shared.messaging.delivery import STEPS, WAITS, Delivery, judge, queue_behind

NOW = datetime(2026, 3, 1, tzinfo=UTC)
failures = st.sampled_from(
    [ValueError("zoe@example.org"), KeyError("x"), NotYet("Not known yet."), Invalid({"a": ["b"]})]
)


def follow(errors: list[Exception]) -> list[object]:
    delivery, outcomes = Delivery(b"{}"), []
    for error in errors:
        outcome = judge(delivery, error, NOW)
        outcomes.append(outcome)
        if outcome.kind == "parked":
            break
        delivery = Delivery(b"{}", outcome.attempts, outcome.history)
    return outcomes


@settings(max_examples=60, deadline=None)
@given(st.lists(failures, max_size=30))
def test_the_fourth_failure_parks_and_waiting_is_never_counted_as_one(errors: list[Exception]) -> None:
    outcomes = follow(errors)
    hard = [error for error in errors if not isinstance(error, NotYet)]
    assert (len(outcomes) > 0 and outcomes[-1].kind == "parked") == (len(hard) > len(STEPS))
    delays = [
        o.delay for o, e in zip(outcomes, errors, strict=False) if not isinstance(e, NotYet) and o.kind == "retry"
    ]
    assert delays == list(STEPS[: len(delays)])
    for outcome in outcomes:
        assert outcome.delay in (0.0, *STEPS) and len(outcome.history) <= 20
        assert "zoe" not in str(outcome.history) + outcome.reason


def test_not_yet_is_patient_for_a_day_and_then_parked() -> None:
    outcomes = follow([NotYet("Not known yet.")] * (WAITS + 5))
    assert len(outcomes) == WAITS + 1
    assert [outcome.delay for outcome in outcomes[:4]] == [1, 10, 60, 60]
    assert sum(outcome.delay for outcome in outcomes) >= 24 * 3600
    assert outcomes[-1].kind == "parked" and outcomes[-1].reason == "NotYet: Not known yet. (not-yet)"
    assert [entry["times"] for entry in outcomes[-1].history] == [WAITS + 1]


def test_waiting_behind_another_costs_nothing() -> None:
    ahead = judge(Delivery(b"{}", 1), ValueError(), NOW)
    mine = Delivery(b"{}", 0, [])
    outcome = queue_behind(mine, ahead)
    assert (outcome.kind, outcome.delay, outcome.attempts, outcome.history) == ("retry", 10, 0, [])
