"""The page behind an offer's link: readable by anybody with the link, changed by nothing but a post."""

from datetime import timedelta

import pytest

from tests.cohorts.browser import Browser
from tests.cohorts.programme import Programme


@pytest.fixture
def page(programme: Programme) -> str:
    programme.fill(4)
    programme.settle(places=2)
    programme.release(2, 1)
    return f"/cohorts/offers/{programme.token(programme.offers()[0])}"


@pytest.fixture
def visitor(programme: Programme) -> Browser:
    return Browser(programme.service.web.test_client())


def test_looking_changes_nothing_and_names_nobody(programme: Programme, page: str, visitor: Browser) -> None:
    text = visitor.get(page)
    assert "We would like you to join us" in text
    assert "Applicant" not in text
    visitor.get(f"{page}?answer=accepted")
    assert programme.offers()[0].state == "open"


def test_accepting(programme: Programme, page: str, visitor: Browser) -> None:
    assert "Your place is yours" in visitor.follow(visitor.post(page, answer="accepted"))
    assert programme.offers()[0].state == "accepted"
    assert "already accepted" in visitor.post(page, status=409, answer="declined", sure="yes").text


def test_declining_asks_once_more(programme: Programme, page: str, visitor: Browser) -> None:
    assert "Decline your place?" in visitor.post(page, status=200, answer="declined").text
    assert programme.offers()[0].state == "open"
    visitor.post(page, answer="declined", sure="yes")
    assert programme.offers()[0].state == "declined"


def test_too_late_is_said_kindly(programme: Programme, page: str, visitor: Browser) -> None:
    token = visitor.get(page).split('name="csrf_token" value="')[1].split('"')[0]
    programme.clock.advance(timedelta(days=15))
    assert "it may still be free" in visitor.get(page)
    response = visitor.client.post(page, data={"csrf_token": token, "answer": "accepted"})
    assert response.status_code == 410
    assert "may still be free" in response.text
    assert programme.offers()[0].state == "open"


def test_no_answer_or_a_strange_one(page: str, visitor: Browser) -> None:
    assert "Choose whether you take the place" in visitor.post(page, status=422, answer="perhaps").text


def test_a_wrong_link_is_not_found(visitor: Browser) -> None:
    assert "whole link" in visitor.get("/cohorts/offers/not-a-token", status=404)
