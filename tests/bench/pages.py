"""What an applicant's pages weigh, and what they cost the server: beside a bare Flask page of the same length.

Bytes over the wire (gzip), requests outside the site, the script's size, and milliseconds of the processor for each
page of the way through the sample form, on SQLite. `python -m tests.bench.pages [repeats]`.
"""

import gzip
import re
import sys
import tempfile
from pathlib import Path
from statistics import median

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from services.applications.app import build
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.keep_round import create_round, move_round
from shared.timekeeping import MovableClock
from shared.web.assets import FOLDER
from tests.applications.parts import ANSWERS, SLUG, begin, config_for, fill_in, migrate
from tests.bench.reporting import Report
from tests.bench.rounds import NOW, in_turn, processor

GOAL = "first view <= 40 KB over the wire, later views <= 8 KB, no request outside the site"
FIRST_VIEW, LATER_VIEW = 40_000, 8_000
_ASKED_FOR = re.compile(r"""<(?:script|img|iframe)\b[^>]*\bsrc="([^"]+)"|<link\b[^>]*\bhref="([^"]+)"|url\(([^)]+)\)""")
"""What a browser fetches by itself."""


def weight(body: bytes) -> int:
    """Bytes over the wire, as the gateway and the embedded mode compress."""
    return len(gzip.compress(body, 5))


def files() -> int:
    """Bytes of the style sheet, the script and the icon, which a first view fetches once."""
    return sum(
        len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in ("hearth.css", "hearth.js", "favicon.svg")
    )


def outside(page: str) -> list[str]:
    """What the page makes a browser fetch from elsewhere."""
    fetched = [next(filter(None, found)) for found in _ASKED_FOR.findall(page)]
    return [address for address in fetched if not re.match(r"/(?!/)|data:|http://localhost", address)]


def bare(page: str) -> FlaskClient:
    """A Flask application that renders a text of this length, and nothing else."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: render_template_string("<!doctype html>{{ text }}", text="x" * len(page)))
    return app.test_client()


def main(repeats: int) -> None:
    """A line for each page."""
    report = Report("pages", GOAL)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'pages.sqlite3'}"
        migrate(url)
        service = build(config_for(url), MovableClock(NOW))
        with service.units.begin() as uow:
            definition = {**round_definition(), "form": form_definition(), "rules": rules_definition()}
            move_round(uow, create_round(uow, definition).id, "open")
        client = service.web.test_client()
        draft = begin(service, client)
        fill_in(client, draft)
        sections = [f"{draft}/sections/{name}" for name in ANSWERS]
        stranger = service.web.test_client()
        public, own = ("/", f"/rounds/{SLUG}", f"/apply/{SLUG}"), (draft, *sections, f"{draft}/check", "/account")
        pages = [(stranger, path) for path in public] + [(client, path) for path in own]
        heaviest = max(_page(report, browser, path, draft, repeats) for browser, path in pages)
        service.units.engine.dispose()
    report.row("first view: a page, style, script, icon", {"bytes": files() + heaviest, "allowed": FIRST_VIEW})
    report.row("script alone", {"bytes": len(gzip.compress((FOLDER / "hearth.js").read_bytes(), 9))})
    report.close()


def _page(report: Report, client: FlaskClient, path: str, draft: str, repeats: int) -> int:
    answer = client.get(path)
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status_code}: nothing was measured")
    page, beside = answer.get_data(as_text=True), bare(answer.get_data(as_text=True))
    taken = in_turn({"page": lambda: client.get(path), "bare": lambda: beside.get("/")}, repeats)
    cost = median(processor(lambda: client.get(path), 1) for _ in range(repeats))
    figures = {
        "bytes": weight(answer.data),
        "allowed": LATER_VIEW,
        "outside": len(outside(page)),
        "page_ms": 1000 * taken["page"],
        "processor_ms": 1000 * cost,
        "bare_ms": 1000 * taken["bare"],
    }
    report.row(path.replace(draft, "…"), figures)
    return weight(answer.data)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
