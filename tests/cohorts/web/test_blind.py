"""Nothing that could say who somebody is reaches a reviewer: not by page, API, search, error or event."""

import json
import re

import pytest
from sqlalchemy import event

from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer
from services.cohorts.use_cases.read_reviews import my_panels, open_review
from shared.contracts.applications import PersonRegistered
from shared.contracts.cohorts import ReviewsAssigned
from shared.ids import new_id
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme

MARKERS = (
    "zqname", "zqmail", "zqorganisation", "zqdomain", "zqidentifying", "zqattribute", "zqhidden", "zqbreakdown",
    "zqotherreview",
)  # fmt: skip


@pytest.fixture
def assignment(programme: Programme) -> str:
    """Ada's one assignment, of an application with a marker in everything that is not hers to see."""
    programme.open_round()
    programme.settle(reviews_per_application=2)
    person = new_id()
    programme.people["Applicant 1"] = person
    programme.hear(
        PersonRegistered(
            person_id=person, name="zqname Haddad", email="zqmail@zqdomain.example", language="ar", roles=[]
        )
    )
    programme.apply(
        1,
        score=61.0,
        organisation="zqorganisation Trust",
        attributes={"region": "zqattribute"},
        visible={"why": "I would like to learn.", "not_marked_visible": "zqhidden"},
        identifying={"name": "zqname", "organisation": "zqorganisation", "anything": "zqidentifying"},
    )
    ada = programme.reviewer("Ada")
    programme.reviewer("Ben")
    programme.assign()
    with programme.units.begin(write=False) as uow:
        (theirs,) = [a.id for a in uow.assignments.current(programme.round_id) if a.panel_member_id != ada.id]
    from services.cohorts.use_cases.write_review import submit_review
    from tests.cohorts.programme import written

    programme.do(submit_review, programme.actor("Ben"), theirs, written(5, "zqotherreview"), None)
    return str(programme.list_of(ada)[0])


def _clean(text: str) -> None:
    found = [marker for marker in MARKERS if marker in text.lower()]
    assert found == [], f"a reviewer was shown {found}"


def test_every_page_and_answer_of_a_reviewer_is_blind(programme: Programme, assignment: str) -> None:
    browser = Browser(programme.client("Ada", "reviewer"))
    review = f"/cohorts/panel/reviews/{assignment}"
    assert "I would like to learn." in browser.get(review)
    for path in ("/cohorts/panel/", review, f"{review}/not-for-me", "/cohorts/my/"):
        _clean(browser.get(path))
    _clean(browser.post(review, status=422, then="submit").text)
    _clean(browser.post(review, f"{review}/draft", status=200, comment="Hm").text)
    lines = {f"{part}-{c}": value for c in ("impact", "learning") for part, value in (("score", 4), ("reason", "So"))}
    page = browser.client.get(review).text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision is not None
    shown = browser.follow(browser.post(review, then="submit", revision=revision[1], **lines))
    _clean(shown)
    assert "What others think" in shown


def test_the_api_of_a_reviewer_is_blind(programme: Programme, assignment: str) -> None:
    client = programme.client("Ada", "reviewer")
    for path in ("my/panels", f"reviews/{assignment}", "my/sessions"):
        response = client.get(f"/cohorts/api/v1/{path}")
        assert response.status_code == 200
        _clean(response.text)
    assert client.get(f"/cohorts/api/v1/reviews/{assignment}").json["answers"][0]["answer"] == "I would like to learn."


def test_staff_pages_are_closed_to_reviewers_and_their_errors_say_nothing(
    programme: Programme, assignment: str
) -> None:
    browser = Browser(programme.client("Ada", "reviewer"))
    application = programme.applications[0]
    for path in (
        f"/cohorts/staff/applications/{application}",
        f"/cohorts/staff/rounds/{programme.round_id}/shortlist?text=zq",
        f"/cohorts/api/v1/rounds/{programme.round_id}/shortlist",
    ):
        _clean(browser.get(path, status=403))
    _clean(browser.get(f"/cohorts/panel/reviews/{application}", status=404))
    _clean(browser.get(f"/cohorts/panel/reviews/{new_id()}", status=404))


def test_events_to_a_reviewer_carry_nothing(programme: Programme, assignment: str) -> None:
    _clean(json.dumps(programme.published(ReviewsAssigned)))


def test_the_queries_for_reviewers_never_name_what_identifies(programme: Programme, assignment: str) -> None:
    statements: list[str] = []
    ada = programme.actor("Ada")
    with programme.units.begin(write=False) as uow:
        event.listen(programme.units.engine, "before_cursor_execute", lambda *a: statements.append(a[2]), named=False)
        my_panels(uow, ada)
        (id,) = [review.assignment_id for panel in my_panels(uow, ada) for review in panel.reviews]
        open_review(uow, ada, id)
    assert statements
    for statement in statements:
        assert "application_identities" not in statement
        assert "people" not in statement
        assert "applications.attributes" not in statement
        assert "applications.breakdown" not in statement


def test_a_reviewer_who_has_not_declared_sees_no_application(programme: Programme, assignment: str) -> None:
    invitation = Invitation(name="Cleo", email="cleo@mail.example")
    programme.do(invite_reviewer, STAFF, programme.round_id, invitation)
    page = Browser(programme.client("Cleo", "reviewer")).get("/cohorts/panel/")
    assert "APP-001" not in page
    assert "Before you read" in page
