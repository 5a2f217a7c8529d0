"""A change needs this browser's token, and never comes from another site's page."""

import re

import pytest
from flask.testing import FlaskClient

from tests.shared.web.conftest import MakeSite
from tests.shared.web.site import Site


def token(browser: FlaskClient, **options: str) -> str:
    found = re.search(r"open (\w+)", browser.get("/toy/open", **options).text)
    assert found
    return found[1]


def test_a_form_with_its_token_is_taken(site: Site) -> None:
    browser = site.client()
    assert browser.post("/toy/open", data={"csrf_token": token(browser), "word": "hello"}).text.endswith("hello")
    assert browser.post("/toy/open", headers={"X-CSRF-Token": token(browser)}).status_code == 200


def test_without_the_token_or_with_another_browsers_it_is_refused(site: Site) -> None:
    browser, other = site.client(), site.client()
    mine, theirs = token(browser), token(other)
    assert mine != theirs and mine == token(browser)
    for data in ({}, {"csrf_token": theirs}, {"csrf_token": ""}, {"csrf_token": "é\ufffd"}):
        refused = browser.post("/toy/open", data=data)
        assert refused.status_code == 403 and "load the page again" in refused.text


def test_a_token_without_its_cookie_is_refused(site: Site) -> None:
    sent = token(site.client())
    assert site.client().post("/toy/open", data={"csrf_token": sent}).status_code == 403


def test_the_api_takes_the_token_in_a_header_or_a_programs_own(site: Site) -> None:
    browser = site.client("staff")
    sent = token(browser)
    assert browser.post("/toy/api/v1/things", json={"name": "a"}).status_code == 403
    assert browser.post("/toy/api/v1/things", json={"name": "a"}, headers={"X-CSRF-Token": sent}).status_code == 201
    assert site.client().post("/toy/api/v1/things", json={"name": "b"}, headers=site.bearer("x")).status_code == 201


def test_a_token_that_is_no_good_does_not_open_the_way(site: Site) -> None:
    browser = site.client("staff")
    for header in ("Bearer", "Bearer ", "Bearer x"):
        refused = browser.post("/toy/api/v1/things", json={"name": "a"}, headers={"Authorization": header})
        assert refused.status_code == 401
    assert site.names() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://[::1"},
        {"Origin": "http://localhost:port"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
def test_another_sites_page_is_refused_even_with_the_token(site: Site, headers: dict[str, str]) -> None:
    browser = site.client()
    sent = token(browser)
    refused = browser.post("/toy/open", data={"csrf_token": sent}, headers=headers)
    assert refused.status_code == 403
    assert browser.post("/toy/hook", headers=headers).status_code == 403


@pytest.mark.parametrize("origin", ["http://localhost", "http://127.0.0.1", "http://[::1]", "HTTP://LOCALHOST"])
def test_this_machine_by_any_of_its_names_is_taken(site: Site, origin: str) -> None:
    browser = site.client()
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/toy/open", data={"csrf_token": token(browser)}, headers=headers).status_code == 200


def test_a_public_site_has_one_origin(https_site: Site) -> None:
    browser = https_site.client()
    sent = token(browser, base_url="https://apply.example.org")

    def post(origin: str) -> int:
        answer = browser.post(
            "/toy/open", data={"csrf_token": sent}, headers={"Origin": origin}, base_url="https://apply.example.org"
        )
        return answer.status_code

    assert post("https://apply.example.org") == 200
    assert post("http://apply.example.org") == post("https://www.apply.example.org") == post("http://localhost") == 403


def test_a_browser_that_will_not_say_where_it_comes_from_needs_the_token(site: Site) -> None:
    browser = site.client()
    sent = token(browser)
    assert browser.post("/toy/open", headers={"Origin": "null"}).status_code == 403
    assert browser.post("/toy/open", data={"csrf_token": sent}, headers={"Origin": "null"}).status_code == 200


def test_the_cookie_is_made_with_the_first_form_and_kept(make_site: MakeSite) -> None:
    browser = make_site().client()
    assert "Set-Cookie" not in browser.get("/toy/address").headers
    first = browser.get("/toy/open").headers["Set-Cookie"]
    assert "HttpOnly" in first and "SameSite=Lax" in first and "Path=/" in first
    assert "Set-Cookie" not in browser.get("/toy/open").headers


def test_a_form_that_is_too_large_is_refused_as_such(site: Site) -> None:
    browser = site.client()
    refused = browser.post("/toy/open", data={"csrf_token": token(browser), "word": "x" * (3 * 1024 * 1024)})
    assert refused.status_code == 413 and "larger than this page can take" in refused.text
