"""Reminders: at their times, once, and only to those with something left."""

from datetime import timedelta

import pytest

from services.cohorts.domain.phases import Phases
from services.cohorts.use_cases.remind_reviewers import remind_now
from services.cohorts.use_cases.set_phases import set_phases
from shared.contracts.cohorts import ReviewerReminderDue
from shared.errors import Conflict
from tests.cohorts.programme import STAFF, Programme

DAY = timedelta(days=1)


def _reminders(programme: Programme) -> list[tuple[str, str, int]]:
    with programme.units.begin(write=False) as uow:
        names = {str(m.id): m.name for m in uow.panels.of_round(programme.round_id)}
    return [(names[e["panel_member_id"]], e["reason"], e["left"]) for e in programme.published(ReviewerReminderDue)]


def _panel(programme: Programme) -> None:
    """Ada has finished her two, Ben has not begun his."""
    programme.fill(4)
    programme.settle()
    ada = programme.reviewer("Ada")
    programme.reviewer("Ben")
    programme.assign()
    now = programme.clock()
    dates = Phases(scoring_due_at=now + 12 * DAY, scoring_closes_at=now + 20 * DAY)
    programme.do(set_phases, STAFF, programme.round_id, dates, None)
    for id in programme.list_of(ada):
        programme.review("Ada", id, 4)


def test_each_reminder_comes_at_its_time_and_only_to_who_has_something_left(programme: Programme) -> None:
    _panel(programme)
    for days in (7, 2, 4, 6, 5):
        programme.clock.advance(days * DAY)
        programme.run_due()
    assert _reminders(programme) == [
        ("Ben", "not_started", 2),
        ("Ben", "soon", 2),
        ("Ben", "overdue", 2),
        ("Ben", "last", 2),
    ]


def test_an_invitation_that_nobody_answers_is_followed_up(programme: Programme) -> None:
    from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer

    programme.open_round()
    programme.person("Cleo", "cleo@panel.example")
    programme.do(invite_reviewer, STAFF, programme.round_id, Invitation(name="Cleo", email="cleo@panel.example"))
    programme.reviewer("Ada")
    programme.clock.advance(5 * DAY)
    programme.run_due()
    assert _reminders(programme) == [("Cleo", "not_declared", 0)]


def test_staff_remind_with_one_click_and_not_twice_in_a_day(programme: Programme) -> None:
    _panel(programme)
    assert programme.do(remind_now, STAFF, programme.round_id) == 1
    with pytest.raises(Conflict):
        programme.do(remind_now, STAFF, programme.round_id)
    programme.clock.advance(DAY)
    assert programme.do(remind_now, STAFF, programme.round_id) == 1
    assert _reminders(programme) == [("Ben", "asked", 2)] * 2
