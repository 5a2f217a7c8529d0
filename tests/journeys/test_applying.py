"""Applying on a small phone: without JavaScript, in Arabic from right to left, and within the budget of bytes."""

import gzip
import re

import pytest
from playwright.sync_api import Page, Response, expect

from services.applications.domain.samples.generator import generate
from tests.journeys.applying import ROUND, fill_section
from tests.journeys.sites import EmbeddedSite
from tests.journeys.test_every_page import look
from tests.servers.browser import NARROW, NewContext

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FIRST_VIEW, LATER_VIEW = 40_000, 8_000
"""Bytes over the wire."""


def press(page: Page, action: str = "") -> None:
    """The first button of the main form, whatever it says."""
    form = f"main form[action='{action}']" if action else "main form"
    page.locator(f"{form} button").first.click()


def into_the_form(page: Page, site: EmbeddedSite, address: str, language: str) -> str:
    """From the front page to the list of sections: the draft's path."""
    page.goto(f"{site.url}/?language={language}")
    page.goto(f"{site.url}/apply/{ROUND}")
    for question in ("works_with_migrants", "based_in_uk", "can_attend"):
        page.check(f"input[name={question}][value=yes]")
    press(page)
    page.fill("input[name=name]", "محمد O'Brien-Ñuñez 🦊")
    page.fill("input[name=email]", address)
    press(page)
    page.fill("input[name=code]", site.post.wait(address, "").code())
    press(page)
    press(page)
    return page.url.removeprefix(site.url)


def fill_sections(page: Page, draft: str, site: EmbeddedSite, seen: list[str]) -> None:
    answers = dict(generate(1, 7)[0].answers, full_name="محمد O'Brien-Ñuñez 🦊\u200d", email="amal@example.org")
    answers["motivation"] = "كلمة " * 100
    page.goto(f"{site.url}{draft}/sections/contact")
    for _ in range(12):
        if page.url.endswith("/check"):
            return
        seen.append(page.url.removeprefix(site.url))
        fill_section(page, answers)
        page.locator("main form[action*='/sections/'] .govuk-button-group").last.locator("button").first.click()
    raise AssertionError(f"the form did not end: {page.url}")


def add_a_file(page: Page, draft: str, site: EmbeddedSite) -> None:
    page.goto(f"{site.url}{draft}/sections/leadership")
    page.locator("button[value='files:supporting_file']").click()
    assert page.url.endswith("/questions/supporting_file/files")
    page.set_input_files("input[type=file]", {"name": "سيرة.pdf", "mimeType": "image/png", "buffer": PDF})
    page.locator("main form[enctype] button").click()
    expect(page.locator("main").get_by_text("سيرة.pdf").first).to_be_visible()


def test_without_javascript(new_context: NewContext, demonstration: EmbeddedSite) -> None:
    page = new_context(width=NARROW, java_script_enabled=False).new_page()
    draft = into_the_form(page, demonstration, "no-script@example.org", "en")
    add_a_file(page, draft, demonstration)
    page.goto(f"{demonstration.url}{draft}/helpers")
    page.fill("input[name=name]", "Amal")
    page.fill("input[name=email]", "amal-helps@example.org")
    page.locator("main form[action$='/helpers'] button").click()
    demonstration.post.wait("amal-helps@example.org", "")
    fill_sections(page, draft, demonstration, [])
    page.locator("form[action$='/submit'] button").click()
    assert page.url.endswith("/sent")
    reference = page.locator(".govuk-panel strong, .govuk-panel__body").first.inner_text()
    page.goto(f"{demonstration.url}{draft}")
    assert re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", reference)
    assert "Received" in page.inner_text("main")
    page.goto(f"{demonstration.url}{draft}/withdraw")
    page.locator("form[action$='/withdraw'] button").click()
    assert "Taken back" in page.inner_text("main")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_of_the_journey_on_a_small_phone(
    new_context: NewContext, demonstration: EmbeddedSite, language: str
) -> None:
    page = new_context(width=NARROW).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    draft = into_the_form(page, demonstration, f"phone-{language}@example.org", language)
    assert page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    add_a_file(page, draft, demonstration)
    paths: list[str] = [draft, f"{draft}/questions/supporting_file/files"]
    fill_sections(page, draft, demonstration, paths)
    paths += [f"{draft}/{each}" for each in ("check", "helpers", "changes", "print", "withdraw")]
    problems = []
    for path in [*paths, "/helping", "/languages", "/account"]:
        page.goto(f"{demonstration.url}{path}")
        problems += look(page, path)
    page.set_viewport_size({"width": NARROW, "height": 900})
    problems += two_versions(page, demonstration, draft)
    page.goto(f"{demonstration.url}{draft}/check")
    page.locator("form[action$='/submit'] button").click()
    problems += look(page, "sent")
    page.goto(f"{demonstration.url}{draft}")
    problems += look(page, "status")
    assert problems == []


def two_versions(page: Page, site: EmbeddedSite, draft: str) -> list[str]:
    """Two tabs with other words: the second is shown both, and what is wrong with that page."""
    other = page.context.new_page()
    for each, words in ((page, "First words"), (other, "Second words")):
        each.goto(f"{site.url}{draft}/sections/leadership")
        each.evaluate(
            "document.querySelectorAll('form[data-module=autosave]').forEach(f => f.dataset.autosaveUrl = '/nowhere')"
        )
        each.fill("textarea[name=motivation]", words)
    page.locator("main button[value=later]").click()
    other.locator("main button[value=later]").click()
    assert (
        "First words" in other.inner_text("main") and other.input_value("textarea[name=motivation]") == "Second words"
    )
    found = look(other, "both versions")
    other.check("input[name=_keep_motivation][value=mine]")
    other.locator("main button[value=later]").click()
    page.goto(f"{site.url}{draft}/sections/leadership")
    assert page.input_value("textarea[name=motivation]") == "Second words"
    other.close()
    return found


def test_bytes_over_the_wire(new_context: NewContext, demonstration: EmbeddedSite) -> None:
    """The first view with everything it needs, and each later one, compressed as the gateway does."""
    page = new_context(width=NARROW).new_page()
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.status == 200:
            path = response.url.removeprefix(demonstration.url)
            sizes[path] = len(gzip.compress(response.body(), 6)) + 400  # and about as much in headers

    page.on("response", weigh)
    page.goto(f"{demonstration.url}/rounds/{ROUND}")
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) <= FIRST_VIEW, sizes
    assert not [path for path in sizes if path.startswith("http")], "everything comes from the site itself"
    draft = into_the_form(page, demonstration, "bytes@example.org", "ar")
    for part in ("", "/sections/contact", "/sections/leadership", "/sections/equality", "/check", "/helpers", "/print"):
        sizes.clear()
        page.goto(f"{demonstration.url}{draft}{part}")
        page.wait_for_load_state("networkidle")
        later = {path: size for path, size in sizes.items() if not path.startswith("/assets/")}
        assert sum(later.values()) <= LATER_VIEW, later
