"""Pages around reviews, as a browser without script uses them."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from services.cohorts.domain.phases import Phases
from services.cohorts.use_cases.set_phases import set_phases
from services.cohorts.use_cases.write_review import save_draft
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme, written

LINES = {f"{part}-{c}": value for c in ("impact", "learning") for part, value in (("score", 4), ("reason", "So"))}


@pytest.fixture
def ada(programme: Programme) -> Browser:
    """Ada's browser; an application of "Applicant 1" is on her list and on Ben's."""
    programme.open_round()
    programme.apply(1, score=1.0, organisation="Lanterns of Leith", visible={"why": "Ask Applicant, at RMC."})
    programme.settle(reviews_per_application=2)
    for name in ("Ada", "Ben"):
        programme.reviewer(name)
    programme.assign()
    return Browser(programme.client("Ada", "reviewer"))


def own(programme: Programme, name: str) -> UUID:
    """The one assignment of a member."""
    with programme.units.begin(write=False) as uow:
        (member,) = [m for m in uow.panels.of_round(programme.round_id) if m.name == name]
    return programme.list_of(member)[0]


def test_the_second_of_two_windows_shows_both_texts_and_saves_over_neither(programme: Programme, ada: Browser) -> None:
    assignment = own(programme, "Ada")
    page = f"/cohorts/panel/reviews/{assignment}"
    programme.do(save_draft, programme.actor("Ada"), assignment, written(2, "First window"), 0)
    shown = ada.post(page, status=412, then="later", revision="0", **{**LINES, "reason-impact": "Second window"}).text
    assert "Second window" in shown
    assert shown.count("First window") >= 2
    revision = re.search(r'name="revision" value="(\d+)"', shown)
    assert revision
    ada.post(page, then="later", revision=revision[1], **{**LINES, "reason-impact": "Put together"})
    again = ada.get(page)
    for text in ("Put together", "First window", "Second window"):
        assert text in again


def test_notes_are_kept_apart_and_come_back(programme: Programme, ada: Browser) -> None:
    page = f"/cohorts/panel/reviews/{own(programme, 'Ada')}"
    ada.post(page, f"{page}/notes", notes="Compare with the last one", revision="0")
    assert "Compare with the last one" in ada.get(page)
    both = ada.post(page, f"{page}/notes", status=412, notes="From another window", revision="0").text
    assert "Compare with the last one" in both
    assert "From another window" in both
    ben = Browser(programme.client("Ben", "reviewer"))
    assert "Compare" not in ben.get(f"/cohorts/panel/reviews/{own(programme, 'Ben')}")


def test_from_a_name_in_an_answer_to_what_the_panel_reads(programme: Programme, ada: Browser, staff: Browser) -> None:
    queue = staff.get(f"/cohorts/staff/rounds/{programme.round_id}/names")
    assert "<mark" in queue
    page = f"/cohorts/staff/applications/{programme.applications[0]}/answers/why/names"
    assert "Ask [name], at RMC." in staff.get(page)
    assert "Write what reviewers" in staff.post(page, status=422, then="redact", text=" ").text
    staff.follow(staff.post(page, then="redact", text="Ask [name], at [place].", reason="Names herself"))
    assert "Ask [name], at [place]." in ada.get(f"/cohorts/panel/reviews/{own(programme, 'Ada')}")
    assert "Applicant</mark>, at RMC." in staff.get(page)
    assert "Nothing waits" in staff.get(f"/cohorts/staff/rounds/{programme.round_id}/names")


def test_the_discussion_by_page(programme: Programme, ada: Browser) -> None:
    now = programme.clock()
    dates = Phases(scoring_closes_at=now + timedelta(days=1), discussion_closes_at=now + timedelta(days=9))
    programme.do(set_phases, STAFF, programme.round_id, dates, None)
    for name in ("Ada", "Ben"):
        programme.review(name, own(programme, name), 3)
    programme.clock.advance(timedelta(days=2))
    page = f"/cohorts/panel/discussions/{own(programme, 'Ada')}"
    ada = Browser(programme.client("Ada", "reviewer"))
    staff = Browser(programme.client(STAFF.name, "staff"))
    assert "Go to the discussion" in ada.get("/cohorts/panel/")
    warned = ada.post(page, status=422, text="it looks like Jane Doe to me").text
    assert "This may name somebody" in warned
    assert "it looks like Jane Doe to me" in warned
    said = ada.follow(ada.post(page, text="it looks like Jane Doe to me", confirmed="yes"))
    assert "it looks like Jane Doe to me" in said
    assert "What changed your mind?" in said
    refused = ada.post(page, f"{page}/scores", status=422, **LINES).text
    assert "Say what in the discussion changed your mind." in refused
    ada.post(page, f"{page}/scores", why="B is right", **LINES)
    changes = staff.get(f"/cohorts/staff/rounds/{programme.round_id}/reviewing/changes")
    assert "3.00 → 4.00" in changes
    assert "B is right" in changes
    thread = f"/cohorts/staff/applications/{programme.applications[0]}/discussion"
    staff.post(thread, text="Thank you both.")
    assert "Thank you both." in ada.get(page)


def test_the_rubric_is_edited_by_page_until_somebody_scores(programme: Programme, ada: Browser, staff: Browser) -> None:
    page = f"/cohorts/staff/rounds/{programme.round_id}/rubric"
    assert "What a 5 looks like" in staff.get(page)
    line = {"id-0": "impact", "label-0": "Impact", "weight-0": "2,5", "independent-0": "yes"}
    line |= {f"anchor-0-{score}": f"A {score}" for score in range(1, 6)}
    assert "Describe a 3" in staff.post(page, status=422, revision="0", **{**line, "anchor-0-3": ""}).text
    kept = staff.follow(staff.post(page, revision="0", then="more", **line))
    assert "2.5" in kept
    assert 'name="label-1"' in kept
    programme.do(save_draft, programme.actor("Ada"), own(programme, "Ada"), written(2), 0)
    assert "The rubric stands" in staff.get(page)
    assert "Scoring has begun" in staff.post(page, status=409, revision="1", **line).text


def test_my_progress_is_a_page(programme: Programme, ada: Browser) -> None:
    programme.review("Ada", own(programme, "Ada"), 4)
    page = ada.get("/cohorts/panel/progress")
    assert "How you have used the scale" in page
    assert "4.00" in page
