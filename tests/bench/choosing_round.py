"""A whole round chosen in the browser, on six processes, PostgreSQL and RabbitMQ: 1,000 applicants, 60 places.

`python -m tests.bench.choosing_round [applications [places]]`. Chosen under targets, looked at, released, accepted and
declined on the page behind the link, and filled again. It fails where a place is given twice, or somebody is told twice
or not at all.
"""

import re
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from services.applications.app import build_from_env as build_applications
from services.applications.domain.samples.generator import generate
from services.cohorts.app import build_from_env as build_cohorts
from services.embedded.sample import apply_sample
from tests.bench.messaging import servers, virtual_host
from tests.bench.reporting import Report
from tests.journeys.choosing import open_round
from tests.journeys.real_site import ADDRESSES, ROUND, RealSite, set_up_round
from tests.journeys.sites import STAFF
from tests.processes.site import running
from tests.servers import finding
from tests.servers.browser import FLAGS
from tests.servers.postgres import Postgres

_DECLINED = 5
_PATIENCE_MS = 120_000


class ChoosingRound:
    """One round, from its applications to its filled places."""

    def __init__(self, site: RealSite, browser: Browser, applications: int, places: int) -> None:
        self.site, self.browser, self.applications, self.places = site, browser, applications, places
        self.cohorts = build_cohorts(site.processes.settings["cohorts"])
        self.page = browser.new_context(locale="en-GB", timezone_id="Europe/London").new_page()
        self.page.set_default_timeout(_PATIENCE_MS)
        expect.set_options(timeout=_PATIENCE_MS)
        self.report = Report("choosing_round")
        self._began = time.perf_counter()

    def run(self) -> None:
        """Every step, with its seconds."""
        for step in (
            self.prepare,
            self.apply,
            self.choose,
            self.look,
            self.release,
            self.answer,
            self.fill,
            self.check,
        ):
            said = step()
            now = time.perf_counter()
            self.report.row(step.__name__, {"step_s": now - self._began})
            self.report.say(f"  {said}")
            self._began = now
        self.report.close()

    def prepare(self) -> str:
        """Staff sign in and open the round."""
        self.site.processes.add_person(ADDRESSES[STAFF], STAFF, "staff")
        self.site.sign_in_as(self.page, STAFF)
        set_up_round(self.site, self.page)
        return "the round is open"

    def apply(self) -> str:
        """Everybody applies, through the same use cases as the pages; the events do the rest."""
        units = build_applications(self.site.processes.settings["applications"]).units
        now = datetime.now(UTC)
        people = generate(self.applications, 7, opens_at=now - timedelta(hours=12), closes_at=now)
        for sample in people:
            apply_sample(units, ROUND, sample)
        self._until(lambda uow: len([a for a in self._pool(uow) if a.priority_score is not None]) == self.applications)
        return f"{self.applications} applications are scored and known to the cohorts service"

    def choose(self) -> str:
        """The plan, then 60 people under three targets, by the form."""
        open_round(self.page, self.site, "Overview")
        self.page.get_by_role("link", name="Settle how the round is reviewed and chosen").click()
        for label, value in (("Priority score", 100), ("Reviews", 0), ("Places", self.places)):
            self.page.get_by_label(label, exact=True).fill(str(value))
        self.page.get_by_role("button", name="Keep the plan").click()
        open_round(self.page, self.site, "Selection")
        self.page.get_by_label("How many people?").fill(str(self.places))
        for line, (label, least) in enumerate((("Yes, both facts", 0.6), ("Outside London", 0.8), ("Wales", 0.05))):
            option = self.page.locator(f"#target-{line} option").filter(has_text=label).first
            self.page.select_option(f"#target-{line}", option.get_attribute("value") or "")
            self.page.fill(f"#minimum-{line}", str(max(1, round(least * self.places))))
        self.page.get_by_role("button", name="Choose", exact=True).click()
        expect(self.page.get_by_text("the proven most is")).to_be_visible()
        self.page.get_by_label("People on the waiting list").fill("100")
        self.page.get_by_role("button", name="Stage the decisions").click()
        return f"{self.places} chosen, proven, with a reason for each of {self.applications}"

    def look(self) -> str:
        """The messages of the first page of decisions, word for word."""
        decisions = self.page.url
        self.page.get_by_role("button", name=re.compile("Look at the messages")).click()
        expect(self.page.get_by_role("heading", name="Messages, before they go")).to_be_visible()
        self.page.wait_for_load_state()
        shown = self.page.locator("iframe").count()
        self.page.goto(decisions)
        return f"{shown} messages looked at"

    def release(self) -> str:
        """Everybody is told at once."""
        self.page.get_by_label("I have looked at the decisions and the messages").check()
        self.page.get_by_role("button", name=re.compile("Release to [0-9,]+ people")).click()
        expect(self.page.get_by_text("Released").first).to_be_visible()
        self._wait(lambda: len(self._decisions_sent()) == self.applications)
        return f"{self.applications} people were told by email"

    def answer(self) -> str:
        """By the links in the emails: some decline, all others accept."""
        for number, token in enumerate(self._open_tokens()):
            page = self.browser.new_page()
            page.goto(f"{self.site.url}/cohorts/offers/{token}")
            page.get_by_role("button", name="Decline" if number < _DECLINED else "Accept my place", exact=True).click()
            if number < _DECLINED:
                page.get_by_role("button", name="Yes, decline my place").click()
            page.close()
        return f"{_DECLINED} declined, {self.places - _DECLINED} accepted"

    def fill(self) -> str:
        """The proposal that keeps the targets, confirmed; and confirmed a second time in vain."""
        open_round(self.page, self.site, "Offers")
        self.page.get_by_role("link", name="Fill places that came free").or_(
            self.page.get_by_role("button", name="Fill places that came free")
        ).first.click()
        expect(self.page.get_by_text("With these people, every target is met again.")).to_be_visible()
        again = self.page.context.new_page()
        again.goto(self.page.url)
        name = re.compile(f"Offer {_DECLINED} places")
        self.page.get_by_role("button", name=name).click()
        again.get_by_role("button", name=name).click()
        expect(again.get_by_text("since you looked")).to_be_visible()
        for token in self._open_tokens():
            page = self.browser.new_page()
            page.goto(f"{self.site.url}/cohorts/offers/{token}")
            page.get_by_role("button", name="Accept my place").click()
            page.close()
        return f"{_DECLINED} places filled, like for like"

    def check(self) -> str:
        """Places, targets and mail, read from the database and the mail catcher."""
        with self.cohorts.units.begin(write=False) as uow:
            round_id = uow.rounds.all()[0].id
            cohort = uow.cohorts.of_round(round_id)
            assert cohort is not None
            people = {participant.application_id for participant, _ in uow.cohorts.participants(cohort.id)}
            assert len(people) == self.places
            chosen = [a.attributes for a in self._pool(uow) if a.id in people]
            assert uow.record.verify().whole
        counts = Counter((name, str(value)) for one in chosen for name, value in one.items())
        self._wait(lambda: len(self._decisions_sent()) == self.applications + _DECLINED)
        told = Counter(self._decisions_sent())
        # Whoever was on the waiting list and is offered a place later hears of it as well: two decisions, two letters.
        assert len(told) == self.applications
        assert Counter(told.values()) == {1: self.applications - _DECLINED, 2: _DECLINED}
        return f"{self.places} participants, the record is whole, nobody told twice: {counts.most_common(4)}"

    def _pool(self, uow: Any) -> list[Any]:
        rows = uow.rounds.all()
        return list(uow.applications.pool(rows[0].id)) if rows else []

    def _open_tokens(self) -> list[str]:
        with self.cohorts.units.begin(write=False) as uow:
            rows = uow.offers.of_round(uow.rounds.all()[0].id)
            return [uow.links.token(offer.id, offer.nonce) for offer, _ in rows if offer.state == "open"]

    def _decisions_sent(self) -> list[str]:
        mail = self.site.processes.mail.messages
        return [str(message["To"]) for message in mail if "News about" in _subject(message)]

    def _until(self, true: Any) -> None:
        def asked() -> bool:
            with self.cohorts.units.begin(write=False) as uow:
                return bool(true(uow))

        self._wait(asked)

    @staticmethod
    def _wait(true: Any, seconds: float = 600) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it never came true"
            time.sleep(0.5)


def _subject(message: Any) -> str:
    from email.header import decode_header, make_header

    subject = str(make_header(decode_header(str(message["Subject"]))))
    translated = ("خبر بشأن", "خبر دربارهٔ", "Newyddion am", "خبر")
    return "News about" if subject.startswith(translated) else subject


def main(applications: int, places: int) -> None:
    """Print how long each part takes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        virtual_host() as broker,
        running(Postgres(servers().server("postgres")["url"]), broker, Path(folder)) as processes,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=finding.chromium(), args=FLAGS)
        try:
            ChoosingRound(RealSite(processes), browser, applications, places).run()
        except BaseException:
            for name, text in processes.tails().items():
                print(f"-- {name}\n{text}", flush=True)
            raise


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*given, *(1_000, 60)[len(given) :])
