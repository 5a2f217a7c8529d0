"""Fixtures for tests in a real browser: Playwright drives an installed Chromium."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.servers import finding
from tests.servers.processes import CannotStart

# Nothing here may talk to anybody but the pages under test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NARROW, WIDE = 320, 1280
SCREENSHOTS = Path("screenshots")
_OPEN = pytest.StashKey[list[Page]]()

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Chromium's path."""
    try:
        return finding.chromium()
    except CannotStart as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the worker's whole run."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def new_context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewContext]:
    """`new_context(width=1280, **options)`: a person's own browser, with cookies of its own; closed after the test."""
    contexts: list[BrowserContext] = []
    pages = request.node.stash.setdefault(_OPEN, [])

    def make(*, width: int = WIDE, height: int = 900, **options: object) -> BrowserContext:
        options = {"locale": "en-GB", "timezone_id": "Europe/London", **options}
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(10_000)
        context.on("page", lambda opened: pages.append(opened))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page 1,280 pixels wide."""
    return new_context().new_page()


@pytest.fixture
def narrow_page(new_context: NewContext) -> Page:
    """A page 320 pixels wide: a small phone, or a large one at 400% zoom."""
    return new_context(width=NARROW, height=640).new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep a picture of every open page when a browser test fails."""
    report = yield
    if report.when == "call" and report.failed:
        for number, page in enumerate(item.stash.get(_OPEN, [])):
            _keep_picture(page, item.nodeid, number)
    return report


def _keep_picture(page: Page, test: str, number: int) -> None:
    if not page.is_closed():
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{re.sub(r'[^A-Za-z0-9]+', '-', test)}-{number}.png", full_page=True)
