"""The applicant's part of the journey, as somebody does it in a browser."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.sites import Site

ROUND = "leading-together-2027"


def check_eligibility(page: Page, site: Site) -> None:
    """From the front page to the form, answering the three questions with yes."""
    page.goto(site.url)
    page.get_by_role("link", name="Leading Together 2027").first.click()
    page.get_by_role("button", name="Apply now").or_(page.get_by_role("link", name="Apply now")).first.click()
    for question in ("works_with_migrants", "based_in_uk", "can_attend"):
        page.check(f"input[name={question}][value=yes]")
    page.get_by_role("button", name="Continue").click()


def begin(page: Page, site: Site, name: str, address: str) -> str:
    """Give a name and an address, type the code from the email, start; the application's address."""
    page.get_by_label("What should we call you?").fill(name)
    page.get_by_label("Your email address").fill(address)
    page.get_by_role("button", name="Email me a code").click()
    page.get_by_label("The code in the email").fill(site.post.wait(address, "sign-in").code())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("link", name="Check your answers and send")).to_be_visible()
    return page.url


def fill_section(page: Page, answers: dict[str, Any]) -> None:
    """Fill in whatever the page asks that there is an answer for."""
    for name, value in answers.items():
        fields = page.locator(f"[name='{name}']")
        if fields.count():
            _fill(page, name, value)


def _fill(page: Page, name: str, value: Any) -> None:
    field = page.locator(f"[name='{name}']").first
    kind = field.get_attribute("type") or ""
    if kind in {"radio", "checkbox"}:
        for each in value if isinstance(value, list) else [value]:
            wanted = "yes" if each is True else each
            page.locator(f"[name='{name}'][value='{wanted}']").check()
    elif field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(str(value))
    else:
        field.fill(str(value))


def fill_all(page: Page, answers: dict[str, Any]) -> None:
    """Section after section, until the page that shows all answers."""
    page.locator("#tasks a, .govuk-task-list a").first.click()
    for _ in range(20):
        if page.url.endswith("/check"):
            return
        fill_section(page, answers)
        page.get_by_role("button", name="Save and continue").click()
    raise AssertionError(f"the form did not end: {page.url}")
