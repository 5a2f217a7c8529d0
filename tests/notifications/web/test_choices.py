"""What people choose: by a sealed link, signed in, with one click; and that an offer always goes."""

import re
from uuid import UUID

from flask.testing import FlaskClient

from services.notifications.domain.categories import Category
from services.notifications.storage.tables import MessageRow
from shared.contracts.applications import DraftReminderDue
from tests.notifications.postbox import Postbox, offered, submitted
from tests.notifications.web.conftest import Browser

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def token_of(postbox: Postbox, person: UUID) -> str:
    with postbox.units.begin(write=False) as uow:
        return uow.context.preferences_url(person).rpartition("/")[2]


def off(postbox: Postbox, person: UUID) -> set[Category]:
    with postbox.units.begin(write=False) as uow:
        return set(uow.wishes.of(str(person)).turned_off(["participant"]))


def csrf(browser: FlaskClient, address: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address).get_data(as_text=True))
    assert found
    return found[1]


def reminder(person: UUID, postbox: Postbox) -> DraftReminderDue:
    return DraftReminderDue(
        application_id=person, round_id=person, round_title="Spring", person_id=person, zone="Europe/London",
        resume_link="http://localhost/resume/x", closes_at=postbox.clock().replace(year=2028), days_left=3,
    )  # fmt: skip


def test_one_click_takes_the_address_of_the_header_and_stops_that_category_alone(one_postbox: Postbox) -> None:
    person = one_postbox.person()
    one_postbox.publish(reminder(person, one_postbox))
    one_postbox.send()
    message = one_postbox.mailer.taken[-1].parsed
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(message["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    program = one_postbox.service.web.test_client()
    assert program.get(address).status_code == 200
    assert off(one_postbox, person) == set()  # a look stops nothing
    assert program.post(address, data=ONE_CLICK).status_code == 200
    assert off(one_postbox, person) == {Category.REMINDERS}
    one_postbox.publish(reminder(person, one_postbox))
    one_postbox.publish(offered(person, one_postbox.clock()))
    one_postbox.send()
    assert sorted(one_postbox.states()[1:]) == [("decision_offer", "sent"), ("draft_reminder", "suppressed")]
    assert "List-Unsubscribe" not in one_postbox.mailer.taken[-1].parsed  # nobody unsubscribes from offers


def test_every_message_to_somebody_leads_to_their_own_choices(one_postbox: Postbox) -> None:
    person = one_postbox.person()
    one_postbox.publish(submitted(person, one_postbox.clock()))
    one_postbox.send()
    assert f"/notifications/preferences/{token_of(one_postbox, person)}" in one_postbox.mailer.taken[-1].text


def test_choices_without_signing_in(one_postbox: Postbox) -> None:
    person, browser = one_postbox.person(), one_postbox.service.web.test_client()
    address = f"/notifications/preferences/{token_of(one_postbox, person)}"
    form = {"csrf_token": csrf(browser, address), "wanted": "digest", "zone": "Asia/Kabul", "quiet_from": "21:00"}
    answer = browser.post(address, data={**form, "quiet_until": "21:00"})
    assert answer.status_code == 422 and "Write another time" in answer.get_data(as_text=True)
    assert 'value="21:00"' in answer.get_data(as_text=True)
    assert browser.post(address, data={**form, "quiet_until": "07:00"}).status_code == 303
    assert off(one_postbox, person) == {Category.REMINDERS, Category.SURVEYS}
    with one_postbox.units.begin(write=False) as uow:
        kept = uow.wishes.of(str(person))
    assert (kept.zone, f"{kept.quiet[0]:%H:%M}" if kept.quiet else "") == ("Asia/Kabul", "21:00")


def test_a_link_that_is_not_whole_changes_nothing(one_postbox: Postbox) -> None:
    person, browser = one_postbox.person(), one_postbox.service.web.test_client()
    token = token_of(one_postbox, person)
    wrong = ("b" if token[0] == "a" else "a") + token[1:]
    assert browser.get(f"/notifications/preferences/{wrong}").status_code == 404
    assert browser.post(f"/notifications/unsubscribe/{wrong}/digest").status_code == 404
    assert browser.post(f"/notifications/unsubscribe/{token}/essential").status_code == 404
    assert off(one_postbox, person) == set()


def test_the_same_by_the_api_for_whoever_is_signed_in(one_postbox: Postbox, browser: Browser) -> None:
    me = browser("participant")
    api = "/notifications/api/v1/preferences"
    assert me.get(api).json == {
        "wanted": ["reminders", "surveys"], "zone": "", "quiet_from": "", "quiet_until": "",
    }  # fmt: skip
    wanted = {"wanted": ["digest"], "quiet_from": "22:00", "quiet_until": "06:30"}
    page = me.get("/notifications/preferences")
    assert page.status_code == 200
    token = csrf(me, "/notifications/preferences")
    answer = me.put(api, json=wanted, headers={"X-CSRF-Token": token})
    assert answer.status_code == 200 and answer.json == {"zone": "", **wanted}
    assert me.put(api, json={"wanted": ["essential"]}, headers={"X-CSRF-Token": token}).status_code == 422


def test_rows_hold_no_link_to_choices(one_postbox: Postbox) -> None:
    """It is made when the message is written: a new key needs no rewriting of what is stored."""
    one_postbox.publish(submitted(one_postbox.person(), one_postbox.clock()))
    row: MessageRow = one_postbox.rows()[0]
    assert "preferences_url" not in row.values
