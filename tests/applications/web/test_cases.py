"""A decision is looked at again: asked by its owner, decided by an officer who was not on the panel, told once."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.applications.storage.tables import StatusRow
from services.applications.use_cases.decide_case import tell_overdue
from services.applications.use_cases.open_case import OVERDUE, CaseWish, open_case
from shared.errors import Conflict
from shared.service import Due
from shared.timekeeping import MovableClock
from tests.applications.parts import SLUG, Applications, apply, data_of, press

SignIn = Callable[..., uuid.UUID]
ASK = f"/rounds/{SLUG}/ask"
WORDS = {"ground": "facts", "text": "You read my income as 120,000. It is 12,000.", "wish": "Read it again."}


@pytest.fixture
def refused(service: Applications, client: FlaskClient, open_round: Any) -> uuid.UUID:
    """Somebody whose application was not chosen, and who is signed in."""
    application = uuid.UUID(apply(service, client).rpartition("/")[2])
    with service.units.begin() as uow:
        uow.applications.keep_status(
            StatusRow(application_id=application, stage="unsuccessful", detail="", sequence=9, since=uow.now)
        )
    return application


def ask(service: Applications, client: FlaskClient) -> str:
    answer = press(client, ASK, ASK, **WORDS)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def test_from_the_status_page_to_the_letter(
    service: Applications, client: FlaskClient, refused: uuid.UUID, sign_in: SignIn
) -> None:
    assert ASK in client.get(f"/applications/{refused}").get_data(as_text=True)
    page = ask(service, client)
    (opened,) = data_of(service, "case_opened")
    assert opened["reference"] in client.get(page).get_data(as_text=True)
    assert ask(service, client) == page

    officer = service.web.test_client()
    sign_in("officer", browser=officer)
    case = f"/officer{page}"
    assert WORDS["text"].split(".")[0] in officer.get(case).get_data(as_text=True)
    assert press(officer, case, f"{case}/assign", officer="").status_code == 303
    assert press(officer, case, f"{case}/note", note="Looked at the form.").status_code == 303
    unfinished = press(officer, case, f"{case}/decide", outcome="upheld")
    assert unfinished.status_code == 422
    decided = press(officer, case, f"{case}/decide", outcome="upheld", letter="You are right. We put it right.")
    assert decided.location == f"{case}/letter"
    assert "You are right" not in client.get(page).get_data(as_text=True)
    assert data_of(service, "case_closed") == []
    letter = officer.get(decided.location).get_data(as_text=True)
    assert "You are right" in letter
    for _ in range(2):
        officer.post(f"{case}/release", data={"csrf_token": _token(officer, case)})
    (closed,) = data_of(service, "case_closed")
    assert (closed["outcome"], closed["letter"]) == ("upheld", "You are right. We put it right.")
    assert "You are right" in client.get(page).get_data(as_text=True)
    with service.units.begin(write=False) as uow:
        trail = [entry.action for entry in uow.cases.trail(uuid.UUID(opened["case_id"]))]
    assert trail == ["opened", "assigned", "noted", "decided", "released"]


def _token(browser: FlaskClient, page: str) -> str:
    return browser.get(page).get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]


def test_nobody_who_was_on_the_panel_sees_or_decides_it(
    service: Applications, client: FlaskClient, refused: uuid.UUID, sign_in: SignIn
) -> None:
    page = ask(service, client)
    officer = service.web.test_client()
    who = sign_in("officer", browser=officer)
    with service.units.begin() as uow:
        uow.cases.keep_seat(uow.applications.get(refused).round_id, who)
    for path in (f"/officer{page}", f"/officer{page}/letter"):
        assert officer.get(path).status_code == 403
    assert page not in officer.get("/officer/cases").get_data(as_text=True)
    for what in ("assign", "note", "decide", "release"):
        answer = officer.post(f"/officer{page}/{what}", data={"csrf_token": _token(officer, "/account")})
        assert answer.status_code == 403
    other = service.web.test_client()
    colleague = sign_in("officer", browser=other)
    assert press(other, f"/officer{page}", f"/officer{page}/assign", officer=str(who)).status_code == 403
    assert press(other, f"/officer{page}", f"/officer{page}/assign", officer=str(colleague)).status_code == 303


def test_a_review_needs_a_decision_and_its_time(
    service: Applications, client: FlaskClient, refused: uuid.UUID, clock: MovableClock
) -> None:
    clock.advance(timedelta(days=60))
    with service.units.begin() as uow:
        row = uow.applications.get(refused)
        wish = CaseWish(row.round_id, "review", "facts", "Read it again.", application_id=row.id)
        with pytest.raises(Conflict):
            open_case(uow, row.person_id, wish)
        assert open_case(uow, row.person_id, CaseWish(row.round_id, "complaint", "process", "It was slow.")).reference


def test_words_that_are_missing_lose_nothing_typed(client: FlaskClient, refused: uuid.UUID) -> None:
    answer = press(client, ASK, ASK, text="x" * 10_001, ground="facts", wish="Please <b>")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "x" * 10_001 in page and "Please &lt;b&gt;" in page


def test_an_overdue_case_reminds_its_officer_each_day_until_it_is_answered(
    service: Applications, client: FlaskClient, refused: uuid.UUID, sign_in: SignIn, clock: MovableClock
) -> None:
    page = ask(service, client)
    officer = service.web.test_client()
    sign_in("officer", browser=officer)
    press(officer, f"/officer{page}", f"/officer{page}/assign", officer="")
    case_id = page.rpartition("/")[2]
    due = Due(id=uuid.uuid4(), kind=OVERDUE, key=case_id, due_at=clock(), payload={})
    with service.units.begin() as uow:
        tell_overdue(uow, due)
    assert data_of(service, "case_overdue") == []
    clock.advance(timedelta(days=40))
    with service.units.begin() as uow:
        tell_overdue(uow, due)
    assert len(data_of(service, "case_overdue")) == 1


def test_taken_back_it_is_nobodys_to_decide(service: Applications, client: FlaskClient, refused: uuid.UUID) -> None:
    page = ask(service, client)
    assert press(client, page, f"{page}/withdraw").status_code == 303
    (closed,) = data_of(service, "case_closed")
    assert (closed["outcome"], closed["letter"]) == ("withdrawn", "")


def test_counts_are_published_and_small_ones_are_not(
    service: Applications, client: FlaskClient, refused: uuid.UUID
) -> None:
    ask(service, client)
    page = service.web.test_client().get(f"/rounds/{SLUG}/reviews-and-complaints").get_data(as_text=True)
    assert "not shown" in page


def test_what_can_be_asked_no_longer_is_not_offered(
    service: Applications, client: FlaskClient, refused: uuid.UUID, clock: MovableClock
) -> None:
    page = f"/applications/{refused}"
    assert "ask?kind=review" in client.get(page).get_data(as_text=True)
    with service.units.begin() as uow:
        status = uow.applications.status(refused)
        assert status is not None
        status.since = clock() - timedelta(days=90)
    assert "ask?kind=complaint" in client.get(page).get_data(as_text=True)
    late = client.get(f"{ASK}?kind=review").get_data(as_text=True)
    assert "no decision that we can look at now" in late and "<textarea" not in late
    kept = press(client, f"{ASK}?kind=complaint", ASK, **{**WORDS, "kind": "review"})
    assert kept.status_code == 409 and WORDS["text"] in kept.get_data(as_text=True)
