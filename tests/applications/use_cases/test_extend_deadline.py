"""More time for one person: where it counts, until when, and in whose zone; and beginning again after taking back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.applications.use_cases.extend_deadline import MoreTime, extend_deadline, extend_for_address
from services.applications.use_cases.keep_round import move_round
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import withdraw_application
from shared.errors import Conflict, Invalid
from shared.schedule import Schedule
from tests.applications.parts import ELIGIBLE, SLUG, begin, data_of, fill_in, person, press
from tests.applications.use_cases.test_clock import reminders
from tests.applications.use_cases.test_submit_application import filled, send

STAFF = uuid4()
KABUL = MoreTime("2027-03-09 23:59", "Asia/Kabul", "You were in hospital.")


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def extend(service, round_id, who, more=KABUL):
    with service.units.begin() as uow:
        return extend_deadline(uow, round_id, who, more, STAFF)


def close(service, clock, round_):
    clock.set(round_.closes_at)
    schedule = Schedule(service.units, service.due_handlers)
    while schedule.run_next():
        pass


def test_an_extension_is_the_persons_own_deadline_to_the_minute(service, open_round, clock):
    mine, other = (filled(service, f"{name}@example.org") for name in ("mine", "other"))
    extend(service, open_round.id, mine[1])
    close(service, clock, open_round)
    with pytest.raises(Conflict) as late:
        send(service, *other)
    assert late.value.code == "too-late"
    # 23:59 in Kabul, four and a half hours before UTC, is in time until the minute is over.
    clock.set(datetime(2027, 3, 9, 19, 29, 59, tzinfo=UTC))
    assert send(service, *mine).state == "submitted"
    (event,) = data_of(service, "deadline_extended")
    assert (event["closes_at"], event["zone"]) == ("2027-03-09T19:29:00+00:00", "Asia/Kabul")


def test_a_second_after_it_is_too_late(service, open_round, clock):
    mine = filled(service, "mine@example.org")
    extend(service, open_round.id, mine[1])
    close(service, clock, open_round)
    clock.set(datetime(2027, 3, 9, 19, 30, tzinfo=UTC))
    with pytest.raises(Conflict):
        send(service, *mine)


def test_on_the_night_the_clocks_change_the_later_reading_counts(service, open_round, clock):
    """01:30 comes twice in London on 31 October 2027; whoever was told 01:30 has until the second one is over."""
    mine = filled(service, "mine@example.org")
    extend(service, open_round.id, mine[1], MoreTime("2027-10-31 01:30", "Europe/London", "Baby."))
    close(service, clock, open_round)
    clock.set(datetime(2027, 10, 31, 1, 30, 59, tzinfo=UTC))
    assert send(service, *mine).state == "submitted"


def test_a_pause_and_the_archive_are_for_everybody(service, open_round, clock):
    mine = filled(service, "mine@example.org")
    extend(service, open_round.id, mine[1])
    with service.units.begin() as uow:
        move_round(uow, open_round.id, "paused")
    with pytest.raises(Conflict) as paused:
        send(service, *mine)
    assert paused.value.code == "paused"


def test_reminders_move_with_it_and_say_the_persons_own_deadline(service, open_round, clock):
    who = person(service, "mine@example.org", "applicant").id
    with service.units.begin() as uow:
        start_application(uow, SLUG, who, language="en", eligibility=ELIGIBLE)
    extend(service, open_round.id, who)
    closes = datetime(2027, 3, 9, 19, 30, tzinfo=UTC)
    assert reminders(service) == [closes - timedelta(days=7), closes - timedelta(days=2)]
    close(service, clock, open_round)
    clock.set(closes - timedelta(days=2))
    schedule = Schedule(service.units, service.due_handlers)
    while schedule.run_next():
        pass
    assert data_of(service, "draft_reminder_due")[-1]["closes_at"] == "2027-03-09T19:29:00+00:00"


def test_somebody_may_begin_within_it(service, open_round, clock):
    who = person(service, "mine@example.org", "applicant").id
    extend(service, open_round.id, who)
    close(service, clock, open_round)
    with service.units.begin() as uow:
        assert start_application(uow, SLUG, who, language="en", eligibility=ELIGIBLE).state == "draft"


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        (MoreTime("2027-02-10 12:00", "Europe/London", "Why"), {"until"}),
        (MoreTime("soon", "Europe/London", "Why"), {"until"}),
        (MoreTime("2027-03-09 12:00", "Europe/Atlantis", "Why"), {"zone"}),
        (MoreTime("2027-03-09 12:00", "Europe/London", " "), {"reason"}),
        (MoreTime("never", "Nowhere", "x" * 501), {"until", "zone", "reason"}),
    ],
)
def test_what_is_wrong_is_named(service, open_round, more, fields):
    who = person(service, "mine@example.org", "applicant").id
    with pytest.raises(Invalid) as wrong:
        extend(service, open_round.id, who, more)
    assert set(wrong.value.problems) == fields
    with pytest.raises(Invalid) as nobody, service.units.begin() as uow:
        extend_for_address(uow, open_round.id, "nobody@example.org", KABUL, STAFF)
    assert set(nobody.value.problems) == {"email"}


def test_a_draft_that_was_taken_back_can_be_begun_again_with_its_words(service, open_round, clock):
    first = filled(service, "mine@example.org")
    with service.units.begin() as uow:
        before = {**uow.applications.get(first[0]).answers, **uow.applications.apart(first[0])}
        withdraw_application(uow, first[0], first[1])
    with service.units.begin() as uow:
        again = start_application(uow, SLUG, first[1], language="en", eligibility=ELIGIBLE)
    assert again.id != first[0] and again.state == "draft"
    with service.units.begin(write=False) as uow:
        assert {**uow.applications.get(again.id).answers, **uow.applications.apart(again.id)} == before
    assert send(service, again.id, first[1]).state == "submitted"
    with service.units.begin() as uow:
        withdraw_application(uow, again.id, again.person_id)
    with service.units.begin() as uow:
        same = start_application(uow, SLUG, first[1], language="en", eligibility=ELIGIBLE)
        assert (same.id, same.state) == (again.id, "withdrawn"), "what panels may have read is not begun again"


def test_the_pages_say_so(service, client, open_round, clock, sign_in):
    draft = begin(service, client)
    fill_in(client, draft)
    staff = service.web.test_client()
    sign_in("staff", browser=staff)
    page = f"/staff/rounds/{open_round.id}/more-time"
    typed = {"email": "noor@example.org", "until": "2027-03-09 23:59", "zone": "Asia/Kabul"}
    assert press(staff, page, page, **typed, reason="").status_code == 422
    assert press(staff, page, page, **typed, reason="You were in hospital.").status_code == 303
    seen = client.get(draft).get_data(as_text=True)
    assert "You have more time" in seen and "You were in hospital." in seen and "9 March 2027" in seen
    press(client, f"{draft}/withdraw", f"{draft}/withdraw")
    assert "Begin again" in client.get(draft).get_data(as_text=True)
    assert client.get(f"/apply/{SLUG}").status_code == 200
