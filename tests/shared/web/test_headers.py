"""What every answer carries, and what comes in from outside and is not believed."""

import logging

import pytest

from shared.web.app import WebSettings, create_app
from tests.shared.web.conftest import MakeSite
from tests.shared.web.site import PUBLIC, Site

PATHS = [
    "/toy/open",
    "/toy/mine",
    "/toy/staff",
    "/toy/boom",
    "/toy/nothing",
    "/toy/api/v1/things",
    "/assets/hearth.css",
]


def policy(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.strip().partition(" ") for part in text.split(";"))}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(https_site: Site, path: str) -> None:
    headers = https_site.client().get(path, base_url="https://apply.example.org").headers
    found = policy(headers["Content-Security-Policy"])
    assert found["default-src"] == "'none'" and found["script-src"] == found["style-src"] == "'self'"
    assert found["object-src"] == found["base-uri"] == "'none'"
    assert found["frame-ancestors"] == found["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert len(headers["X-Correlation-ID"]) == 36


def test_hsts_is_for_https(site: Site) -> None:
    assert "Strict-Transport-Security" not in site.client().get("/toy/open").headers


def test_nothing_is_stored_but_shared_files(site: Site) -> None:
    browser = site.client()
    for path in ("/toy/open", "/toy/nothing", "/assets/nothing.css", "/toy/boom"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
    assert browser.get("/assets/hearth.css").headers["Cache-Control"] != "no-store"


@pytest.mark.parametrize("given", ["short", "x" * 65, "a b c d e f g", "number\r\nX: 1", "näme-number", ""])
def test_a_strange_number_is_replaced(site: Site, given: str) -> None:
    with site.service.web.test_request_context():
        environ = {"HTTP_X_CORRELATION_ID": given}
    found = site.client().get("/toy/open", environ_overrides=environ).headers["X-Correlation-ID"]
    assert len(found) == 36 and found != given


def test_a_good_number_is_kept(site: Site) -> None:
    answer = site.client().get("/toy/open", headers={"X-Correlation-ID": "gateway-0000.1_a"})
    assert answer.headers["X-Correlation-ID"] == "gateway-0000.1_a"


def test_redirects_do_not_repeat_an_invented_host(site: Site) -> None:
    answer = site.client().get("/toy/slash?a=1", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.location) == (308, "/toy/slash/?a=1")
    doubled = site.client().get("//evil.example//toy", headers={"Host": "evil.example"})
    assert not (doubled.location or "/").startswith(("//", "http"))


def test_methods_that_nobody_knows_do_not_grow_the_figures(site: Site) -> None:
    for number in range(5):
        assert site.client().open("/toy/open", method=f"FIND{number}").status_code == 405
    figures = site.service.metrics.render()[0].decode()
    assert "FIND" not in figures and 'method="other"' in figures


def test_proxies_are_believed_as_far_as_they_are_counted(make_site: MakeSite) -> None:
    sent = {
        "X-Forwarded-For": "203.0.113.9, 192.0.2.4",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    none, one = make_site(), make_site(proxies=1)
    assert none.client().get("/toy/address", headers=sent).json == {
        "address": "127.0.0.1",
        "secure": False,
        "host": "localhost",
    }
    assert one.client().get("/toy/address", headers=sent).json == {
        "address": "192.0.2.4",
        "secure": True,
        "host": "localhost",
    }


def test_cookies_of_an_https_site_are_bound_to_it(https_site: Site) -> None:
    answer = https_site.client().get("/toy/open?language=cy", base_url="https://apply.example.org")
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-hearth-browser", "__Host-hearth-language"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert https_site.service.web.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert https_site.service.web.config["SESSION_COOKIE_SECURE"]


def test_debugging_stays_off_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, site: Site
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    settings = WebSettings("http://localhost", "x" * 40, PUBLIC)
    app = create_app("plain", tmp_path, settings, site.clock, metrics=site.service.metrics)  # type: ignore[arg-type]
    assert app.debug is False and app.testing is False


def test_one_line_for_each_answer_by_route(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    site.client().get("/toy/fails/Gone?token=verysecret")
    site.client().get("/toy/health/live")
    [line] = [record for record in caplog.records if record.message == "answered"]
    assert (line.method, line.route, line.status) == ("GET", "/toy/fails/<kind>", 410)
    assert "verysecret" not in str(line.__dict__)
