"""What an outcome makes of a message."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.delivery import Attempted, Verdict, after, unknown_retry_at
from services.notifications.domain.kinds import KINDS
from services.notifications.domain.outcomes import Outcome, Phase, Result
from services.notifications.domain.states import State, allowed

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
UNKNOWN = Outcome(Result.UNKNOWN, Phase.DOT, text="gone")
LATER = Outcome(Result.DEFERRED, Phase.RCPT, 451, "4.7.1", "later")


def offer(**more: object) -> Attempted:
    return Attempted("decision_offer", 1, NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome(Result.SENT, Phase.ACCEPTED, 250), Verdict(State.SENT)),
        (LATER, Verdict(State.DEFERRED, NOW + timedelta(minutes=5), reason="later")),
        (
            Outcome(Result.NOT_SENT, Phase.CONNECT, text="no"),
            Verdict(State.DEFERRED, NOW + timedelta(minutes=5), reason="no"),
        ),
        (
            Outcome(Result.FAILED, Phase.RCPT, 550, "5.1.1", "nobody"),
            Verdict(State.FAILED, suppress=True, reason="nobody"),
        ),
        (Outcome(Result.FAILED, Phase.DOT, 550, "5.7.1", "spam"), Verdict(State.FAILED, reason="spam")),
        (UNKNOWN, Verdict(State.UNKNOWN, NOW + timedelta(minutes=15), reason="gone")),
    ],
)
def test_verdicts(outcome: Outcome, verdict: Verdict) -> None:
    assert after(offer(), outcome, NOW, 0) == verdict


def test_an_unknown_offer_gets_one_retry_and_other_kinds_none() -> None:
    assert after(offer(unknown_retries=1), UNKNOWN, NOW, 0).retry_at is None
    for kind, found in KINDS.items():
        due = unknown_retry_at(Attempted(kind, 1, NOW), NOW)
        assert (due == NOW + timedelta(minutes=15)) is found.retry_unknown


def test_an_unknown_message_is_not_retried_past_its_end() -> None:
    assert unknown_retry_at(offer(expires_at=NOW + timedelta(minutes=15)), NOW) is None


def test_expires_instead_of_being_tried_too_late() -> None:
    message = Attempted("session_reminder", 2, NOW, NOW + timedelta(minutes=14))
    assert after(message, LATER, NOW, 0) == Verdict(State.EXPIRED, reason="later")


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(KINDS)), st.integers(1, 30), st.sampled_from(Result), st.floats(-1, 1),
    st.none() | st.integers(0, 9999), st.integers(0, 2),
)  # fmt: skip
def test_every_verdict_is_a_step_that_is_allowed(
    kind: str, attempts: int, result: Result, jitter: float, expiry: int | None, retries: int
) -> None:
    expires = None if expiry is None else NOW + timedelta(minutes=expiry)
    phase = Phase.RCPT if result is Result.NOT_SENT else Phase.DOT
    verdict = after(Attempted(kind, attempts, NOW, expires, retries), Outcome(result, phase), NOW, jitter)
    assert allowed(State.SENDING if phase < Phase.DOT else State.HANDED, verdict.state)
    assert (verdict.retry_at is not None) >= (verdict.state is State.DEFERRED)
    assert verdict.retry_at is None or (verdict.retry_at > NOW and (expires is None or verdict.retry_at < expires))
