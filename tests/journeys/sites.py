"""A running Hearth to walk through: its address, its mail, and how staff and panels sign in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import waitress
from playwright.sync_api import Page

from services.embedded.assembly import Assembly, assemble
from services.embedded.home import open_home
from services.embedded.sample import Wish, load_sample
from services.embedded.site import site as whole_site
from shared.timekeeping import MovableClock, system_clock
from tests.journeys.mail import Postbox

STAFF = "Rhiannon Okafor"
PANEL = ("Tesfay Berhane", "Marged Llewelyn", "Samira Haidari", "Oleksandr Bondar")


class Site(Protocol):
    """What a journey needs of a running Hearth."""

    url: str
    post: Postbox

    def sign_in_as(self, page: Page, name: str) -> None:
        """Sign somebody in who works on the round."""


@dataclass
class EmbeddedSite:
    """All three services in this process; staff and panel sign in with one click."""

    url: str
    post: Postbox

    def sign_in_as(self, page: Page, name: str) -> None:
        """By the card on the front page."""
        page.goto(self.url)
        page.locator("form[action*='/demo/sign-in/']").filter(has_text=name).get_by_role("button").click()


@contextmanager
def embedded_site(folder: Path, applications: int) -> Iterator[EmbeddedSite]:
    """A demonstration with some applications, on a free port of this machine."""
    home = open_home(folder)
    server = waitress.create_server(_later, host="127.0.0.1", port=0, threads=8)
    url = f"http://127.0.0.1:{server.effective_port}"
    assembly = assemble(home, url, system_clock, demo=True)
    server.application = whole_site(assembly)
    load_sample(
        assembly,
        Wish(applications, 3, system_clock().replace(microsecond=0)),
        settle=lambda done: _pump(assembly, done),
        progress=lambda done, total: None,
    )
    assembly.broker.start()
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield EmbeddedSite(url, Postbox(lambda: [path.read_bytes() for path in sorted(home.mail.glob("*.eml"))]))
    finally:
        server.close()
        assembly.broker.stop()
        assembly.dispose()


@dataclass
class SteppedSite(EmbeddedSite):
    """All three services, on a clock that the test moves; they work whenever somebody looks into the mail."""

    assembly: Assembly
    clock: MovableClock

    def pump(self) -> None:
        """Do all there is to do at this moment."""
        self.assembly.broker.run_until_idle(timeout=120)


@contextmanager
def stepped_site(folder: Path) -> Iterator[SteppedSite]:
    """A demonstration without applications, at ten o'clock of tomorrow."""
    home = open_home(folder)
    server = waitress.create_server(_later, host="127.0.0.1", port=0, threads=4)
    clock = MovableClock(system_clock().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=1))
    assembly = assemble(home, url := f"http://127.0.0.1:{server.effective_port}", clock, demo=True)
    server.application = whole_site(assembly)
    load_sample(assembly, Wish(0, 3, clock()), lambda done: _pump(assembly, done), lambda done, total: None)
    threading.Thread(target=server.run, daemon=True).start()

    def read() -> list[bytes]:
        assembly.broker.run_until_idle(timeout=120)
        return [path.read_bytes() for path in sorted(home.mail.glob("*.eml"))]

    try:
        yield SteppedSite(url, Postbox(read), assembly, clock)
    finally:
        server.close()
        assembly.dispose()


def _later(environ: object, start_response: object) -> list[bytes]:
    raise RuntimeError("the site is not ready yet")


def _pump(assembly: Assembly, done: Callable[[], bool]) -> None:
    assembly.broker.run_until_idle(timeout=120)
    assert done()
