"""Staff take a round from its panel to its sessions, by pages alone and without any script."""

import re
from datetime import timedelta

import pytest

from services.cohorts.use_cases.answer_offer import answer_offer
from shared.contracts.cohorts import DecisionReleased, ReviewerInvited, SessionPublished
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def _round(programme: Programme) -> str:
    return f"/cohorts/staff/rounds/{programme.round_id}"


def test_empty_states_are_kind(programme: Programme, staff: Browser) -> None:
    assert "no rounds yet" in staff.get("/cohorts/staff/")
    programme.open_round()
    here = _round(programme)
    pages = (
        "",
        "/plan",
        "/panel",
        "/assignment",
        "/shortlist",
        "/selection",
        "/decisions",
        "/offers",
        "/sessions",
        "/record",
    )
    for page in pages:
        assert "Leading Together" in staff.get(here + page)
    assert "nobody on the panel yet" in staff.get(f"{here}/assignment")


def test_a_reviewer_is_invited_with_words_for_what_is_wrong(programme: Programme, staff: Browser) -> None:
    programme.open_round()
    page = f"{_round(programme)}/panel"
    wrong = staff.post(page, status=422, name="", email="nobody", language="en", capacity="many").text
    assert "Write a whole number" in wrong
    assert 'value="nobody"' in wrong
    staff.post(page, name="Ada", email="Ada@Mail.example", language="ar", capacity="12")
    assert (
        "on this panel already" in staff.post(page, status=409, name="Ada", email="ada@mail.example", capacity="5").text
    )
    assert [event["email"] for event in programme.published(ReviewerInvited)] == ["ada@mail.example"]


def test_the_plan_keeps_what_was_typed_and_refuses_an_older_copy(programme: Programme, staff: Browser) -> None:
    programme.open_round()
    page = f"{_round(programme)}/plan"
    fields = {"reviews_per_application": 2, "priority_weight": 60, "review_weight": 60, "places": 5, "respond_days": 7}
    assert "add up to 100" in staff.post(page, status=422, revision=1, **fields).text
    staff.post(page, revision=1, **{**fields, "review_weight": 40})
    staff.post(page, status=412, revision=1, **{**fields, "review_weight": 40})


def test_from_targets_to_released_decisions_and_sessions(programme: Programme, staff: Browser) -> None:
    programme.fill(8)
    programme.settle(places=3)
    here = _round(programme)
    target = {"target": ["region=north", "", ""], "minimum-0": "2", "size": "3"}
    run = staff.post(f"{here}/selection", **target).headers["Location"]
    assert "APP-003" in staff.get(run)
    day = programme.clock() + timedelta(days=10)
    by = {"respond_by-day": day.day, "respond_by-month": day.month, "respond_by-year": day.year}
    decisions = staff.follow(staff.post(run, f"{run}/decide", waitlist="2", **by))
    assert "Nobody has been told" in decisions
    release = re.search(r"/cohorts/staff/releases/[0-9a-f-]+/release", decisions)
    assert release is not None
    staff.post(f"{here}/decisions", release[0], revision=_hidden(decisions, "revision"))
    assert programme.published(DecisionReleased) == []
    for _ in range(2):
        staff.post(f"{here}/decisions", release[0], revision=_hidden(decisions, "revision"), sure="yes")
    assert len(programme.published(DecisionReleased)) == 8
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    _session(programme, staff, here)
    assert "The record is whole" in staff.get(f"{here}/record")


def _session(programme: Programme, staff: Browser, here: str) -> None:
    fields = {
        "title": "First circle", "date-day": 28, "date-month": 3, "date-year": 2027, "time": "01:30",
        "minutes": 90, "zone": "Europe/London", "place": "Leeds",
    }  # fmt: skip
    assert "does not exist" in staff.post(f"{here}/sessions/new", status=422, **fields).text
    session = staff.post(f"{here}/sessions/new", **{**fields, "time": "18.30"}).headers["Location"]
    page = staff.get(session)
    assert "Version 0" in page
    edit = staff.get(f"{session}/edit")
    staff.post(f"{session}/edit", revision=_hidden(edit, "revision"), **{**fields, "time": "19:00"})
    staff.post(f"{session}/edit", status=412, revision=_hidden(edit, "revision"), **{**fields, "time": "20:00"})
    staff.post(session, f"{session}/cancel", revision=_hidden(staff.get(session), "revision"))
    told = [(event["calendar_sequence"], event["status"]) for event in programme.published(SessionPublished)]
    assert told == [(0, "scheduled"), (1, "scheduled"), (2, "cancelled")]


def test_targets_that_clash_are_explained(programme: Programme, staff: Browser) -> None:
    programme.fill(4)
    programme.settle()
    fields = {"target": ["region=north", "region=london"], "minimum-0": "2", "minimum-1": "2", "size": "3"}
    page = staff.follow(staff.post(f"{_round(programme)}/selection", **fields))
    assert "cannot all be met" in page
    assert "ask for at least 1" in page


@pytest.mark.parametrize("size", ["", "0", "99", "three"])
def test_a_size_that_makes_no_sense_is_refused_in_words(programme: Programme, staff: Browser, size: str) -> None:
    programme.fill(3)
    programme.settle()
    page = staff.post(
        f"{_round(programme)}/selection", status=422, size=size, target=["region=north"], **{"minimum-0": "1"}
    )
    assert "There is a problem" in page.text
    assert 'value="region=north" selected' in page.text


def test_staff_see_the_whole_application(programme: Programme, staff: Browser) -> None:
    programme.fill(1)
    page = staff.get(f"/cohorts/staff/applications/{programme.applications[0]}")
    assert "Applicant 1" in page
    assert "Everything" in page


@pytest.mark.parametrize("roles", [(), ("reviewer",), ("applicant", "participant")])
def test_nobody_else_gets_in(programme: Programme, roles: tuple[str, ...]) -> None:
    programme.open_round()
    browser = Browser(programme.client("Outsider", *roles))
    for page in ("", "/panel", "/shortlist", "/selection", "/decisions"):
        browser.get(_round(programme) + page, status=403)


def test_a_post_without_the_pages_token_changes_nothing(programme: Programme) -> None:
    programme.open_round()
    client = programme.client(STAFF.name, "staff")
    response = client.post(
        f"{_round(programme)}/panel", data={"name": "Ada", "email": "ada@mail.example", "capacity": 3}
    )
    assert response.status_code == 403
    assert programme.published(ReviewerInvited) == []
