"""Surveys in a real browser: answered without script on a small phone, in two directions, and read by staff."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sites import STAFF, EmbeddedSite
from tests.journeys.test_every_page import look
from tests.servers.browser import NewContext

PARTICIPANT = "Participant of the first year"
WORDS = {
    "en": ("Answer the questions", "Send my answers", "Your answers are in"),
    "ar": ("أجب عن الأسئلة", "أرسل إجاباتي", "وصلت إجاباتك"),
}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_participant_answers_without_script(
    new_context: NewContext, demonstration: EmbeddedSite, language: str
) -> None:
    ask, send, thanks = WORDS[language]
    page = new_context(width=320, java_script_enabled=False).new_page()
    seen = new_context(width=320).new_page()
    for each in (page, seen):
        each.goto(demonstration.url)
        card = each.locator("li").filter(has_text=PARTICIPANT).last
        card.locator("form[action*='/demo/sign-in/']").get_by_role("button").click()
    page.goto(f"{demonstration.url}/cohorts/my/surveys?language={language}")
    problems = look_at(seen, page.url)
    # The one with names, which stays open to the next run of this test: they can change what they said.
    expect(page.get_by_role("link", name=ask).first).to_be_visible()
    link = page.locator("a[href*='/cohorts/my/surveys/']").last
    page.goto(demonstration.url + str(link.get_attribute("href")))
    problems += look_at(seen, page.url)
    page.locator("input[name='q-used'][value='yes']").check()
    page.locator("button[name='do'][value='next']").click()
    less = page.locator("input[name='q-less'][value='yes']")
    expect(less).to_be_visible()
    expect(page.locator("input[name='q-used'][type='radio']")).to_have_count(0)
    less.check()
    page.get_by_role("button", name=send).click()
    expect(page.get_by_text(thanks)).to_be_visible()
    problems += look_at(seen, page.url)
    assert problems == []


def look_at(page: Page, address: str) -> list[str]:
    """The same page with script, which is what judges it."""
    page.goto(address)
    return look(page, address)


def test_staff_read_results_and_write_a_survey(new_context: NewContext, demonstration: EmbeddedSite) -> None:
    page = new_context().new_page()
    demonstration.sign_in_as(page, STAFF)
    page.goto(f"{demonstration.url}/cohorts/staff/")
    page.get_by_role("link", name="Leading Together: the first year").click()
    page.get_by_role("link", name="Surveys", exact=True).click()
    listed = page.url
    problems = look(page, page.url)
    for title in ("Half way: say what you think", "Before we begin"):
        page.goto(listed)
        page.get_by_role("link", name=title).click()
        problems += look(page, page.url)
        page.get_by_role("link", name="See the results").click()
        expect(page.get_by_text(re.compile("who were asked")).first).to_be_visible()
        problems += look(page, page.url)
    page.goto(listed)
    page.get_by_role("link", name="What changed").click()
    expect(page.get_by_text("The average went from").first).to_be_visible()
    problems += look(page, page.url)
    page.goto(listed)
    page.get_by_role("link", name="Write a survey").click()
    problems += look(page, page.url)
    page.get_by_label("Name", exact=True).fill("At the end")
    page.get_by_label("At the end", exact=True).check()
    page.get_by_label("Take the questions of another survey?").select_option(label="Before we begin")
    page.get_by_role("button", name="Go on to the questions").click()
    expect(page.get_by_role("link", name="How sure are you that you can lead others?")).to_be_visible()
    problems += look(page, page.url)
    page.get_by_role("link", name="Add a question").click()
    problems += look(page, page.url)
    page.get_by_role("button", name="Keep the question").click()
    expect(page.get_by_text("Write the question, in up to 400 characters.").first).to_be_visible()
    problems += look(page, page.url)
    page.goto(listed)
    page.get_by_role("link", name="At the end", exact=True).click()
    page.get_by_role("button", name="Take the draft away").click()
    expect(page.get_by_text("The draft is taken away.")).to_be_visible()
    assert problems == []
