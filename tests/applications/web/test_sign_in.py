"""Sign-in by link and code, the second step, sessions: what an attacker or an impatient person would try."""

from datetime import timedelta

import pyotp
import pytest

from services.applications.use_cases import keep_session, second_factor, sign_in
from tests.applications.parts import begin, code_of, data_of, enter, form_in, path_of, person, post_on, press


def text(answer):
    return answer.get_data(as_text=True)


def title(answer):
    return text(answer).partition("<title>")[2].partition("</title>")[0]


def test_known_and_unknown_addresses_look_the_same(service):
    person(service, "known@example.org", "applicant")
    pages = []
    for email in ("known@example.org", "unknown@example.org"):
        browser = service.web.test_client()
        answer = press(browser, "/sign-in", "/sign-in", email=email)
        after = text(browser.get(answer.location)).replace(
            form_in(text(browser.get("/sign-in")), "/sign-in")["csrf_token"], ""
        )
        pages.append((answer.status_code, answer.location, text(answer), after))
    assert pages[0] == pages[1]
    assert len(data_of(service, "sign_in_requested")) == 2


def test_opening_the_link_does_not_use_it_up_and_pressing_the_button_does(service, client):
    press(client, "/sign-in", "/sign-in", email="a@example.org")
    link = path_of(data_of(service, "sign_in_requested")[0]["link"])
    other = service.web.test_client()
    for _ in range(3):
        assert other.get(link).status_code == 200
    assert press(other, link, link).location == "/account"
    assert other.get("/account").status_code == 200
    again = press(service.web.test_client(), link, link)
    assert again.status_code == 410 and "Ask for a new" in text(again)


def test_a_code_works_once_and_only_in_the_browser_that_asked(service, client):
    press(client, "/sign-in", "/sign-in", email="a@example.org")
    code = code_of(service)
    thief = service.web.test_client()
    thief.get("/sign-in")
    assert press(thief, "/sign-in/code", "/sign-in/code", code=code).status_code == 410
    typed = f" {code.lower().replace('-', ' ')} "
    assert press(client, "/sign-in/code", "/sign-in/code", code=typed).location == "/account"
    assert press(client, "/sign-in/code", "/sign-in/code", code=code).status_code == 410


def test_wrong_codes_run_out(service, client):
    press(client, "/sign-in", "/sign-in", email="a@example.org")
    code = code_of(service)
    for _ in range(sign_in.ATTEMPTS):
        wrong = press(client, "/sign-in/code", "/sign-in/code", code="BBBB-2222")
        assert wrong.status_code == 422 and title(wrong).startswith("Error:")
    assert press(client, "/sign-in/code", "/sign-in/code", code=code).status_code == 410


def test_a_new_email_ends_the_one_before(service, client):
    for _ in range(2):
        press(client, "/sign-in", "/sign-in", email="a@example.org")
    first, second = (path_of(event["link"]) for event in data_of(service, "sign_in_requested"))
    assert press(client, first, first).status_code == 410
    assert press(client, second, second).status_code == 303


def test_links_and_codes_end_after_ten_minutes(service, client, clock):
    press(client, "/sign-in", "/sign-in", email="a@example.org")
    link = path_of(data_of(service, "sign_in_requested")[0]["link"])
    clock.advance(sign_in.LIFETIME)
    assert press(client, link, link).status_code == 410
    assert press(client, "/sign-in/code", "/sign-in/code", code=code_of(service)).status_code == 410


def test_an_address_gets_few_emails_in_a_quarter_of_an_hour(service, client, clock):
    for _ in range(sign_in.PER_ADDRESS):
        assert press(client, "/sign-in", "/sign-in", email="a@example.org").status_code == 303
    refused = press(client, "/sign-in", "/sign-in", email="A@Example.org")
    assert refused.status_code == 429 and refused.headers["Retry-After"] == "900"
    assert len(data_of(service, "sign_in_requested")) == sign_in.PER_ADDRESS
    assert press(client, "/sign-in", "/sign-in", email="b@example.org").status_code == 303
    clock.advance(sign_in.WINDOW + timedelta(seconds=1))
    assert press(client, "/sign-in", "/sign-in", email="a@example.org").status_code == 303


def test_a_network_gets_few_emails_too(service, client):
    for number in range(sign_in.PER_NETWORK):
        press(client, "/sign-in", "/sign-in", email=f"n{number}@example.org")
    assert press(client, "/sign-in", "/sign-in", email="one-more@example.org").status_code == 429


def test_what_is_no_address_is_named(service, client):
    for email in ("", "nobody", "a@b", "a b@example.org", "x\r\nBcc: y@example.org", "a\x00@example.org"):
        answer = press(client, "/sign-in", "/sign-in", email=email)
        assert answer.status_code == 422 and 'href="#email"' in text(answer), email
    assert data_of(service, "sign_in_requested") == []


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/" + "x" * 600,
        "/a\r\nb",
    ],
)
def test_nobody_is_sent_to_another_site(service, client, target):
    press(client, "/sign-in", "/sign-in", email="a@example.org", next=target)
    assert press(client, "/sign-in/code", "/sign-in/code", code=code_of(service)).location == "/account"
    renewed = client.get("/identity/renew", query_string={"next": target}).location
    assert renewed.startswith("/") and "evil" not in renewed


def test_a_good_next_is_followed_through_the_second_step(service, client):
    person(service, "staff@example.org", "staff")
    press(client, "/sign-in", "/sign-in", email="staff@example.org", next="/staff?a=b&c=d")
    answer = press(client, "/sign-in/code", "/sign-in/code", code=code_of(service))
    assert answer.location == "/sign-in/second-factor?next=%2Fstaff%3Fa%3Db%26c%3Dd"


def set_up(service, client, clock, email="staff@example.org", role="staff"):
    """Sign in and set the second step up: (authenticator, recovery codes)."""
    person(service, email, role)
    enter(service, client, email)
    begin = "/sign-in/second-factor/set-up/begin"
    page = text(client.get(press(client, "/sign-in/second-factor", begin).location))
    app = pyotp.TOTP(page.partition('<code><bdi dir="ltr">')[2].partition("<")[0])
    address = "/sign-in/second-factor/set-up"
    done = client.post(address, data={**form_in(page, address), "code": app.at(clock())})
    assert done.status_code == 200
    codes = [part.partition("<")[0] for part in text(done).split('<li><code><bdi dir="ltr">')[1:]]
    return app, codes


def test_staff_pages_wait_for_the_second_step(service, client, clock):
    person(service, "staff@example.org", "staff", "applicant")
    enter(service, client, "staff@example.org")
    assert client.get("/staff").status_code == 403
    assert "One more step" in text(client.get("/account"))
    set_up(service, client, clock)
    assert client.get("/staff").status_code == 200
    assert "One more step" not in text(client.get("/account"))


def test_a_code_of_the_app_works_once(service, client, clock):
    app, _codes = set_up(service, client, clock)
    clock.advance(timedelta(minutes=2))
    code = app.at(clock())
    for number, (typed, status) in enumerate([("000000", 422), (code, 303), (code, 422)]):
        browser = service.web.test_client() if number != 1 else client
        enter(service, browser, "staff@example.org")
        answer = press(browser, "/sign-in/second-factor", "/sign-in/second-factor", code=typed)
        assert answer.status_code == status, number
        assert (browser.get("/staff").status_code == 200) == (status == 303)


def test_digits_of_any_script_and_spaces_are_fine(service, client, clock):
    app, _codes = set_up(service, client, clock)
    clock.advance(timedelta(minutes=2))
    enter(service, client, "staff@example.org")
    arabic = app.at(clock()).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    typed = f"{arabic[:3]} {arabic[3:]}"
    assert press(client, "/sign-in/second-factor", "/sign-in/second-factor", code=typed).status_code == 303


def test_recovery_codes_let_in_once_each(service, client, clock):
    _app, codes = set_up(service, client, clock)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    for typed, status in ((codes[0], 303), (codes[0], 422), (codes[1], 303)):
        browser = service.web.test_client()
        enter(service, browser, "staff@example.org")
        assert press(browser, "/sign-in/second-factor", "/sign-in/second-factor", code=typed).status_code == status


def test_guessing_is_stopped_for_a_while(service, client, clock):
    app, _codes = set_up(service, client, clock)
    clock.advance(timedelta(minutes=2))
    enter(service, client, "staff@example.org")
    step = "/sign-in/second-factor"
    for _ in range(second_factor.ATTEMPTS):
        assert press(client, step, step, code="111111").status_code == 422
    assert press(client, step, step, code=app.at(clock())).status_code == 429
    clock.advance(second_factor.LOCK)
    assert press(client, step, step, code=app.at(clock())).status_code == 303


def test_a_second_step_cannot_be_set_up_over_one_that_counts(service, client, clock):
    set_up(service, client, clock)
    thief = service.web.test_client()
    enter(service, thief, "staff@example.org")
    fields = form_in(text(thief.get("/account")), "/account/details")
    assert thief.post("/sign-in/second-factor/set-up/begin", data=fields).status_code == 409
    assert thief.post("/sign-in/second-factor/set-up", data={**fields, "code": "1"}).status_code == 409


def test_a_secret_is_shown_to_the_browser_that_asked_for_it_alone(service, client):
    person(service, "staff@example.org", "staff")
    enter(service, client, "staff@example.org")
    page = client.get(press(client, "/sign-in/second-factor", "/sign-in/second-factor/set-up/begin").location)
    assert "qr-code" in text(page)
    other = service.web.test_client()
    enter(service, other, "staff@example.org")
    assert "qr-code" not in text(other.get("/sign-in/second-factor/set-up"))


def test_every_change_of_privilege_is_a_new_session(service, client, clock):
    app, _codes = set_up(service, client, clock)
    clock.advance(timedelta(minutes=2))
    enter(service, client, "staff@example.org")
    before = client.get_cookie("hearth-session").value
    step = "/sign-in/second-factor"
    assert press(client, step, step, code=app.at(clock())).status_code == 303
    after = client.get_cookie("hearth-session").value
    assert before != after
    client.set_cookie("hearth-session", before)
    assert client.get("/identity/renew").status_code == 401


def test_an_identity_is_renewed_by_get_and_by_post(service, client, clock):
    enter(service, client, "a@example.org")
    fields = form_in(text(client.get("/account")), "/account/details")
    clock.advance(timedelta(minutes=6))
    got = client.get("/account?x=1")
    assert got.status_code == 302 and got.location == "/identity/renew?next=/account%3Fx%3D1"
    posted = client.post("/account/details", data=fields)
    assert posted.status_code == 307
    done = post_on(client, "/account/details", {**fields, "name": "Amal"})
    assert done.status_code == 303 and 'value="Amal"' in text(client.get("/account"))


def test_sessions_end_when_idle_and_in_any_case(service, client, clock):
    enter(service, client, "a@example.org")
    for _ in range(7):
        clock.advance(keep_session.IDLE - timedelta(minutes=1))
        alive = client.get("/identity/renew").status_code == 204
        if not alive:
            break
    started = data_of(service, "person_registered")
    assert started and not alive
    other = service.web.test_client()
    enter(service, other, "a@example.org")
    clock.advance(keep_session.IDLE - timedelta(seconds=1))
    assert other.get("/identity/renew").status_code == 204
    clock.advance(keep_session.IDLE)
    assert other.get("/identity/renew").status_code == 401


def test_what_was_posted_after_the_session_ended_is_offered_again(service, client, open_round, clock):
    draft = begin(service, client)
    address = f"{draft}/sections/leadership"
    fields = {**form_in(text(client.get(address)), address), "motivation": "Two\nlines & <b>more</b>"}
    clock.advance(keep_session.IDLE + timedelta(minutes=1))
    ended = post_on(client, address, fields)
    assert ended.status_code == 401
    kept = form_in(text(ended), address)
    assert kept["motivation"].strip("\n") == "Two\nlines & <b>more</b>"
    enter(service, client, "noor@example.org")
    assert client.post(address, data=kept).status_code in (303, 422)
    assert form_in(text(client.get(address)), address)["motivation"].strip() == "Two\nlines & <b>more</b>"


def test_signing_out_ends_the_session_itself(service, client):
    enter(service, client, "a@example.org")
    stolen = client.get_cookie("hearth-session").value
    assert press(client, "/account", "/sign-out").location == "/"
    assert client.get_cookie("hearth-session") is None and client.get_cookie("hearth-identity") is None
    client.set_cookie("hearth-session", stolen)
    assert client.get("/identity/renew").status_code == 401


def test_a_form_of_another_browser_is_refused(service, client):
    fields = form_in(text(client.get("/sign-in")), "/sign-in")
    other = service.web.test_client()
    other.get("/sign-in")
    assert other.post("/sign-in", data={**fields, "email": "a@example.org"}).status_code == 403
    assert client.post("/sign-in", data=fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert data_of(service, "sign_in_requested") == []


def test_demo_sign_in_is_not_there_outside_a_demonstration(service, client):
    row = person(service, "staff@example.org", "staff")
    fields = form_in(text(client.get("/sign-in")), "/sign-in")
    assert client.post(f"/demo/sign-in/{row.id}", data=fields).status_code == 404
    assert "Try this demonstration" not in text(client.get("/"))
