"""Sessions: one identity, sequence numbers that only rise, local time that is right, everybody invited."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.schedule_sessions import (
    cancel_session,
    change_invitation,
    change_session,
    schedule_session,
)
from services.cohorts.use_cases.session_plan import Plan
from shared.contracts.cohorts import SessionPublished, SessionReminderDue
from shared.errors import Conflict, HearthError, Invalid, NotFound, Stale
from tests.cohorts.programme import STAFF, Programme


def plan(**changes: Any) -> Plan:
    """A meeting in Leeds on a winter evening."""
    content: dict[str, Any] = {
        "title": "First circle",
        "start": datetime(2027, 2, 4, 18, 0),
        "minutes": 90,
        "zone": "Europe/London",
        "place": "Leeds",
    }
    return Plan(**{**content, **changes})


@pytest.fixture
def cohort_id(programme: Programme) -> UUID:
    """A cohort of two, with a third offer still open."""
    programme.fill(4)
    programme.settle(places=3)
    programme.release(3, 1)
    for offer in programme.offers()[:2]:
        programme.do(answer_offer, programme.token(offer), "accepted")
    with programme.units.begin(write=False) as uow:
        cohort = uow.cohorts.of_round(programme.round_id)
        assert cohort is not None
        return cohort.id


def _told(programme: Programme) -> list[tuple[int, str, int]]:
    """(sequence, status, how many are invited) of everything published, in order."""
    told = programme.published(SessionPublished)
    assert len({event["uid"] for event in told}) <= 1
    return [(event["calendar_sequence"], event["status"], len(event["recipients"])) for event in told]


def test_one_identity_and_a_sequence_that_rises_with_each_change(programme: Programme, cohort_id: UUID) -> None:
    session = programme.do(schedule_session, STAFF, cohort_id, plan())
    moved = programme.do(change_session, STAFF, session.id, plan(start=datetime(2027, 2, 5, 18, 0)), 1)
    programme.do(change_session, STAFF, session.id, plan(start=datetime(2027, 2, 5, 18, 0)), moved.revision)
    with pytest.raises(Stale):
        programme.do(change_session, STAFF, session.id, plan(title="Other"), 1)
    programme.do(cancel_session, STAFF, session.id, moved.revision)
    assert _told(programme) == [(0, "scheduled", 2), (1, "scheduled", 2), (2, "cancelled", 2)]
    with pytest.raises(Conflict):
        programme.do(change_session, STAFF, session.id, plan(title="Back"), None)


def test_who_accepts_later_is_invited_and_nobody_elses_calendar_moves(programme: Programme, cohort_id: UUID) -> None:
    programme.do(schedule_session, STAFF, cohort_id, plan())
    programme.do(answer_offer, programme.token(programme.offers()[2]), "accepted")
    assert _told(programme) == [(0, "scheduled", 2), (0, "scheduled", 3)]


def test_who_comes_back_needs_a_higher_number_than_the_cancellation_they_saw(
    programme: Programme, cohort_id: UUID
) -> None:
    session = programme.do(schedule_session, STAFF, cohort_id, plan())
    person = programme.offers()[0].person_id
    programme.do(change_invitation, STAFF, session.id, person, False)
    programme.do(change_invitation, STAFF, session.id, person, False)
    programme.do(change_invitation, STAFF, session.id, person, True)
    assert _told(programme) == [(0, "scheduled", 2), (0, "scheduled", 1), (2, "scheduled", 2)]


def test_only_participants_can_be_invited(programme: Programme, cohort_id: UUID) -> None:
    session = programme.do(schedule_session, STAFF, cohort_id, plan())
    with pytest.raises(NotFound):
        programme.do(change_invitation, STAFF, session.id, programme.person("A stranger"), True)


def test_the_reminder_follows_the_session(programme: Programme, cohort_id: UUID) -> None:
    session = programme.do(schedule_session, STAFF, cohort_id, plan())
    programme.do(change_session, STAFF, session.id, plan(start=datetime(2027, 1, 20, 18, 0)), None)
    programme.clock.set(datetime(2027, 1, 19, 18, 0, tzinfo=UTC))
    programme.run_due()
    reminders = programme.published(SessionReminderDue)
    assert [(event["calendar_sequence"], event["minutes_before"]) for event in reminders] == [(1, 1440)]


def test_a_cancelled_session_reminds_nobody(programme: Programme, cohort_id: UUID) -> None:
    session = programme.do(schedule_session, STAFF, cohort_id, plan())
    programme.do(cancel_session, STAFF, session.id, None)
    programme.clock.advance(timedelta(days=60))
    programme.run_due()
    assert programme.published(SessionReminderDue) == []


def test_summer_and_winter_keep_the_wall_time(programme: Programme, cohort_id: UUID) -> None:
    winter = programme.do(schedule_session, STAFF, cohort_id, plan(start=datetime(2027, 3, 27, 18, 0)))
    summer = programme.do(schedule_session, STAFF, cohort_id, plan(start=datetime(2027, 3, 28, 18, 0)))
    assert winter.starts_at == datetime(2027, 3, 27, 18, 0, tzinfo=UTC)
    assert summer.starts_at == datetime(2027, 3, 28, 17, 0, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_refused_with_times_that_do(programme: Programme, cohort_id: UUID) -> None:
    with pytest.raises(Invalid) as refused:
        programme.do(schedule_session, STAFF, cohort_id, plan(start=datetime(2027, 3, 28, 1, 30)))
    assert "00:30 or 02:30" in refused.value.problems["start"][0]


def test_a_time_that_comes_twice_asks_which(programme: Programme, cohort_id: UUID) -> None:
    twice = datetime(2027, 10, 31, 1, 30)
    with pytest.raises(Invalid) as refused:
        programme.do(schedule_session, STAFF, cohort_id, plan(start=twice))
    assert "BST" in refused.value.problems["fold"][0]
    first = programme.do(schedule_session, STAFF, cohort_id, plan(start=twice, fold=0))
    second = programme.do(schedule_session, STAFF, cohort_id, plan(start=twice, fold=1))
    assert (second.starts_at - first.starts_at) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"minutes": 0}, "minutes"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"start": datetime(2026, 1, 1, 9, 0)}, "start"),
    ],
)
def test_bad_fields_are_named(programme: Programme, cohort_id: UUID, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        programme.do(schedule_session, STAFF, cohort_id, plan(**changes))
    assert field in refused.value.problems


_STEPS = st.lists(st.sampled_from(["move", "same", "cancel", "off", "on"]), max_size=8)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_sequence_numbers_never_fall_and_every_change_is_told(
    programme: Programme, cohort_id: UUID, steps: list[str]
) -> None:
    with programme.units.begin() as uow:
        outer = uow.session.begin_nested()
        session = schedule_session(uow, STAFF, cohort_id, plan())
        person, minutes = programme.offers()[0].person_id, 90
        for what in steps:
            minutes += what == "move"
            before, cancelled = session.calendar_sequence, session.status == "cancelled"
            try:
                match what:
                    case "move" | "same":
                        change_session(uow, STAFF, session.id, plan(minutes=minutes), None)
                    case "cancel":
                        cancel_session(uow, STAFF, session.id, None)
                    case _:
                        change_invitation(uow, STAFF, session.id, person, what == "on")
            except HearthError:
                assert cancelled
            assert session.calendar_sequence >= before
            if what in {"move", "cancel"} and not cancelled:
                assert session.calendar_sequence == before + 1
        sessions = [envelope.data for envelope in uow._published if envelope.type == SessionPublished.NAME]
        assert sessions[-1]["calendar_sequence"] == session.calendar_sequence
        assert sessions[-1]["recipients"] == [str(id) for id in uow.sessions.recipients(session.id)]
        outer.rollback()
        uow._published.clear()
