"""Staff write feedback from phrases, approve it, look at each message, and take the record with them."""

import json
import re
from html import unescape

import pytest

from services.cohorts.domain.record_file import check
from services.cohorts.use_cases.keep_phrases import Wording, keep_phrase
from shared.contracts.base import decode
from shared.contracts.cohorts import DecisionReleased
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme

PHRASE = "Your answers about learning stayed with us."


@pytest.fixture
def staged(programme: Programme) -> Programme:
    programme.fill(5)
    programme.settle()
    programme.stage(2, 1)
    return programme


def _round(programme: Programme) -> str:
    return f"/cohorts/staff/rounds/{programme.round_id}"


def _decisions(programme: Programme) -> list[str]:
    with programme.units.begin(write=False) as uow:
        release = uow.releases.of_round(programme.round_id)
        assert release is not None
        return [f"/cohorts/staff/decisions/{decision.id}" for decision, _ in uow.releases.decisions(release.id)]


def test_phrases_are_put_into_the_text_and_nothing_typed_is_lost(staged: Programme, staff: Browser) -> None:
    phrase = staged.do(keep_phrase, STAFF, Wording(PHRASE))
    page = _decisions(staged)[0]
    shown = staff.post(page, status=200, feedback="My own words", do="add", phrases=str(phrase.id)).text
    assert f"My own words\n\n{PHRASE}" in unescape(shown)
    again = staff.post(page, status=200, feedback=f"Words\n\n{PHRASE}", do="add", phrases=str(phrase.id)).text
    assert f"Words\n\n{PHRASE}" in unescape(again)
    assert f"{PHRASE}\n\n{PHRASE}" not in unescape(again)
    assert "None" in staff.get(page)


def test_release_waits_for_approval(staged: Programme, staff: Browser) -> None:
    first, second = _decisions(staged)[:2]
    staff.post(first, feedback="Kind words", do="keep", revision="1")
    staff.post(second, feedback="Other kind words", do="keep", revision="1")
    here = f"{_round(staged)}/decisions"
    page = staff.get(here)
    assert "2 people’s feedback waits to be approved" in page
    looked_at = re.findall(r'name="looked_at" value="([^"]+)"', page)
    assert len(looked_at) == 2
    release = re.search(r'action="(/cohorts/staff/releases/[^"]+/release)"', page)
    approve = re.search(r'action="(/cohorts/staff/releases/[^"]+/approve)"', page)
    assert release and approve
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    assert "waits" in staff.post(here, release[1], status=409, sure="yes", revision=revision[1]).text
    staff.post(here, approve[1], looked_at=looked_at)
    assert "waits to be approved" not in staff.get(here)
    staff.post(here, release[1], sure="yes", revision=revision[1])
    told = [event["feedback"] for event in staged.published(DecisionReleased)]
    assert sorted(told)[-2:] == ["Kind words", "Other kind words"]


def test_an_approval_of_words_that_changed_since_is_refused(staged: Programme, staff: Browser) -> None:
    page = _decisions(staged)[0]
    staff.post(page, feedback="Kind words", do="keep", revision="1")
    stale = staff.post(page, status=412, feedback="Mine", do="approve", revision="1").text
    assert ">\nMine</textarea>" in stale or ">Mine</textarea>" in stale


def test_the_page_carries_the_events_that_the_release_will_publish(staged: Programme, staff: Browser) -> None:
    page = staff.get(f"{_round(staged)}/decisions")
    held = re.search(r'name="events" value="([^"]+)"', page)
    assert held
    events = json.loads(unescape(held[1]))
    read = [decode(each["type"], each["version"], each["data"]) for each in events]
    assert [event.outcome for event in read] == ["offered"] * 2 + ["waitlisted"] + ["unsuccessful"] * 2
    offer = read[0]
    token = offer.offer_link.rpartition("/")[2]
    assert staff.get(f"/cohorts/offers/{token}", status=404)
    assert staged.published(DecisionReleased) == []


def test_phrases_are_kept_changed_and_taken_away(staged: Programme, staff: Browser) -> None:
    page = f"{_round(staged)}/phrases"
    assert "Write the phrase." in staff.post(page, status=422, text=" ", language="en", outcome="").text
    staff.post(page, text="كلماتك بقيت معنا", language="ar", outcome="offered")
    change = re.search(r"\?change=([0-9a-f-]+)", staff.get(page))
    assert change
    staff.post(
        f"{page}?change={change[1]}", page, text="شكرا لك", language="ar", outcome="", change=change[1], revision="1"
    )
    assert "شكرا لك" in staff.get(page)
    assert staff.post(page, status=412, text="x", language="en", outcome="", change=change[1], revision="1")
    staff.post(page, f"{page}/{change[1]}/remove")
    assert "No phrases yet" in staff.get(page)


def test_a_copy_of_the_record_can_be_checked_elsewhere(staged: Programme, staff: Browser) -> None:
    copy = staff.get(f"{_round(staged)}/record.jsonl")
    assert check(copy.splitlines()).whole
    assert not check(copy.replace('"Sam Staff"', '"Pam Staff"', 1).splitlines()).whole
    table = staff.get(f"{_round(staged)}/record.csv")
    assert table.lstrip("\ufeff").startswith("position,at,actor,action,detail,seal")
    assert "decisions_staged" in table


def test_one_person_is_offered_a_place_by_page(staged: Programme, staff: Browser) -> None:
    page = f"{_round(staged)}/offers/new"
    day = {"respond_by-day": "2", "respond_by-month": "2", "respond_by-year": "2027"}
    early = staff.post(page, status=409, reference="APP-005", reason="Upheld", **day).text
    assert "once the decisions are released" in early
    assert 'value="APP-005"' in early
    wrong = staff.post(page, status=409, reference="", reason="", **{**day, "respond_by-day": "41"}).text
    assert 'value="41"' in wrong
