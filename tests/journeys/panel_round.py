"""A whole panel round in a real browser on six real processes: invited from a list, terms, phases, lists, reading,
handing back, a drop-out, late applications, reminders, the end. Any number of reviewers and applications.

Each reviewer hands in their first `clicks` reviews by filling in the page; the rest go out as the form of the same
page, fetched and posted with the browser's own cookies: that leaves out nothing but the drawing of pages.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import correlation
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, expect

from services.applications.app import build_from_env as applications_service
from services.applications.domain.samples.generator import SampleApplication, generate
from services.cohorts.app import build_from_env as cohorts_service
from services.cohorts.use_cases.invite_reviewer import MOST
from services.cohorts.use_cases.see_calibration import see_calibration
from services.cohorts.use_cases.see_conflicts import barred_pairs
from services.embedded.sample import apply_sample
from shared.service import Service
from tests.applications.parts import form_in
from tests.journeys.choosing import open_round
from tests.journeys.real_site import ADDRESSES, ROUND, RealSite, set_up_round
from tests.journeys.sites import STAFF

DOMAIN = "panel-round.example"
PATIENCE_MS = 60_000
REASON = "It is there in the second answer."
_FILL = """([score, reason]) => {
  const all = name => document.querySelectorAll(name);
  all('input[type=radio][name^="score-"]').forEach(r => { if (r.value === score) r.checked = true; });
  all('textarea[name^="reason-"]').forEach(t => { t.value = reason; });
}"""


@dataclass
class PanelRound:
    """One round on one site. `seconds` says how long each part took; `pages` and `posts` how long each review did, by
    clicks and by posted form. Pictures of the main pages go to `shots`, if it is given."""

    site: RealSite
    new_context: Callable[..., BrowserContext]
    reviewers: int
    applications: int
    per_application: int = 2
    say: Callable[[str], None] = lambda text: None
    clicks: int = 10_000
    shots: Path | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings = self.site.processes.settings
        self.mine: Service[Any] = applications_service(settings["applications"])
        self.cohorts: Service[Any] = cohorts_service(settings["cohorts"])
        now = datetime.now(UTC)
        self.samples = generate(
            self.applications + self.late, 11, opens_at=now - timedelta(hours=12), closes_at=now - timedelta(hours=1)
        )
        self.names = [f"Reader {chr(ord('A') + n)}" for n in range(self.reviewers)]
        chance = random.Random(self.reviewers)
        self.lenient = {name: chance.uniform(-0.8, 0.8) for name in self.names}
        self.readers: dict[str, Page] = {}
        self._clicked: Counter[str] = Counter()
        self._sent = 0

    @property
    def late(self) -> int:
        """How many apply after lists were given out."""
        return max(1, self.applications // 60)

    def address(self, name: str) -> str:
        """Where mail to a reviewer goes."""
        return f"{name.replace(' ', '.').lower()}@{DOMAIN}"

    def run(self) -> None:
        """Everything, from the invitation to the closed panel."""
        with self._timed("round and plan"):
            self._set_up()
        with self._timed("invite from a list, terms, phases"):
            self._invite()
        with self._timed(f"{self.applications} applications arrive"):
            self._apply(self.samples[: self.applications])
        with self._timed("everybody signs in and declares"):
            self._declare()
        with self._timed("share out and open scoring"):
            self._share_out()
        with self._timed("read"):
            self._read()
        with self._timed("drop-out, hand back, late applications"):
            self._disturb()
        with self._timed("read the rest"):
            self._remind()
            for name in self.names[:-1]:
                self._read_list(name)
        with self._timed("discussion and close"):
            self._end()
        self.check()

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[what] = time.perf_counter() - began
        self.say(f"{what}: {self.seconds[what]:.1f} s")

    def _shoot(self, page: Page, name: str) -> None:
        if self.shots is None:
            return
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=self.shots / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 720})

    # -- staff ---------------------------------------------------------------------------------------------------

    def _set_up(self) -> None:
        self.site.processes.add_person(ADDRESSES[STAFF], STAFF, "staff")
        self.staff = self.new_context().new_page()
        self.staff.set_default_timeout(PATIENCE_MS)
        self.site.sign_in_as(self.staff, STAFF)
        set_up_round(self.site, self.staff)
        self._wait(lambda: bool(self._round_ids()))
        (self.round_id,) = self._round_ids()
        open_round(self.staff, self.site, "Overview")
        self.staff.get_by_role("link", name="Settle how the round is reviewed and chosen").click()
        self.staff.get_by_label("Reviews for each application").fill(str(self.per_application))
        self.staff.get_by_role("button", name="Keep the plan").click()
        expect(self.staff.get_by_text("The plan is kept")).to_be_visible()

    def _round_ids(self) -> list[UUID]:
        with self.cohorts.units.begin(write=False) as uow:
            return [row.id for row in uow.rounds.all()]

    def _go(self, path: str) -> None:
        self.staff.goto(f"{self.site.url}/cohorts/staff/rounds/{self.round_id}/{path}")

    def _invite(self) -> None:
        """From a list with one line that is wrong; the first reviewer works where the first applicant does."""
        capacity = min(self.applications * self.per_application, MOST)
        own = self.samples[0].answers["organisation_name"]
        lines = [
            f'{name},{self.address(name)},en,{capacity},"{own if n == 0 else ""}"' for n, name in enumerate(self.names)
        ]
        self._go("panel/import")
        table = "\n".join(["name,email,language,capacity,organisation", *lines, "Nobody,no address,en,5,"])
        self.staff.get_by_label("Or paste the list").fill(table)
        self.staff.get_by_role("button", name="Look at it first").click()
        expect(self.staff.get_by_text("Write an email address")).to_be_visible()
        self.staff.get_by_role("button", name=f"Invite {self.reviewers} people").click()
        expect(self.staff.get_by_text(f"{self.reviewers} people are invited")).to_be_visible()
        self._go("terms")
        self.staff.get_by_label("What reviewers agree to").fill("Keep what you read to yourself.\nBe fair.")
        self.staff.get_by_role("button", name="Publish version 1").click()
        expect(self.staff.get_by_text("Version 1 of the terms is published")).to_be_visible()
        self._go("phases")
        today = datetime.now(UTC).date()
        for legend, days in (
            ("First day of scoring", 2),
            ("Last day of scoring", 12),
            ("Last day of the discussion", 19),
        ):
            self._date(legend, today + timedelta(days=days))
        self.staff.get_by_role("button", name="Keep the dates").click()
        expect(self.staff.get_by_text("The dates are kept")).to_be_visible()

    def _date(self, legend: str, day: date) -> None:
        group = self.staff.get_by_role("group", name=re.compile(legend))
        for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(label).fill(str(value))

    def _apply(self, samples: list[SampleApplication]) -> None:
        for sample in samples:
            apply_sample(self.mine.units, ROUND, sample)
        self._sent += len(samples)
        self._wait(lambda: self._arrived() == self._sent)

    def _arrived(self) -> int:
        with self.cohorts.units.begin(write=False) as uow:
            return len(uow.applications.pool(self.round_id))

    def _wait(self, done: Callable[[], bool], seconds: float = 300) -> None:
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, "it never happened"
            self.staff.wait_for_timeout(200)

    def _share_out(self) -> None:
        self._give_out("top_up")
        loads, mine = self._loads(), set(self.names)
        assert set(loads) == mine
        assert max(loads.values()) - min(loads.values()) <= 1, loads
        self.say(f"lists: {self._spread()}")
        self._go("phases")
        self.staff.get_by_role("button", name="Open scoring now").click()
        expect(self.staff.get_by_text("The panel’s phase is now: scoring")).to_be_visible()
        for name in self.names:
            self.site.post.wait(self.address(name), "Your reading list is ready")

    def _give_out(self, mode: str) -> None:
        self._go(f"assignment?mode={mode}")
        self._shoot(self.staff, f"assignment-{mode}")
        self.staff.get_by_role("button", name=re.compile("Give out [0-9]+ reviews")).click()
        expect(self.staff.get_by_text("reviews are given out, and the panel is told")).to_be_visible()

    def _loads(self) -> dict[str, int]:
        with self.cohorts.units.begin(write=False) as uow:
            names = {member.id: member.name for member in uow.panels.serving(self.round_id)}
            held = Counter(a.panel_member_id for a in uow.assignments.current(self.round_id))
            return {name: held[id] for id, name in names.items()}

    def _disturb(self) -> None:
        """The last reviewer leaves, the first hands one back, some applications come late; lists are evened out."""
        leaver = self.readers[self.names[-1]]
        leaver.goto(f"{self.site.url}/cohorts/panel/")
        leaver.get_by_role("link", name="I have to leave this panel").click()
        leaver.get_by_role("button", name="Leave the panel").click()
        expect(leaver.get_by_text("You have left the panel")).to_be_visible()
        before = self._pairs()
        self._give_out("rebalance")
        after = self._pairs()
        assert before <= after, "a list lost something although its reviewer stayed"
        self.say(
            f"after the drop-out {len(before)} reviews stay where they were, none moves, {len(after - before)} go out"
        )
        self.say(f"lists afterwards: {self._spread()}")
        self._apply(self.samples[self.applications :])
        self._give_out("top_up")
        self.say(f"lists after {self.late} late applications: {self._spread()}")

    def _spread(self) -> str:
        loads = self._loads().values()
        return f"{min(loads)} to {max(loads)}"

    def _pairs(self) -> set[tuple[UUID, UUID]]:
        with self.cohorts.units.begin(write=False) as uow:
            return {(a.application_id, a.panel_member_id) for a in uow.assignments.current(self.round_id)}

    def _remind(self) -> None:
        self._go("panel")
        self.staff.get_by_role("button", name="Remind everybody who has something left").click()
        expect(self.staff.get_by_text(re.compile("reviewers? (is|are) reminded"))).to_be_visible()
        left = [name for name in self.names[:-1] if self._left(name)]
        for name in left:
            self.site.post.wait(self.address(name), "Forms are waiting")

    def _left(self, name: str) -> int:
        with self.cohorts.units.begin(write=False) as uow:
            member = uow.panels.invited(self.round_id, self.address(name))
            return sum(review.state in {"new", "draft"} for review in uow.blind.listed(member.id))

    def _end(self) -> None:
        self._go("phases")
        self.staff.get_by_role("button", name="End scoring now, begin the discussion").click()
        expect(self.staff.get_by_text("The panel’s phase is now: discussion")).to_be_visible()
        reader = self.readers[self.names[0]]
        reader.goto(f"{self.site.url}/cohorts/panel/")
        expect(reader.get_by_text("Scoring has ended; the panel is talking")).to_be_visible()
        self._go("phases")
        self.staff.get_by_role("button", name="Close the panel now").click()
        expect(self.staff.get_by_text("The panel’s phase is now: closed")).to_be_visible()

    def see_calibration(self) -> float:
        """Staff look at the calibration that closing set off; its correlation with the planted leniencies."""
        self._wait(lambda: self._leniencies() != {})
        self._go("calibration")
        expect(self.staff.get_by_role("heading", name="No adjusted scores")).to_have_count(0)
        expect(self.staff.get_by_role("heading", name="Reviewers", exact=True)).to_be_visible()
        self._shoot(self.staff, "calibration")
        found = self._leniencies()
        return correlation([self.lenient[name] for name in found], list(found.values()))

    def _leniencies(self) -> dict[str, float]:
        with self.cohorts.units.begin(write=False) as uow:
            seen = see_calibration(uow, self.round_id)
        return {row.name: row.leniency for row in seen.reviewers if row.leniency is not None} if seen.run else {}

    # -- reviewers -----------------------------------------------------------------------------------------------

    def _declare(self) -> None:
        for name in self.names:
            page = self.readers[name] = self.new_context().new_page()
            page.set_default_timeout(PATIENCE_MS)
            self.site.post.wait(self.address(name), "An invitation to the panel")
            self.site.sign_in(page, self.address(name))
            page.goto(f"{self.site.url}/cohorts/panel/")
            page.get_by_role("link", name="Start").or_(page.get_by_role("button", name="Start")).first.click()
            expect(page.get_by_text("Be fair.")).to_be_visible()
            page.get_by_label("I agree to what is asked of me").check()
            page.get_by_role("button", name="Agree and continue").click()
            expect(page.get_by_text("Reading has not begun yet")).to_be_visible()

    def _read(self) -> None:
        """Everybody reads to the end, but the last reviewer, who stops early, and the first, who hands one back."""
        for name in self.names[:-1]:
            self._read_list(name, hand_back=name == self.names[0])
        self._read_list(self.names[-1], most=max(1, self.applications // 60))

    def _read_list(self, name: str, most: int = 10_000, *, hand_back: bool = False) -> None:
        page = self.readers[name]
        page.goto(f"{self.site.url}/cohorts/panel/")
        self._shoot(page, f"list-{name[-1]}") if name == self.names[1] else None
        for _ in range(most):
            onward = page.get_by_role("button", name="Read the next one").or_(
                page.get_by_role("link", name="Read the next one")
            )
            if onward.count() == 0:
                return
            if self._clicked[name] >= self.clicks:
                self._post_next(page, name, str(onward.first.get_attribute("href")))
                continue
            began = time.perf_counter()
            onward.first.click()
            expect(page.get_by_role("button", name="Hand in")).to_be_visible()
            expect(page.get_by_role("heading", name="What others think")).to_have_count(0)
            if hand_back:
                hand_back = False
                self._hand_back(page)
                continue
            score = self._score(name, page.get_by_role("heading", level=1).inner_text())
            page.evaluate(_FILL, [str(score), REASON])
            page.get_by_role("button", name="Hand in").click()
            expect(page.get_by_text("Your score is")).to_be_visible()
            self._clicked[name] += 1
            self.pages.append(time.perf_counter() - began)

    def _post_next(self, page: Page, name: str, address: str) -> None:
        """The next review as its page's form; then the list again, as a reviewer who goes back to it."""
        began = time.perf_counter()
        url, client = f"{self.site.url}{address}", page.context.request
        shown = client.get(url)
        text = shown.text()
        assert shown.ok and "What others think" not in text, (shown.status, url)
        fields = form_in(text, "") | {"then": "submit"}
        score = str(self._score(name, text.partition("<h1")[2].partition("</h1>")[0]))
        for criterion in re.findall('<input[^>]* name="score-([a-z_]+)"', text):
            fields |= {f"score-{criterion}": score, f"reason-{criterion}": REASON}
        answer = client.post(url, form=fields)
        assert answer.ok and "Your score is" in answer.text(), (answer.status, url)
        self.posts.append(time.perf_counter() - began)
        page.goto(f"{self.site.url}/cohorts/panel/")

    def _score(self, name: str, heading: str) -> int:
        """What the application deserves, as a reviewer of this leniency and some noise sees it."""
        reference = heading.split()[-1].partition("<")[0]
        merit, noise = random.Random(reference).gauss(3, 0.8), random.Random(name + reference).gauss(0, 0.5)
        return min(5, max(1, round(merit + noise + self.lenient[name])))

    def _hand_back(self, page: Page) -> None:
        page.get_by_role("link", name="I should not score this one").click()
        page.get_by_label("Hand it back").check()
        page.get_by_label("Why, in a few words").fill("I think that I know them.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Thank you for telling us")).to_be_visible()

    # -- what came of it -----------------------------------------------------------------------------------------

    def check(self) -> None:
        """Every application has its reviews, nobody read what they must not, and no list is far from another."""
        with self.cohorts.units.begin(write=False) as uow:
            members = uow.panels.of_round(self.round_id)
            barred = barred_pairs(uow, self.round_id, members)
            pool = uow.applications.pool(self.round_id)
            assert len(pool) == self.applications + self.late
            assert {row.review_count for row in pool} == {self.per_application}
            returned = [a for a in uow.assignments.handed_back(self.round_id) if a.state == "recused"]
        assert len(returned) == 1
        assert any(member.name == self.names[0] for _, id in barred for member in members if member.id == id)
        assert not barred.keys() & self._pairs()
