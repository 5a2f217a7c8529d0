"""The language: what was chosen, else what the browser asks for, else English."""

import pytest

from shared.web.i18n import LANGUAGES, direction
from tests.shared.web.site import Site


def language(site: Site, path: str = "/toy/nothing", cookie: str = "", **headers: str) -> str:
    browser = site.client()
    if cookie:
        browser.set_cookie("hearth-language", cookie)
    page = browser.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}).text
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("cy", "cy"),
        ("ar-SY, en;q=0.5", "ar"),
        ("en-GB, cy;q=0.9", "en"),
        ("CY-gb, en", "cy"),
        ("prs, en", "fa-AF"),
        ("fa, en", "fa-AF"),
        ("fr, cy;q=0.4", "cy"),
        ("cy;q=0, ar", "ar"),
        ("fr", "en"),
        ("*", "en"),
        ("", "en"),
        (";;;,,", "en"),
    ],
)
def test_the_browsers_wish(site: Site, asked: str, given: str) -> None:
    assert language(site, Accept_Language=asked) == given


def test_a_link_goes_before_the_cookie_and_the_cookie_before_the_browser(site: Site) -> None:
    assert language(site, cookie="cy", Accept_Language="ar") == "cy"
    assert language(site, "/toy/nothing?language=fa-AF", cookie="cy") == "fa-AF"


def test_languages_that_nobody_speaks_here_are_passed_over(site: Site) -> None:
    assert language(site, "/toy/nothing?language=xx", cookie="<script>") == "en"
    assert language(site, "/toy/nothing?language=../../etc", cookie="cy") == "cy"


def test_a_link_is_remembered_and_a_form_is_not(site: Site) -> None:
    browser = site.client()
    browser.post("/toy/hook?language=cy")
    browser.get("/toy/address?language=cy")  # no page
    browser.get("/toy/open?language=xx")
    assert browser.get_cookie("hearth-language") is None
    browser.get("/toy/open?language=fa-AF")
    cookie = browser.get_cookie("hearth-language")
    assert cookie is not None and cookie.value == "fa-AF"
    assert "hearth-language" not in str(browser.get("/toy/open?language=fa-AF").headers.getlist("Set-Cookie"))


def test_right_to_left_is_said(site: Site) -> None:
    assert [direction(code) for code in LANGUAGES] == ["ltr", "ltr", "rtl", "rtl"]
    assert 'dir="rtl"' in site.client().get("/toy/nothing?language=ar").text
