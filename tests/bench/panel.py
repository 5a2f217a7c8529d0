"""A whole panel round in the browser, on six processes, PostgreSQL and RabbitMQ.

`python -m tests.bench.panel [reviewers [applications [reviews each]]]`; 12, 300 and 2 without. It fails where an
application lacks a review, a conflict was passed over, or lists are further apart than one.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench.messaging import virtual_host
from tests.journeys.panel_round import PanelRound
from tests.journeys.real_site import RealSite
from tests.processes.site import running
from tests.servers import finding
from tests.servers.browser import FLAGS
from tests.servers.postgres import Postgres


def main(reviewers: int, applications: int, per_application: int) -> None:
    """Print how long each part takes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_host() as broker,
        running(Postgres(os.environ["HEARTH_TEST_POSTGRES_URL"]), broker, Path(folder)) as processes,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=finding.chromium(), args=FLAGS)

        def context() -> BrowserContext:
            return browser.new_context(locale="en-GB", timezone_id="Europe/London")

        run = PanelRound(RealSite(processes), context, reviewers, applications, per_application, _say)
        try:
            run.run()
        except BaseException:
            for name, text in processes.tails().items():
                _say(f"-- {name}\n{text}")
            raise
        pages = sorted(run.pages)
        _say(
            f"{len(pages)} reviews read and handed in, median {median(pages):.2f} s each, "
            f"p99 {pages[int(len(pages) * 0.99)]:.2f} s (page, form and answer)"
        )


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(12, 300, 2)[len(given) :])
