"""One application's whole way, in a real browser: apply, score, review, choose, run."""

import pytest
from playwright.sync_api import Page, expect

from services.applications.domain.samples.generator import generate
from tests.journeys.applying import begin, check_eligibility, fill_all, fill_section
from tests.journeys.choosing import accept, choose, find_score, read_blind, read_everything, run_sessions, share_out
from tests.journeys.real_site import ADDRESSES, RealSite, apply_by_api, declare, set_up_round, settle_plan
from tests.journeys.sites import PANEL, STAFF, EmbeddedSite, Site
from tests.processes.site import Processes
from tests.servers.browser import NewContext

ADDRESS = "noor@hearth-journey.example"
NAME = "Noor O'Brien-Ñuñez"


def finish(new_context: NewContext, site: Site, reference: str, staff: Page, size: int) -> None:
    """From the reading to the cancelled session."""
    share_out(staff, site)
    assert read_blind(new_context, site, reference, hidden=(NAME, "O'Brien", ADDRESS, "Noor")) == 2
    read_everything(new_context, site)
    choose(staff, site, reference, size)
    accept(new_context, site, ADDRESS)
    site.post.wait(ADDRESS, "We have your answer")
    run_sessions(staff, site, ADDRESS)
    subjects = [mail.subject for mail in site.post.all_to(ADDRESS)]
    assert len([subject for subject in subjects if "We have your form" in subject]) == 1


def apply(new_context: NewContext, site: Site) -> str:
    answers = dict(generate(1, 99)[0].answers, full_name=NAME, email=ADDRESS)
    page = new_context().new_page()
    check_eligibility(page, site)
    draft = begin(page, site, NAME, ADDRESS)
    page.locator(".govuk-task-list a").first.click()
    fill_section(page, answers)
    page.get_by_role("button", name="Save and come back later").click()
    resumed = _come_back(new_context, site, draft)
    fill_all(resumed, answers)
    resumed.get_by_role("button", name="Send my application").click()
    expect(resumed.get_by_role("heading", name="Your application is in")).to_be_visible()
    reference = site.post.wait(ADDRESS, "We have your form").subject.partition(": ")[2]
    assert reference in resumed.inner_text("main")
    resumed.goto(draft)
    expect(resumed.get_by_text("Received").first).to_be_visible()
    return reference


def _come_back(new_context: NewContext, site: Site, draft: str) -> Page:
    page = new_context().new_page()
    page.goto(site.post.wait(ADDRESS, "Your saved link").link("/resume/"))
    page.get_by_role("button", name="Continue your application").click()
    assert page.url == draft
    return page


def test_the_whole_way_in_one_process(new_context: NewContext, demonstration: EmbeddedSite) -> None:
    reference = apply(new_context, demonstration)
    staff = new_context().new_page()
    demonstration.sign_in_as(staff, STAFF)
    find_score(staff, reference)
    finish(new_context, demonstration, reference, staff, size=10)


@pytest.mark.postgres
@pytest.mark.rabbit
def test_the_whole_way_in_six_processes(new_context: NewContext, site: Processes) -> None:
    real = RealSite(site)
    site.add_person(ADDRESSES[STAFF], STAFF, "staff")
    staff = new_context().new_page()
    real.sign_in_as(staff, STAFF)
    set_up_round(real, staff)
    settle_plan(real, staff)
    for sample in generate(5, 7):
        apply_by_api(real, sample)
    reference = apply(new_context, real)
    for name in PANEL:
        declare(real, new_context().new_page(), name)
    staff.goto(f"{real.url}/staff")
    find_score(staff, reference)
    finish(new_context, real, reference, staff, size=3)
