"""A whole panel round in the browser, on six processes, PostgreSQL and RabbitMQ.

`python -m tests.bench.panel [reviewers [applications [reviews each [reviews by clicks]]]]`; 12, 300, 3 and 3 without.
The first reviews of each reviewer are clicked, the others are posted as the form of the same page. It fails where an
application lacks a review, a conflict was passed over, somebody saw what others think before their own review was in,
lists are further apart than one, or calibration does not find who is lenient. HEARTH_PANEL_SHOTS names a folder for
pictures of the main pages.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench.messaging import servers, virtual_host
from tests.bench.reporting import Report
from tests.journeys.panel_round import PanelRound
from tests.journeys.real_site import RealSite
from tests.processes.site import running
from tests.servers import finding
from tests.servers.browser import FLAGS
from tests.servers.postgres import Postgres


def main(reviewers: int, applications: int, per_application: int, clicks: int) -> None:
    """Print how long each part takes."""
    report = Report("panel")
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_host() as broker,
        running(Postgres(servers().server("postgres")["url"]), broker, Path(folder)) as processes,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=finding.chromium(), args=FLAGS)

        def context() -> BrowserContext:
            return browser.new_context(locale="en-GB", timezone_id="Europe/London")

        shots = os.environ.get("HEARTH_PANEL_SHOTS")
        run = PanelRound(
            RealSite(processes),
            context,
            reviewers,
            applications,
            per_application,
            _say,
            clicks,
            Path(shots) if shots else None,
        )
        try:
            run.run()
            report.row("calibration and the planted leniencies", {"agreement": run.see_calibration()})
        except BaseException:
            for name, text in processes.tails().items():
                _say(f"-- {name}\n{text}")
            raise
        for how, seconds in (("clicks", run.pages), ("posted form", run.posts)):
            if seconds:
                p99 = sorted(seconds)[int(len(seconds) * 0.99)]
                report.row(f"reviews by {how}", {"median_s": median(seconds), "p99_s": p99}, len(seconds))
    report.close()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(12, 300, 3, 3)[len(given) :])
