"""Until when a message is worth sending."""

from datetime import UTC, datetime, timedelta

from services.notifications.domain.expiry import expires_at

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
STARTS, ENDS, DEADLINE = (NOW + timedelta(days=days) for days in (1, 2, 3))


def test_each_kind_has_its_own_end() -> None:
    kinds = ["session_reminder", "session_invitation", "session_place", "session_waiting",
             "session_changed", "session_cancelled", "session_waiting_over", "draft_reminder",
             "offer_reminder", "decision_offer", "application_received", "sign_in"]  # fmt: skip
    found = {kind: expires_at(kind, NOW, starts=STARTS, ends=ENDS, deadline=DEADLINE) for kind in kinds}
    assert found == {
        "session_reminder": STARTS,
        "session_invitation": STARTS,
        "session_place": STARTS,
        "session_waiting": STARTS,
        "session_waiting_over": ENDS,
        "session_changed": ENDS,
        "session_cancelled": ENDS,
        "draft_reminder": DEADLINE,
        "offer_reminder": DEADLINE,
        "decision_offer": None,
        "application_received": None,
        "sign_in": NOW + timedelta(minutes=10),
    }


def test_a_change_without_a_known_end_expires_at_the_start() -> None:
    assert expires_at("session_changed", NOW, starts=STARTS) == STARTS
