"""The main navigation: by what the reader may do."""

import pytest
from flask import g

from shared.web.identity import Identity
from shared.web.navigation import main_navigation
from tests.shared.web.site import PERSON, Site


def links(site: Site, path: str, *roles: str) -> list[tuple[str, bool]]:
    with site.service.web.test_request_context(path):
        g.identity = Identity(PERSON, "Ada", frozenset(roles), "s") if roles else None
        return [(link["href"], link["current"]) for link in main_navigation()]


def test_strangers_have_none(site: Site) -> None:
    assert links(site, "/") == []


@pytest.mark.parametrize(
    ("role", "hrefs"),
    [
        ("staff", ["/staff", "/cohorts/staff", "/notifications/staff"]),
        ("administrator", ["/staff", "/cohorts/staff", "/notifications/staff"]),
        ("reviewer", ["/cohorts/panel"]),
        ("applicant", ["/account"]),
        ("participant", ["/cohorts/my"]),
        ("buddy", []),
    ],
)
def test_by_role(site: Site, role: str, hrefs: list[str]) -> None:
    assert [href for href, _ in links(site, "/", role)] == hrefs


def test_the_longest_address_that_the_page_is_under_is_current(site: Site) -> None:
    def current(path: str) -> list[str]:
        return [href for href, here in links(site, path, "staff", "reviewer") if here]

    assert current("/cohorts/staff/rounds/1") == ["/cohorts/staff"]
    assert current("/staff") == ["/staff"]
    assert current("/staffing") == current("/") == []
