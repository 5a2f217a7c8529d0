"""One person through the whole programme, and four beside them: exactly the messages expected, and each reads well.

The person's own steps are taken in a browser, from the links in the mail; staff's are the use cases behind their pages.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Page, expect
from sqlalchemy import select

from services.applications.domain.samples.generator import SampleApplication, generate
from services.applications.use_cases.keep_round import move_round
from services.applications.use_cases.submit_application import withdraw_application
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Pin, Question
from services.cohorts.domain.survey import Question as SurveyQuestion
from services.cohorts.storage.tables import Application
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.answer_survey import answer_survey
from services.cohorts.use_cases.keep_welcome_pack import draft_pack, publish_pack
from services.cohorts.use_cases.plan_round import Plan as RoundPlan
from services.cohorts.use_cases.plan_round import plan_round
from services.cohorts.use_cases.publish_survey import publish_survey
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.run_selection import compute_selection, keep_selection
from services.cohorts.use_cases.schedule_sessions import cancel_session, change_session, schedule_session
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.use_cases.stage_decisions import stage_decisions
from services.cohorts.use_cases.take_places import give_up_place, take_place
from services.cohorts.use_cases.write_survey import Settings, draft_survey
from services.embedded.sample import apply_sample
from services.notifications.domain.digest import next_moment
from services.notifications.storage.tables import MessageRow
from services.notifications.use_cases.choose_messages import set_up
from services.notifications.use_cases.keep_news import keep_news
from tests.journeys.applying import ROUND, begin, check_eligibility, fill_all
from tests.journeys.sites import STAFF, SteppedSite, stepped_site
from tests.notifications.looking import PHONE, look
from tests.servers.browser import NewContext

AMAL, BIJAN, CARYS, DALAL, EWAN = (
    f"{name}@hearth-journey.example" for name in ("amal", "bijan", "carys", "dalal", "ewan")
)
OTHERS = {
    BIJAN: ("Bijan Rahimi", "fa-AF"),
    EWAN: ("Ewan Ross", "en"),
    DALAL: ("دلال حدّاد", "ar"),
    CARYS: ("Carys Ffîon", "cy"),
}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WELCOME = "# Welcome\n\nThis is what you can count on.\n"

EXPECTED = {
    AMAL: (
        "interest_confirm", "round_paused", "round_resumed", "sign_in", "draft_saved", "draft_reminder",
        "application_received", "decision_offer", "offer_reminder", "offer_accepted", "sign_in", "session_waiting",
        "session_place", "session_invitation", "session_changed", "session_reminder", "session_cancelled", "digest",
        "survey_invited", "survey_reminder", "sign_in",
    ),
    BIJAN: ("draft_saved", "application_received", "decision_offer", "offer_declined"),
    CARYS: ("draft_saved", "application_received", "decision_waitlist", "application_withdrawn"),
    DALAL: (
        "draft_saved", "application_received", "decision_offer", "offer_accepted", "session_invitation",
        "session_cancelled", "session_invitation", "session_changed", "session_reminder", "session_cancelled",
        "digest", "digest", "survey_invited",
    ),
    EWAN: ("draft_saved", "application_received", "decision_unsuccessful"),
}  # fmt: skip
"""Address -> the kinds of all messages to it, in order."""


def test_a_whole_programme_sends_exactly_what_it_should(new_context: NewContext, tmp_path: Path) -> None:
    with stepped_site(tmp_path / "site") as site:
        page = new_context().new_page()
        programme = Programme(site)
        hear_of_the_round(page, site, programme)
        apply(page, site, programme)
        programme.decide()
        answer(page, site, programme)
        read_the_welcome(page, site, programme)
        meet(page, site, programme)
        keep_in_touch(page, site, programme)
        site.pump()
        rows = messages(site)
        kinds = {address: tuple(row.kind for row in found) for address, found in rows.items()}
        for address, expected in EXPECTED.items():
            assert kinds[address] == expected
        assert {row.state for address in EXPECTED for row in rows[address]} == {"sent"}
        languages = {address: {row.language for row in rows[address]} for address in EXPECTED}
        assert languages == {AMAL: {"en"}, **{address: {code} for address, (_, code) in OTHERS.items()}}
        assert look_at_all(new_context, site, rows) == []


class Programme:
    """What staff and the other four do."""

    def __init__(self, site: SteppedSite) -> None:
        self.site, self.staff = site, Actor(None, STAFF)
        with site.assembly.applications.units.begin(write=False) as uow:
            self.round_id: UUID = uow.rounds.by_slug(ROUND).id
            self.closes_at: datetime = uow.rounds.by_slug(ROUND).closes_at
        self._digest(False)

    def _digest(self, wanted: bool) -> None:
        with self.site.assembly.notifications.units.begin() as uow:
            values = {**uow.settings.get().as_json(), "digest": wanted}
            set_up(uow, values, uow.settings.revision, None)

    def do(self, work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A use case of the cohorts service."""
        with self.site.assembly.cohorts.units.begin() as uow:
            return work(uow, *arguments, **options)

    def wait_until(self, moment: datetime) -> None:
        self.site.clock.set(moment)
        self.site.pump()

    def pause_and_go_on(self) -> None:
        for state in ("paused", "open"):
            with self.site.assembly.applications.units.begin() as uow:
                move_round(uow, self.round_id, state)
            self.site.pump()

    def others_apply(self) -> None:
        now = self.site.clock()
        for (address, (name, language)), sample in zip(OTHERS.items(), generate(4, 11), strict=True):
            made = replace(
                sample, name=name, email=address, language=language, started_at=now, submitted_at=now + HOUR,
                answers={**sample.answers, "full_name": name, "email": address},
            )  # fmt: skip
            apply_sample(self.site.assembly.applications.units, ROUND, made)
            self.site.pump()

    def application(self, address: str) -> Application:
        with self.site.assembly.cohorts.units.begin(write=False) as uow:
            [found] = [row for row in uow.applications.pool(self.round_id) if row.person_id == self.person(address)]
            return found

    def person(self, address: str) -> UUID:
        with self.site.assembly.applications.units.begin(write=False) as uow:
            found = uow.people.by_email(address)
            assert found is not None
            return found.id

    def decide(self) -> None:
        """Three are offered a place, one waits, one is let down gently."""
        self.wait_until(self.closes_at + HOUR)
        plan = RoundPlan(
            reviews_per_application=1, review_closes_at=self.site.clock() + HOUR, priority_weight=100, review_weight=0,
            places=3, respond_days=14,
        )  # fmt: skip
        self.do(plan_round, self.staff, self.round_id, plan, None)
        pins = {address: Pin(self.application(address).reference, "for the journey") for address in EXPECTED}
        wanted = Question(3, pinned_in=tuple(pins[one] for one in (AMAL, BIJAN, DALAL)))
        with self.site.assembly.cohorts.units.begin() as uow:
            chosen = keep_selection(uow, self.staff, compute_selection(uow, self.round_id, "Chosen", wanted))
            respond_by = uow.now + 14 * DAY
            release = stage_decisions(uow, self.staff, chosen.id, waitlist=1, respond_by=respond_by)
            release_decisions(uow, self.staff, release.id, None)
        self.site.pump()

    def others_answer(self) -> None:
        for address, answered in ((BIJAN, "declined"), (DALAL, "accepted")):
            with self.site.assembly.cohorts.units.begin() as uow:
                mine = self.person(address)
                [offer] = [each for each, _ in uow.offers.of_round(self.round_id) if each.person_id == mine]
                answer_offer(uow, uow.links.token(offer.id, offer.nonce), answered)
        with self.site.assembly.applications.units.begin() as uow:
            withdraw_application(uow, self.application(CARYS).id, self.person(CARYS))
        self.site.pump()

    def cohort_id(self) -> UUID:
        with self.site.assembly.cohorts.units.begin(write=False) as uow:
            found = uow.cohorts.of_round(self.round_id)
            assert found is not None
            return found.id

    def news(self, title: str) -> None:
        """Something for the next digest, and the day on which it goes."""
        self._digest(True)
        self.site.clock.advance(HOUR)
        with self.site.assembly.notifications.units.begin() as uow:
            keep_news(uow, {"title": title, "text": "Come and see.", "language": ""}, None, None)
            goes = next_moment(uow.now, uow.settings.get())
        self.wait_until(goes + HOUR)

    def ask(self) -> UUID:
        """An anonymous survey of the cohort, open for a week."""
        with self.site.assembly.cohorts.units.begin() as uow:
            cohort = uow.cohorts.of_round(self.round_id)
            assert cohort is not None
            closes_at = uow.now + 7 * DAY
            settings = Settings(title="How is it going?", moment="mid", anonymous=True, closes_at=closes_at)
            survey = draft_survey(uow, cohort.id, settings, (SurveyQuestion("well", "yes_no", "Is it going well?"),))
            publish_survey(uow, self.staff, survey.id, None)
        self.site.pump()
        return survey.id


def hear_of_the_round(page: Page, site: SteppedSite, programme: Programme) -> None:
    page.goto(f"{site.url}/interest")
    page.get_by_label("Your email address").fill(AMAL)
    page.get_by_role("button", name="Write to me").click()
    expect(page).to_have_url(f"{site.url}/interest/asked")
    page.goto(site.post.wait(AMAL, "").link("/interest/confirm/"))
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_text("You are on the list.")).to_be_visible()
    programme.pause_and_go_on()


def apply(page: Page, site: SteppedSite, programme: Programme) -> None:
    programme.others_apply()
    check_eligibility(page, site)
    begin(page, site, "Amal Haddad", AMAL)
    programme.wait_until(programme.closes_at - 7 * DAY + HOUR)
    page.goto(site.post.wait(AMAL, "", count=6).link("/resume/"))
    page.get_by_role("button", name="Continue your application").click()
    expect(page.get_by_role("link", name="Check your answers and send")).to_be_visible()
    fill_all(page, dict(answers(), full_name="Amal Haddad", email=AMAL))
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("heading", name="Your application is in")).to_be_visible()
    site.pump()


def answers() -> dict[str, Any]:
    sample: SampleApplication = generate(1, 99)[0]
    return sample.answers


def answer(page: Page, site: SteppedSite, programme: Programme) -> None:
    programme.others_answer()
    programme.wait_until(site.clock() + 12 * DAY + HOUR)
    page.goto(site.post.wait(AMAL, "", count=9).link("/cohorts/offers/"))
    page.get_by_role("button", name="Accept my place").click()
    expect(page.get_by_text("Your place is yours")).to_be_visible()
    site.pump()


def read_the_welcome(page: Page, site: SteppedSite, programme: Programme) -> None:
    with site.assembly.cohorts.units.begin() as uow:
        pack = draft_pack(uow, programme.staff, programme.cohort_id(), "en", WELCOME, None)
        publish_pack(uow, programme.staff, pack.id, None)
    sign_in(page, site)
    page.goto(f"{site.url}/cohorts/my/")
    page.get_by_role("link", name="Read it").or_(page.get_by_role("button", name="Read it")).first.click()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_text("You can come back to it at any time")).to_be_visible()


def sign_in(page: Page, site: SteppedSite, count: int = 2) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("Your email address").fill(AMAL)
    page.get_by_role("button", name="Email me a link and a code").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    page.get_by_label("The code in the email").fill(site.post.wait(AMAL, "sign-in", count=count).code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check your email")).to_have_count(0)


def meet(page: Page, site: SteppedSite, programme: Programme) -> None:
    """A session with one place, for which Amal waits; and one invited to, moved, reminded of and cancelled."""
    start = (site.clock() + 3 * DAY).replace(hour=18, minute=0, tzinfo=None)
    cohort = programme.cohort_id()
    meal = Plan(
        title="Meal in Leeds", start=start + 50 * DAY, minutes=120, zone="Europe/London", place="3 Canal Yard, Leeds",
        joining="sign_up", capacity=1,
    )  # fmt: skip
    meal_id = programme.do(lambda uow: schedule_session(uow, programme.staff, cohort, meal).id)
    programme.do(take_place, programme.person(DALAL), meal_id)
    site.pump()
    page.goto(f"{site.url}/cohorts/my/")
    page.get_by_role("button", name="Join the waiting list").click()
    expect(page.get_by_text("You are on the waiting list").first).to_be_visible()
    site.pump()
    programme.do(give_up_place, programme.person(DALAL), meal_id)
    site.pump()
    page.goto(f"{site.url}/cohorts/my/")
    expect(page.get_by_role("button", name="I cannot come after all")).to_be_visible()
    plan = Plan(title="First evening", start=start, minutes=90, zone="Europe/London", link="https://meet.example.org/1")
    session_id = programme.do(lambda uow: schedule_session(uow, programme.staff, cohort, plan).id)
    site.pump()
    programme.do(change_session, programme.staff, session_id, replace(plan, start=start + HOUR), None)
    programme.wait_until(start.replace(tzinfo=UTC) - 12 * HOUR)
    programme.do(cancel_session, programme.staff, session_id, None)
    site.pump()


def keep_in_touch(page: Page, site: SteppedSite, programme: Programme) -> None:
    """A digest, and no second one for who unsubscribes from it; a survey all the same, and a reminder to answer."""
    programme.news("A walk together")
    page.goto(site.post.wait(AMAL, "", count=18).link("/notifications/preferences/"))
    page.get_by_label("News every two weeks").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    programme.news("A second walk")
    survey_id = programme.ask()
    programme.do(answer_survey, programme.person(DALAL), survey_id, {"well": ["yes"]})
    programme.wait_until(site.clock() + 5 * DAY + HOUR)
    link = site.post.wait(AMAL, "", count=20).link("/cohorts/my/surveys/")
    sign_in(page, site, count=3)
    page.goto(link)
    expect(page.get_by_text("This survey is anonymous")).to_be_visible()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_text("Thank you. Your answers are in.")).to_be_visible()
    programme.wait_until(site.clock() + 3 * DAY)


def messages(site: SteppedSite) -> dict[str, list[MessageRow]]:
    """Address -> all messages to it, in the order in which they were asked for."""
    with site.assembly.notifications.units.begin(write=False) as uow:
        found = defaultdict(list)
        for row in uow.session.scalars(select(MessageRow).order_by(MessageRow.queued_at, MessageRow.id)):
            found[row.email].append(row)
        return found


def look_at_all(new_context: NewContext, site: SteppedSite, rows: dict[str, list[MessageRow]]) -> list[str]:
    """What is wrong with any message that went, as a phone shows it by day and by night; and what went twice."""
    wrong = []
    for dark in (False, True):
        page = new_context(width=PHONE, color_scheme="dark" if dark else "light").new_page()
        for address in EXPECTED:
            mails = site.post.all_to(address)
            if len(mails) != len(rows[address]):
                wrong.append(f"{len(mails)} messages in the folder to {address}")
            code = rows[address][0].language
            for number, mail in enumerate(mails):
                name = f"{address.partition('@')[0]}-{number}-{rows[address][number].kind}.{code}"
                wrong += look(page, mail.html, name, dark=dark)
    return wrong
