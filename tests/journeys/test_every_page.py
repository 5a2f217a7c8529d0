"""Every page that somebody can reach by links: no accessibility problem, nothing wider than a small phone."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Error, Page, Response

from tests.journeys.sites import PANEL, STAFF, EmbeddedSite
from tests.servers.browser import NewContext

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
MOST = 60
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Not pages: downloads, frames of foreign HTML, files.
_SKIPPED = ("/assets/", "/html", ".ics", "/api/", "/metrics")


def shape(path: str) -> str:
    """A path with what differs from thing to thing taken out: one page of each kind is looked at."""
    path = _ID.sub("ID", urlsplit(path).path)
    return re.sub(
        r"/outbox/.+", "/outbox/MAIL", re.sub(r"(templates)/[a-z_]+/[a-zA-Z-]+(?=/|$)", r"\1/KIND/LANGUAGE", path)
    )


def walk(page: Page, site: EmbeddedSite, start: list[str], within: str) -> Iterator[str]:
    """Every kind of page below `within` that links lead to from `start`, each opened once."""
    waiting, seen = list(start), set[str]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        kind = shape(path)
        if kind in seen or any(part in path for part in _SKIPPED):
            continue
        answer = open_page(page, site.url + path)
        if answer is None:
            continue
        seen.add(kind)
        assert answer.status < 400, f"{path}: {answer.status}"
        yield path
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [
            link.removeprefix(site.url).partition("#")[0] for link in links if link.startswith(site.url + within)
        ]


def open_page(page: Page, address: str) -> Response | None:
    """The answer; None for a file that is offered for saving."""
    try:
        return page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return None
        raise


def look(page: Page, path: str) -> list[str]:
    """What is wrong with the page that is open."""
    found = [
        f"{path}: {violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:160]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: wider than {width} px")
    return found


def inspect(
    context: BrowserContext, site: EmbeddedSite, who: str | None, start: list[str], language: str, within: str = "/"
) -> None:
    page = context.new_page()
    if who is not None:
        site.sign_in_as(page, who)
    page.goto(f"{site.url}/?language={language}")
    paths, problems = [], []
    for path in walk(page, site, start, within):
        paths.append(path)
        problems += look(page, path)
    assert problems == []
    assert len(paths) >= len(start)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_for_visitors(new_context: NewContext, demonstration: EmbeddedSite, language: str) -> None:
    start = ["/", "/sign-in", "/sign-in/code", "/apply/leading-together-2027", "/apply/leading-together-2027/begin"]
    inspect(new_context(width=320), demonstration, None, start, language)


@pytest.mark.parametrize(
    ("who", "start", "within"),
    [
        (STAFF, ["/account", "/staff", "/staff/rounds/new"], "/staff"),
        (STAFF, ["/cohorts/staff"], "/cohorts/staff"),
        (STAFF, ["/notifications/staff"], "/notifications"),
        (PANEL[0], ["/cohorts/panel/", "/account"], "/"),
    ],
    ids=["applications", "cohorts", "notifications", "panel"],
)
def test_pages_for_people_who_work_on_the_round(
    new_context: NewContext, demonstration: EmbeddedSite, who: str, start: list[str], within: str
) -> None:
    inspect(new_context(width=320), demonstration, who, start, "en", within)
