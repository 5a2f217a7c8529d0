"""The panel's and the staff's parts of the journey, as they do them in a browser."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.sites import PANEL, Site
from tests.servers.browser import NewContext


def find_score(page: Page, reference: str) -> None:
    """Look the application up in the staff list; its breakdown adds up to its score."""
    page.get_by_role("link", name="Leading Together 2027").click()
    page.get_by_role("link", name="Applications and scores").or_(
        page.get_by_role("button", name="Applications and scores")
    ).first.click()
    page.get_by_label("Name, address or reference").fill(reference)
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#results")).to_contain_text(reference)
    row = page.locator("#results tbody tr").filter(has_text=reference)
    page.goto(site_address(page, row.get_by_role("link").get_attribute("href")))
    heading = page.get_by_role("heading", name=re.compile(r"Priority score: \d+"))
    expect(heading).to_be_visible()
    score = float(heading.inner_text().rpartition(" ")[2])
    rows = page.locator("table").first.locator("tbody tr")
    points = [float(row.locator("td").first.inner_text()) for row in rows.all()]
    assert sum(points[:-1]) == points[-1] == score


def site_address(page: Page, path: str | None) -> str:
    """A path of the page's own site as a whole address."""
    return str(page.evaluate("path => new URL(path, location.href).href", path))


def open_round(page: Page, site: Site, tab: str) -> None:
    """A page of the round, by its tab."""
    page.goto(f"{site.url}/cohorts/staff")
    page.get_by_role("link", name="Leading Together 2027").first.click()
    page.locator("nav").get_by_role("link", name=tab, exact=True).click()


def share_out(page: Page, site: Site) -> None:
    """Give the late application to readers, as previewed."""
    open_round(page, site, "Assignment")
    page.get_by_role("button", name=re.compile("Give out [0-9]+ reviews")).click()
    expect(page.get_by_role("heading", name="Panel")).to_be_visible()


def read_blind(new_context: NewContext, site: Site, reference: str, hidden: tuple[str, ...]) -> int:
    """Each panel member who has the application on their list reads and scores it; how many did."""
    count = 0
    for name in PANEL:
        page = new_context().new_page()
        site.sign_in_as(page, name)
        page.goto(f"{site.url}/cohorts/panel/")
        link = page.get_by_role("link", name=reference)
        if link.count() == 0:
            continue
        link.click()
        expect(page.get_by_role("button", name="Hand in")).to_be_visible()
        content = page.content()
        for secret in hidden:
            assert secret not in content
        score(page)
        count += 1
    return count


def read_everything(new_context: NewContext, site: Site) -> None:
    """Everybody on the panel reads what is still on their list."""
    for name in PANEL:
        page = new_context().new_page()
        site.sign_in_as(page, name)
        page.goto(f"{site.url}/cohorts/panel/")
        unread = page.locator("tr", has_text="Not started").get_by_role("link")
        for address in [site_address(page, link.get_attribute("href")) for link in unread.all()]:
            page.goto(address)
            score(page)


def score(page: Page) -> None:
    """The highest score for every criterion, each with its reason."""
    # A list of what is there does not wait for the page: the button at its end does.
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    groups = page.locator("input[type=radio][value='5'][name^='score-']")
    names = [group.get_attribute("name") or "" for group in groups.all()]
    for name in names:
        page.check(f"input[name='{name}'][value='5']")
        page.fill(f"textarea[name='{name.replace('score-', 'reason-')}']", "Clear, and close to the people it is for.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Handed in").first).to_be_visible()


def choose(page: Page, site: Site, reference: str, size: int = 10) -> None:
    """Choose under two targets and a pin, look at who and why, stage and release."""
    open_round(page, site, "Selection")
    page.get_by_label("How many people?").fill(str(size))
    _target(page, 0, "Yes, both facts", minimum=size // 2)
    _target(page, 1, "Outside London", minimum=size // 2)
    page.get_by_text("Pin somebody in or out").click()
    page.get_by_label("Must be chosen").fill(f"{reference}: the journey follows this person")
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_text("the proven most is")).to_be_visible()
    caption = page.locator("caption", has_text=re.compile(r"^\s*Chosen\s*$"))
    chosen = page.locator("table", has=caption).locator("tbody tr")
    expect(chosen).to_have_count(size)
    expect(chosen.filter(has_text=reference)).to_contain_text("pinned in")
    page.get_by_label("People on the waiting list").fill("1")
    page.get_by_role("button", name="Stage the decisions").click()
    page.get_by_label("I have looked at the decisions and the messages").check()
    page.get_by_role("button", name=re.compile("Release to [0-9]+ people")).click()
    expect(page.get_by_text("Released").first).to_be_visible()


def _target(page: Page, line: int, label: str, *, minimum: int) -> None:
    select = page.locator(f"#target-{line}")
    value = select.locator("option").filter(has_text=label).first.get_attribute("value")
    select.select_option(value or "")
    page.fill(f"#minimum-{line}", str(minimum))


def _at_most(page: Page, line: int, label: str, *, maximum: int) -> None:
    select = page.locator(f"#target-{line}")
    value = select.locator("option").filter(has_text=label).first.get_attribute("value")
    select.select_option(value or "")
    page.fill(f"#maximum-{line}", str(maximum))


def accept(new_context: NewContext, site: Site, address: str) -> None:
    """Say yes by the link in the email, without signing in."""
    page = new_context().new_page()
    page.goto(site.post.wait(address, "News about").link("/cohorts/offers/"))
    expect(page.get_by_text("Please answer by")).to_be_visible()
    page.get_by_role("button", name="Accept my place").click()
    expect(page.get_by_text("Your place is yours")).to_be_visible()


def run_sessions(page: Page, site: Site, address: str) -> None:
    """Schedule, move and cancel a session; the participant's calendar follows each time."""
    open_round(page, site, "Sessions")
    page.get_by_role("link", name="Schedule a session").or_(
        page.get_by_role("button", name="Schedule a session")
    ).first.click()
    _when(page, "2027-03-27", "18:00")
    page.get_by_label("Name", exact=True).fill("First evening")
    page.get_by_label("How many minutes?").fill("90")
    page.get_by_label("Online link").fill("https://meet.example.org/first")
    page.get_by_role("button", name="Schedule it").click()
    invitation = site.post.wait(address, "Invitation").calendar or ""
    assert "METHOD:REQUEST" in invitation
    assert "DTSTART;TZID=Europe/London:20270327T180000" in invitation
    page.get_by_role("link", name="Move or change it").or_(
        page.get_by_role("button", name="Move or change it")
    ).first.click()
    _when(page, "2027-03-29", "17:30")
    page.get_by_role("button", name="Send the change").click()
    moved = site.post.wait(address, "Changed").calendar or ""
    assert "DTSTART;TZID=Europe/London:20270329T173000" in moved
    page.get_by_role("button", name="Cancel the session").click()
    cancelled = site.post.wait(address, "Cancelled").calendar or ""
    assert "METHOD:CANCEL" in cancelled
    uids = {re.findall(r"UID:(.*)", text)[0].strip() for text in (invitation, moved, cancelled)}
    sequences = [int(re.findall(r"SEQUENCE:(\d+)", text)[0]) for text in (invitation, moved, cancelled)]
    assert len(uids) == 1
    assert sequences == sorted(set(sequences))


def _when(page: Page, day: str, time: str) -> None:
    for part, text in zip(("year", "month", "day"), day.split("-"), strict=True):
        page.fill(f"[name='date-{part}']", text)
    page.get_by_label("It begins at").fill(time)


def relax(page: Page, site: Site) -> str:
    """Ask for more than there is; read what would have to give way, and choose again with that. What gave way."""
    open_round(page, site, "Selection")
    page.get_by_label("How many people?").fill("3")
    _target(page, 0, "Yes, both facts", minimum=3)
    _at_most(page, 1, "Yes, both facts", maximum=1)
    page.get_by_role("button", name="Choose").click()
    expect(page.get_by_text("The smallest change that makes it possible:")).to_be_visible()
    change = page.get_by_text(re.compile("^ask for at most [0-9]+ with .*, not 1$")).inner_text()
    again = page.get_by_role("button", name="Choose again with this change")
    expect(again).to_be_visible()
    again.click()
    expect(page.get_by_text("the proven most is")).to_be_visible()
    expect(page.get_by_role("button", name="Choose again with this change")).to_have_count(0)
    caption = page.locator("caption", has_text=re.compile(r"^\s*Chosen\s*$"))
    expect(page.locator("table", has=caption).locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text(change.removeprefix("ask for ").removesuffix(", not 1")).first).to_be_visible()
    return change
