"""What happens at its time: reminders of drafts, the closing of a round."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from services.applications.use_cases.keep_round import change_times, move_round
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application
from shared.errors import Conflict, Stale
from shared.messaging.tables import due
from shared.schedule import Schedule
from tests.applications.parts import ELIGIBLE, SLUG, data_of, path_of, person, press
from tests.applications.use_cases.test_submit_application import filled, send


def run_clock(service):
    schedule = Schedule(service.units, service.due_handlers)
    while schedule.run_next():
        pass


def times(service):
    with service.units.begin(write=False) as uow:
        return sorted((row.kind, row.due_at) for row in uow.session.execute(select(due)))


@pytest.fixture
def draft(service, open_round):
    who = person(service, "noor@example.org", "applicant").id
    with service.units.begin() as uow:
        return start_application(uow, SLUG, who, language="en", eligibility=ELIGIBLE)


def reminders(service):
    return [at for kind, at in times(service) if kind == "draft_reminder"]


def test_a_draft_is_reminded_of_twice(service, open_round, draft, clock, client):
    for days in (7, 2):
        clock.set(open_round.closes_at - timedelta(days=days))
        run_clock(service)
    asked = data_of(service, "draft_reminder_due")
    assert [event["days_left"] for event in asked] == [7, 2]
    assert asked[0]["closes_at"].startswith("2027-02-28T23:59")
    link = path_of(asked[-1]["resume_link"])
    assert press(client, link, link).location == f"/applications/{draft.id}"


def test_moving_the_deadline_moves_the_reminders(service, open_round, draft, clock):
    before = reminders(service)
    with service.units.begin() as uow:
        row = uow.rounds.get(open_round.id)
        change_times(uow, row.id, zone=row.zone, opens=row.opens, deadline="2027-03-10 23:59", revision=row.revision)
    assert [at + timedelta(days=10) for at in before] == reminders(service)
    with service.units.begin() as uow:
        row = uow.rounds.get(open_round.id)
        change_times(uow, row.id, zone=row.zone, opens=row.opens, deadline="2027-02-05 12:00", revision=row.revision)
    assert len(reminders(service)) == 1
    with pytest.raises(Stale), service.units.begin() as uow:
        change_times(uow, row.id, zone=row.zone, opens=row.opens, deadline="2027-03-10 23:59", revision=1)


def test_what_was_sent_is_not_reminded_of(service, open_round, clock):
    row, who = filled(service, address="other@example.org")
    send(service, row, who)
    assert reminders(service) == []
    clock.set(open_round.closes_at - timedelta(days=2))
    run_clock(service)
    assert data_of(service, "draft_reminder_due") == []


def test_a_round_closes_by_itself_and_everybody_hears_it(service, open_round, clock):
    clock.set(open_round.closes_at - timedelta(seconds=1))
    run_clock(service)
    assert data_of(service, "round_published")[-1]["state"] == "open"
    clock.set(open_round.closes_at)
    run_clock(service)
    told = data_of(service, "round_published")[-1]
    assert told["state"] == "closed" and told["closes_at"].startswith("2027-02-28T23:59")
    assert times(service) == []
    with pytest.raises(Conflict, match="Move the deadline first"), service.units.begin() as uow:
        move_round(uow, open_round.id, "open")


@pytest.mark.parametrize(
    ("state", "when", "code"),
    [
        ("paused", timedelta(0), "paused"),
        ("closed", timedelta(0), "too-late"),
        ("open", timedelta(days=60), "too-late"),
    ],
)
def test_sending_at_the_wrong_time_says_why(service, open_round, clock, state, when, code):
    row, who = filled(service)
    with service.units.begin() as uow:
        if state != "open":
            move_round(uow, open_round.id, state)
    clock.advance(when)
    with pytest.raises(Conflict) as caught, service.units.begin() as uow:
        submit_application(uow, row, who)
    assert caught.value.code == code and "draft is kept" in caught.value.message
    if code == "too-late":
        assert "Sunday 28 February 2027 at 23:59 (Europe/London)" in caught.value.message


def test_sending_too_early(service, open_round, clock):
    row, who = filled(service)
    with service.units.begin() as uow:
        stored = uow.rounds.get(open_round.id)
        change_times(
            uow,
            stored.id,
            zone=stored.zone,
            opens="2027-02-20 09:00",
            deadline=stored.deadline,
            revision=stored.revision,
        )
    with pytest.raises(Conflict) as caught, service.units.begin() as uow:
        submit_application(uow, row, who)
    assert caught.value.code == "too-early"
