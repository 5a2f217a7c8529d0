"""Six real processes as a site to walk through: staff and panel sign in by email and a second factor."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pyotp
import requests
from playwright.sync_api import Page, expect

from services.applications.domain.forms import Form, parse_form
from services.applications.domain.samples.generator import SampleApplication
from shared.web.identity import Identity, sign
from tests.journeys.mail import Postbox
from tests.journeys.sites import PANEL, STAFF
from tests.processes.site import Processes

ROUND = "leading-together-2027"
ADDRESSES = {STAFF: "rhiannon@hearth-journey.example"} | {
    name: f"{name.split()[0].lower()}@reading-panel.example" for name in PANEL
}


@dataclass
class RealSite:
    """The six processes behind one address; `post` reads what the mail catcher took."""

    processes: Processes
    cookies: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The one address."""
        return self.processes.url

    @property
    def post(self) -> Postbox:
        """All mail so far."""
        return Postbox(lambda: [message.as_bytes() for message in self.processes.mail.messages])

    def sign_in_as(self, page: Page, name: str) -> None:
        """With the emailed code and an authenticator app; a second browser is handed the first one's session."""
        if name in self.cookies:
            page.context.add_cookies(self.cookies[name])
            page.goto(f"{self.url}/account")
            return
        self.sign_in(page, ADDRESSES[name])
        self.cookies[name] = page.context.cookies()

    def sign_in(self, page: Page, address: str) -> None:
        """For the first time: with the emailed code, and an authenticator app that is set up now."""
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("Your email address").fill(address)
        page.get_by_role("button", name="Email me a link and a code").click()
        page.goto(self.post.wait(address, "sign-in").link("/sign-in/link/"))
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()
        page.locator("form[action*='set-up/begin']").get_by_role("button").click()
        page.get_by_text("I cannot scan a picture").click()
        totp = pyotp.TOTP(page.locator("code").first.inner_text().strip().replace(" ", ""))
        page.fill("[name=code]", totp.now())
        page.get_by_role("button", name="Finish").click()
        expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
        onward = page.get_by_role("link", name="I have kept them").or_(
            page.get_by_role("button", name="I have kept them")
        )
        onward.first.click()
        expect(page.get_by_role("heading", name="Keep these codes")).to_have_count(0)


def set_up_round(site: RealSite, staff: Page) -> None:
    """Staff make a round from the standard form, open it, settle the plan, and invite the panel."""
    now = datetime.now(UTC)
    staff.goto(f"{site.url}/staff/rounds/new")
    staff.get_by_label("Title").fill("Leading Together 2027")
    staff.get_by_label("Address").fill(ROUND)
    staff.get_by_label("Opens").fill(f"{now - timedelta(days=1):%Y-%m-%d} 09:00")
    staff.get_by_label("Deadline").fill(f"{now + timedelta(days=30):%Y-%m-%d} 23:59")
    staff.get_by_role("button", name="Make the round").click()
    staff.get_by_role("button", name="Open it").click()
    expect(staff.get_by_text("The round is now open")).to_be_visible()


def settle_plan(site: RealSite, staff: Page) -> None:
    """How many read each application, and who."""
    _wait_for_round(site, staff)
    staff.get_by_role("link", name="Settle how the round is reviewed and chosen").click()
    staff.get_by_label("Reviews for each application").fill("2")
    staff.get_by_role("button", name="Keep the plan").click()
    for name in PANEL:
        staff.locator("nav").get_by_role("link", name="Panel", exact=True).click()
        staff.get_by_label("Name", exact=True).fill(name)
        staff.get_by_label("Email address").fill(ADDRESSES[name])
        staff.get_by_role("button", name="Send the invitation").click()
        expect(staff.get_by_text(name).first).to_be_visible()


def _wait_for_round(site: RealSite, staff: Page) -> None:
    for _ in range(100):
        staff.goto(f"{site.url}/cohorts/staff")
        link = staff.get_by_role("link", name="Leading Together 2027")
        if link.count():
            link.first.click()
            return
        staff.wait_for_timeout(200)
    raise AssertionError("the round never reached the cohorts service")


def declare(site: RealSite, page: Page, name: str) -> None:
    """Agree to the panel's terms before the first read."""
    site.post.wait(ADDRESSES[name], "An invitation to the panel")
    site.sign_in_as(page, name)
    page.goto(f"{site.url}/cohorts/panel/")
    page.get_by_role("link", name="Start").or_(page.get_by_role("button", name="Start")).first.click()
    page.get_by_label("I agree to what is asked of me").check()
    page.get_by_role("button", name="Agree and continue").click()
    expect(page.get_by_role("heading", name="My reviews")).to_be_visible()


def apply_by_api(site: RealSite, sample: SampleApplication) -> None:
    """A whole application through the JSON API, as a program with the applicant's identity sends it."""
    person = site.processes.add_person(sample.email, sample.name, "applicant")
    identity = Identity(person, sample.name, frozenset({"applicant"}), "journey")
    key = site.processes.settings["applications"]["APPLICATIONS_IDENTITY_PRIVATE_KEY"].replace("\\n", "\n")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {sign(identity, key, datetime.now(UTC))}"
    base = f"{site.url}/applications/api/v1"
    form = _form(session, base)
    checked = {question.id: "yes" for question in form.eligibility.section.questions} if form.eligibility else {}
    draft = _ok(session.post(f"{base}/rounds/{ROUND}/applications", json={"eligibility": checked}))
    address = f"{base}/applications/{draft.json()['id']}"
    for section in form.sections:
        etag = _ok(session.get(address)).headers["ETag"]
        ids = {question.id for question in section.questions}
        answers = {name: value for name, value in sample.answers.items() if name in ids}
        saved = session.put(f"{address}/sections/{section.id}", json={"answers": answers}, headers={"If-Match": etag})
        assert not _ok(saved).json()["problems"]
    assert _ok(session.post(f"{address}/submission")).json()["state"] == "submitted"


def _form(session: requests.Session, base: str) -> Form:
    rounds = _ok(session.get(f"{base}/rounds")).json()["items"]
    return parse_form(_ok(session.get(f"{base}/rounds/{rounds[0]['id']}/form")).json()["form"])


def _ok(response: requests.Response) -> requests.Response:
    assert response.ok, f"{urlsplit(response.url).path}: {response.status_code} {response.text}"
    return response
