"""Staff's pages about sending, and the hook of mail servers."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.notifications.config import Bounces
from services.notifications.domain.signing import body_signature
from services.notifications.use_cases.choose_messages import set_up
from tests.notifications.postbox import Postbox, offered, registered, submitted
from tests.notifications.reports import BOUNCES, dsn, path_of
from tests.notifications.web.conftest import Browser

STAFF = "/notifications/staff"
API = "/notifications/api/v1"
SECRET = "a-secret-of-the-hook-that-is-long-enough-987"


def token(browser: FlaskClient) -> str:
    page = browser.get(f"{STAFF}/settings").get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def hold(postbox: Postbox, **values: Any) -> None:
    with postbox.units.begin() as uow:
        kept = {**uow.settings.get().as_json(), **values}
        set_up(uow, kept, uow.settings.revision, None)


@pytest.fixture
def three_held(one_postbox: Postbox) -> Postbox:
    """Three decisions that were released together, held for a look."""
    hold(one_postbox, held=["decision_offer"])
    people = [one_postbox.person(name) for name in ("Amal", "Bana", "Cyrus")]
    first = one_postbox.envelope(offered(people[0], one_postbox.clock()))
    together = {"correlationid": first.correlationid}
    for person in people[1:]:
        envelope = one_postbox.envelope(offered(person, one_postbox.clock()))
        one_postbox.deliver(type(first)(**{**{n: getattr(envelope, n) for n in envelope.__slots__}, **together}))
    one_postbox.deliver(first)
    return one_postbox


def batch_of(postbox: Postbox) -> str:
    [number] = {str(row.batch_id) for row in postbox.rows()}
    return number


def test_a_batch_waits_is_looked_at_and_let_go(three_held: Postbox, browser: Browser) -> None:
    three_held.send(days=8)  # longer than any message is tried
    assert three_held.mailer.taken == []
    staff, number = browser("staff"), batch_of(three_held)
    pages = [staff.get(f"{STAFF}/batches/{number}?message={place}").get_data(as_text=True) for place in (1, 2, 3)]
    assert [name in page for name, page in zip(("Amal", "Bana", "Cyrus"), pages, strict=True)] == [True] * 3
    shown = three_held.rows()[0]
    frame = staff.get(f"{STAFF}/batches/{number}/{shown.id}/html").get_data(as_text=True)
    assert "We would like to offer you a place" in frame and "secret-token" not in frame
    with three_held.units.begin(write=False) as uow:
        cyrus = next(row for row in uow.batches.messages(uuid.UUID(number)) if row.name == "Cyrus")
    form = {"csrf_token": token(staff), "from": "batch"}
    assert staff.post(f"{STAFF}/messages/{cyrus.id}/cancel", data=form).status_code == 303
    assert staff.post(f"{STAFF}/batches/{number}/release", data=form).status_code == 303
    three_held.send()
    assert sorted(three_held.states()) == [("decision_offer", state) for state in ("cancelled", "sent", "sent")]
    assert staff.post(f"{STAFF}/batches/{number}/release", data=form).status_code == 409
    page = staff.get(f"{STAFF}/messages/{cyrus.id}").get_data(as_text=True)
    assert "Cancelled" in page and "Staff stopped it." in page


def test_a_batch_goes_at_its_time(three_held: Postbox, browser: Browser) -> None:
    staff, number = browser("staff"), batch_of(three_held)
    form = {"csrf_token": token(staff), "when": "later", "day": "2027-02-02", "clock": "09:00"}
    past = staff.post(f"{STAFF}/batches/{number}/release", data={**form, "day": "2027-01-02"})
    assert past.status_code == 422 and 'value="2027-01-02"' in past.get_data(as_text=True)
    assert staff.post(f"{STAFF}/batches/{number}/release", data=form).status_code == 303
    three_held.send(hours=20)
    assert three_held.mailer.taken == []
    late = three_held.person("Dana")
    one = three_held.envelope(offered(late, three_held.clock()))
    three_held.deliver(one)  # of another release: held by itself
    three_held.send(hours=1)
    assert len(three_held.mailer.taken) == 3


def test_staff_stop_a_batch(three_held: Postbox, browser: Browser) -> None:
    staff, number = browser("staff"), batch_of(three_held)
    headers = {"X-CSRF-Token": token(staff)}
    answer = staff.post(f"{API}/batches/{number}/cancellation", headers=headers)
    assert answer.json == {"messages": 3}
    three_held.send()
    assert three_held.mailer.taken == []
    told = [each["state"] for each in three_held.told() if each["type"] == "notifications.message_failed"]
    assert told == ["cancelled"] * 3


def test_a_dry_run_makes_everything_and_nothing_leaves(one_postbox: Postbox, browser: Browser) -> None:
    hold(one_postbox, dry_run=True)
    one_postbox.publish(submitted(one_postbox.person(), one_postbox.clock()))
    one_postbox.send()
    assert one_postbox.mailer.taken == []
    assert one_postbox.states() == [("application_received", "rehearsed")]
    page = browser("staff").get(f"{STAFF}/overview").get_data(as_text=True)
    assert "This is a dry run: nothing leaves" in page


def test_the_overview_counts_what_the_table_holds(one_postbox: Postbox, browser: Browser) -> None:
    for _ in range(2):
        one_postbox.publish(submitted(one_postbox.person(), one_postbox.clock()))
        one_postbox.send()
        one_postbox.clock.advance(timedelta(days=1))
    one_postbox.publish(offered(one_postbox.person(), one_postbox.clock()))
    staff = browser("staff")
    found = staff.get(f"{API}/outcomes").json
    assert found is not None
    assert found["totals"] == {"sent": 2, "delivered": 0, "bounced": 0, "waiting": 1, "stopped": 0}
    assert found["by_day"][-3:] == [
        {"day": "2027-02-01", "sent": 1}, {"day": "2027-02-02", "sent": 1}, {"day": "2027-02-03", "waiting": 1},
    ]  # fmt: skip
    assert staff.get(f"{STAFF}/overview?days=30").status_code == 200


def test_suppressions_by_page_and_api(one_postbox: Postbox, browser: Browser) -> None:
    staff = browser("staff")
    headers = {"X-CSRF-Token": token(staff)}
    bad = staff.post(f"{STAFF}/suppressions", data={"email": "no", "reason": "Left"}, headers=headers)
    assert bad.status_code == 422 and 'value="Left"' in bad.get_data(as_text=True)
    assert staff.post(f"{STAFF}/suppressions", data={"email": "A@x.org"}, headers=headers).status_code == 303
    imported = staff.post(f"{API}/suppressions/import", json={"addresses": "b@x.org\na@x.org"}, headers=headers)
    assert imported.json == {"added": 1, "known": 1, "wrong": []}
    first = staff.get(f"{API}/suppressions?limit=1").json
    assert first is not None and [each["email"] for each in first["items"]] == ["a@x.org"]
    rest = staff.get(f"{API}/suppressions", query_string={"limit": 1, "cursor": first["next"]}).json
    assert rest is not None and [each["email"] for each in rest["items"]] == ["b@x.org"] and rest["next"] is None
    assert staff.delete(f"{API}/suppressions/a@x.org", headers=headers).status_code == 204
    assert staff.delete(f"{API}/suppressions/a@x.org", headers=headers).status_code == 404


def test_settings_say_what_is_wrong_and_the_second_of_two_editors_is_told(
    one_postbox: Postbox, browser: Browser
) -> None:
    staff = browser("staff")
    form = {"csrf_token": token(staff), "revision": "0", "zone": "Europe/London", "quiet_from": "21:00"}
    wrong = staff.post(f"{STAFF}/settings", data={**form, "quiet_until": "morning"})
    assert wrong.status_code == 422 and "Write a time of day like 21:00." in wrong.get_data(as_text=True)
    assert staff.post(f"{STAFF}/settings", data={**form, "quiet_until": "07:00"}).status_code == 303
    assert staff.post(f"{STAFF}/settings", data={**form, "quiet_until": "08:00"}).status_code == 412
    kept = staff.get(f"{API}/settings")
    assert kept.json is not None and kept.json["quiet_until"] == "07:00" and kept.headers["ETag"] == '"1"'


def test_a_message_to_oneself(one_postbox: Postbox, browser: Browser) -> None:
    staff = browser("staff")
    headers = {"X-CSRF-Token": token(staff)}
    address = f"{STAFF}/templates/decision_offer/ar/test"
    assert staff.post(address, headers=headers).status_code == 409  # we do not know the address yet
    identity = staff.get_cookie("hearth-identity")
    assert identity is not None
    import jwt

    me = uuid.UUID(jwt.decode(identity.value, options={"verify_signature": False})["sub"])
    one_postbox.publish(registered(me, "Rhiannon", email="staff@example.org"))
    hold(one_postbox, dry_run=True, quiet_from="00:00", quiet_until="23:59")
    assert staff.post(address, headers=headers).status_code == 303
    one_postbox.send()
    [taken] = one_postbox.mailer.taken
    assert taken.recipient == "staff@example.org"


def test_the_hook_takes_signed_bodies_alone(one_postbox: Postbox) -> None:
    one_postbox.close()
    config = type(one_postbox.config)(**{**vars(one_postbox.config), "bounces": Bounces(BOUNCES, "", SECRET)})
    postbox = Postbox(config, one_postbox.clock)
    postbox.publish(submitted(postbox.person(), postbox.clock()))
    postbox.send()
    [row] = postbox.rows()
    body, now, client = dsn(path_of(postbox, row)), int(postbox.clock().timestamp()), postbox.service.web.test_client()

    def post(moment: int, signature: str, body: bytes = body) -> int:
        headers = {"Hearth-Signature": f"t={moment}, v1={signature}", "Content-Type": "message/rfc822"}
        return client.post(f"{API}/reports", data=body, headers=headers).status_code

    assert post(now, "00" * 32) == 403
    assert post(now, body_signature(SECRET, now, body), body + b"x") == 403
    assert post(now - 301, body_signature(SECRET, now - 301, body)) == 403
    assert client.post(f"{API}/reports", data=body).status_code == 403
    assert postbox.rows()[0].state == "sent"
    assert post(now, body_signature(SECRET, now, body)) == 200
    assert postbox.rows()[0].state == "bounced"
    postbox.close()


def test_without_a_secret_there_is_no_hook(one_postbox: Postbox) -> None:
    assert one_postbox.service.web.test_client().post(f"{API}/reports", data=b"x").status_code == 404


def test_news_is_written_changed_and_withdrawn(one_postbox: Postbox, browser: Browser) -> None:
    staff = browser("staff")
    form = {"csrf_token": token(staff), "title": "A <b>title</b>", "text": "Words.", "day": "2027-03-01"}
    wrong = staff.post(f"{STAFF}/news/new", data={**form, "link": "javascript:x"})
    assert wrong.status_code == 422 and "Words." in wrong.get_data(as_text=True)
    assert staff.post(f"{STAFF}/news/new", data=form).status_code == 303
    page = staff.get(f"{STAFF}/news").get_data(as_text=True)
    assert "A &lt;b&gt;title&lt;/b&gt;" in page and "Waits" in page
    [item] = staff.get(f"{API}/news").json or []
    changed = staff.post(f"{STAFF}/news/{item['id']}", data={**form, "title": "New", "revision": "1"})
    assert changed.status_code == 303
    assert staff.post(f"{STAFF}/news/{item['id']}", data={**form, "revision": "1"}).status_code == 412
    assert staff.post(f"{STAFF}/news/{item['id']}/withdraw", data=form).status_code == 303
    [item] = staff.get(f"{API}/news").json or []
    assert (item["title"], item["withdrawn"]) == ("New", True)
