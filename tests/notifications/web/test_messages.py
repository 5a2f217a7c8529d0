"""Staff's pages and the API: who may look, what is shown and what never is, filters, paging, one more try."""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from services.notifications.domain.outcomes import Phase, from_reply
from services.notifications.storage.tables import MessageRow
from shared.web.api import cursor_of
from tests.notifications.postbox import LATER, Postbox, offered, session, submitted
from tests.notifications.web.conftest import Browser, browser_of

API = "/notifications/api/v1/messages"
STAFF = "/notifications/staff"
REFUSED = from_reply(Phase.RCPT, 554, "5.7.1 policy")


def token(browser: FlaskClient) -> str:
    page = browser.get("/notifications/staff/templates").get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def receipts(postbox: Postbox, count: int) -> None:
    for number in range(count):
        person = postbox.person(f"Öner {number}", email=f"p{number}@example.org")
        postbox.publish(submitted(person, postbox.clock()))
        if number % 2:
            postbox.clock.advance(timedelta(seconds=1))  # pairs share a moment


@pytest.mark.parametrize("role", ["", "applicant", "reviewer", "participant", "funder"])
def test_only_staff_see_messages(one_postbox: Postbox, browser: Browser, role: str) -> None:
    receipts(one_postbox, 1)
    number = one_postbox.rows()[0].id
    someone = browser(*([role] if role else []))
    pages = [STAFF, f"{STAFF}/messages/{number}", f"{STAFF}/messages/{number}/html", f"{STAFF}/templates"]
    pages += [f"{STAFF}/templates/sign_in/en", f"{STAFF}/templates/sign_in/en/html"]
    for address in pages:
        assert someone.get(address).status_code == (403 if role else 302), address
    for address in (API, f"{API}/{number}"):
        assert someone.get(address).status_code == (403 if role else 401), address
    assert someone.post(f"{API}/{number}/attempts").status_code in (401, 403)
    assert someone.post(f"{STAFF}/messages/{number}/again").status_code in (401, 403)
    assert one_postbox.rows()[0].state == "queued"


def test_staff_find_a_message_by_name_state_and_kind(one_postbox: Postbox, browser: Browser) -> None:
    receipts(one_postbox, 2)
    one_postbox.publish(offered(one_postbox.person("Amal 100%"), one_postbox.clock()))
    staff = browser("staff")

    def found(query: str) -> int:
        page = staff.get(f"{STAFF}?{query}")
        assert page.status_code == 200
        return len(set(re.findall(r"/notifications/staff/messages/[0-9a-f-]{36}", page.get_data(as_text=True))))

    assert found("") == 3
    assert found("q=%C3%96ner") == 2  # as it is written
    assert found("q=P1@EXAMPLE.org") == 1
    assert found("q=100%25") == 1  # a percent sign is itself
    assert found("q=nobody") == 0
    assert found("kind=decision_offer") == 1
    assert found("state=queued") == 3
    assert found("state=sent") == 0


@pytest.mark.parametrize("query", ["state=lost", "kind=spam", "cursor=abc", "cursor=WzEsMl0", "cursor=WyJ4IiwieSJd"])
def test_what_no_list_has_is_refused_by_name(browser: Browser, query: str) -> None:
    staff = browser("staff")
    assert staff.get(f"{STAFF}?{query}").status_code == 422
    problem = staff.get(f"{API}?{query}")
    assert problem.status_code == 422
    assert query.partition("=")[0] in problem.get_data(as_text=True)


@pytest.mark.parametrize("at", ["2027-02-01T12:00:00", "yesterday", 7])
def test_a_cursor_without_a_moment_is_refused(one_postbox: Postbox, browser: Browser, at: object) -> None:
    with one_postbox.service.web.test_request_context(API):
        cursor = cursor_of(at, str(uuid.uuid4()))
    assert browser("staff").get(f"{API}?cursor={cursor}").status_code == 422


def test_the_api_gives_every_message_once_while_more_arrive(postbox: Postbox, key_pair: tuple[str, str]) -> None:
    receipts(postbox, 7)
    wanted = {str(row.id) for row in postbox.rows()}
    staff = browser_of(postbox, key_pair[0], "staff")
    seen: list[str] = []
    cursor = ""
    for _ in range(10):
        page = staff.get(f"{API}?limit=2&cursor={cursor}").get_json()
        seen += [item["id"] for item in page["items"]]
        postbox.clock.advance(timedelta(seconds=1))
        receipts(postbox, 1)
        cursor = page["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) and set(seen) == wanted
    assert staff.get(f"{API}?limit=0").status_code == 422


def test_the_api_never_gives_words_or_addresses(one_postbox: Postbox, browser: Browser) -> None:
    one_postbox.publish(offered(one_postbox.person("Amal"), one_postbox.clock()))
    [item] = browser("staff").get(API).get_json()["items"]
    assert set(item) == {
        "id", "person_id", "kind", "title", "language", "about", "state", "attempts", "reason", "queued_at", "next_at",
        "finished_at",
    }  # fmt: skip
    assert browser("staff").get(f"{API}/{item['id']}").get_json()["kind"] == "decision_offer"
    assert browser("staff").get(f"{API}/{uuid.uuid4()}").status_code == 404


def test_a_personal_link_is_never_shown(one_postbox: Postbox, browser: Browser) -> None:
    one_postbox.publish(offered(one_postbox.person("Amal"), one_postbox.clock()))
    number, staff = one_postbox.rows()[0].id, browser("staff", "administrator")
    for moment in ("waiting", "sent"):
        page = staff.get(f"{STAFF}/messages/{number}")
        assert page.status_code == 200
        assert "secret-token" not in page.get_data(as_text=True)
        assert "its owner’s alone" in page.get_data(as_text=True), moment
        assert staff.get(f"{STAFF}/messages/{number}/html").status_code == 404
        one_postbox.send()
    assert "offer_url" not in one_postbox.rows()[0].values


def test_other_words_are_shown_exactly_as_they_went_in_a_frame_that_cannot_act(
    one_postbox: Postbox, browser: Browser
) -> None:
    name = '<script>alert(1)</script>"><img src=x>'
    one_postbox.publish(session([one_postbox.person(name)], one_postbox.clock() + timedelta(days=9)))
    one_postbox.send()
    number, staff = one_postbox.rows()[0].id, browser("staff")
    page = staff.get(f"{STAFF}/messages/{number}").get_data(as_text=True)
    assert "<script>alert" not in page and f'src="{STAFF}/messages/{number}/html"' in page
    frame = staff.get(f"{STAFF}/messages/{number}/html")
    body = one_postbox.mailer.taken[0].parsed.get_body(("html",))
    assert body is not None
    shown = frame.get_data(as_text=True).replace('<base target="_top">', "")
    assert shown.replace("\r\n", "\n").strip() == body.get_content().replace("\r\n", "\n").strip()
    policy = frame.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "allow-scripts" not in policy and "default-src 'none'" in policy
    assert "script-src" not in policy and "frame-ancestors 'self'" in policy
    assert "'unsafe-inline'" not in staff.get(STAFF).headers["Content-Security-Policy"]


def test_staff_send_a_refused_message_again_on_its_page(one_postbox: Postbox, browser: Browser) -> None:
    receipts(one_postbox, 1)
    one_postbox.mailer.script = [REFUSED]
    one_postbox.send()
    number, staff = one_postbox.rows()[0].id, browser("staff")
    address = f"{STAFF}/messages/{number}/again"
    assert "Send it again" in staff.get(f"{STAFF}/messages/{number}").get_data(as_text=True)
    assert staff.post(address).status_code in (400, 403)  # without the token
    assert staff.get(address).status_code == 405
    answer = staff.post(address, data={"csrf_token": token(staff)})
    assert (answer.status_code, answer.location) == (303, f"{STAFF}/messages/{number}")
    one_postbox.send()
    assert one_postbox.rows()[0].state == "sent"
    assert "Send it again" not in staff.get(f"{STAFF}/messages/{number}").get_data(as_text=True)
    assert staff.post(address, data={"csrf_token": token(staff)}).status_code == 409


def test_a_repeated_post_to_the_api_is_one_attempt(postbox: Postbox, key_pair: tuple[str, str]) -> None:
    receipts(postbox, 1)
    postbox.mailer.script = [LATER]
    postbox.send()
    number, staff = postbox.rows()[0].id, browser_of(postbox, key_pair[0], "staff")
    headers = {"X-CSRF-Token": token(staff), "Idempotency-Key": "one"}
    first = staff.post(f"{API}/{number}/attempts", headers=headers)
    assert (first.status_code, first.get_json()["state"]) == (201, "deferred")
    postbox.send()
    second = staff.post(f"{API}/{number}/attempts", headers=headers)
    assert (second.status_code, second.get_json()) == (201, first.get_json())
    assert postbox.rows()[0].state == "sent"
    headers["Idempotency-Key"] = "two"
    assert staff.post(f"{API}/{number}/attempts", headers=headers).status_code == 409


def test_a_message_that_could_not_be_written_has_a_page(one_postbox: Postbox, browser: Browser) -> None:
    receipts(one_postbox, 1)
    with one_postbox.units.begin() as uow:
        uow.session.execute(update(MessageRow).values(values={}))
    one_postbox.send()
    page = browser("staff").get(f"{STAFF}/messages/{one_postbox.rows()[0].id}").get_data(as_text=True)
    assert "could not be written" in page


def test_every_template_has_a_page_in_each_language_it_is_shipped_in(browser: Browser) -> None:
    staff = browser("staff")
    gallery = staff.get(f"{STAFF}/templates").get_data(as_text=True)
    links = sorted(set(re.findall(r'href="(/notifications/staff/templates/[a-z_]+/[a-zA-Z-]+)"', gallery)))
    assert len(links) > 60
    for link in links:
        assert staff.get(link).status_code == 200, link
        assert staff.get(f"{link}/html").status_code == 200, link
    assert staff.get(f"{STAFF}/templates/reviewer_invited/ar/html").status_code == 404
    assert staff.get(f"{STAFF}/templates/nothing/en").status_code == 404
