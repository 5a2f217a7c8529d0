"""The last look before a message goes."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from services.notifications.domain.before_sending import Action, Facts, Go, InSession, check
from services.notifications.domain.categories import Category
from services.notifications.domain.kinds import Method
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.states import State
from services.notifications.domain.supersession import Known

NIGHT = datetime(2027, 1, 5, 23, tzinfo=UTC)
NOON = datetime(2027, 1, 5, 12, tzinfo=UTC)
OFFER = Facts("decision_offer", NOON, NOON, quiet=QuietHours(time(21), time(8)))
R, S = Method.REQUEST, State


def test_goes_when_nothing_is_against_it() -> None:
    assert check(OFFER) == Go(Action.SEND, "decision_offer")


def test_waits_for_the_morning_unless_it_is_urgent() -> None:
    night = replace(OFFER, now=NIGHT)
    go = check(night)
    assert (go.action, go.until) == (Action.WAIT, datetime(2027, 1, 6, 8, tzinfo=UTC))
    assert check(replace(night, kind="sign_in")).action is Action.SEND
    assert check(replace(night, quiet=None)).action is Action.SEND


def test_stops_for_a_bad_address_and_for_what_was_turned_off() -> None:
    assert check(replace(OFFER, address_suppressed=True)).state is S.SUPPRESSED
    off = frozenset({Category.REMINDERS, Category.DIGEST})
    assert check(replace(OFFER, turned_off=off)).action is Action.SEND
    assert check(replace(OFFER, kind="session_reminder", turned_off=off)).state is S.SUPPRESSED


def test_stops_when_it_is_too_late() -> None:
    assert check(replace(OFFER, expires_at=NOON)).state is S.EXPIRED
    assert check(replace(OFFER, queued_at=NOON - timedelta(days=5))).state is S.EXPIRED
    assert check(replace(OFFER, expires_at=NOON + timedelta(seconds=1))).action is Action.SEND


def test_the_newest_version_of_a_session_wins() -> None:
    session = InSession(1, S.SENDING, [Known(1, R, S.SENDING), Known(2, R, S.QUEUED)])
    assert check(replace(OFFER, kind="session_changed", session=session)).state is S.SUPERSEDED
    assert check(replace(OFFER, kind="session_reminder", session=session)).state is S.SUPERSEDED


def test_waits_for_an_earlier_version_on_its_way() -> None:
    session = InSession(2, S.QUEUED, [Known(1, R, S.HANDED)])
    go = check(replace(OFFER, kind="session_changed", session=session))
    assert (go.action, go.until) == (Action.WAIT, None)


def test_a_change_to_somebody_never_invited_is_an_invitation() -> None:
    session = InSession(2, S.QUEUED, [Known(0, R, S.SUPERSEDED)])
    assert check(replace(OFFER, kind="session_changed", session=session)) == Go(Action.SEND, "session_invitation")
    told = InSession(2, S.QUEUED, [Known(0, R, S.SENT)])
    assert check(replace(OFFER, kind="session_changed", session=told)) == Go(Action.SEND, "session_changed")
