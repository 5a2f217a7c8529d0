"""A running Hearth to walk through: its address, its mail, and how staff and panels sign in."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import waitress
from playwright.sync_api import Page

from services.embedded.assembly import Assembly, assemble
from services.embedded.home import open_home
from services.embedded.sample import Wish, load_sample
from services.embedded.site import site as whole_site
from shared.timekeeping import system_clock
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


def _later(environ: object, start_response: object) -> list[bytes]:
    raise RuntimeError("the site is not ready yet")


def _pump(assembly: Assembly, done: Callable[[], bool]) -> None:
    assembly.broker.run_until_idle(timeout=120)
    assert done()
