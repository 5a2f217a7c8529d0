"""Staff's pages about a panel, and what a reviewer sees of its phases, by form and by JSON."""

from datetime import timedelta
from typing import Any

from services.cohorts.domain.phases import Phases
from services.cohorts.use_cases.set_phases import set_phases
from shared.contracts.cohorts import ReviewerInvited
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme


def _round(programme: Programme) -> str:
    return f"/cohorts/staff/rounds/{programme.round_id}"


def _date(name: str, day: Any) -> dict[str, Any]:
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_dates_are_kept_in_the_rounds_zone_and_what_was_typed_stays(programme: Programme, staff: Browser) -> None:
    programme.open_round(zone="America/New_York")
    page, today = f"{_round(programme)}/phases", programme.clock()
    ends, talks = today + timedelta(days=9), today + timedelta(days=16)
    wrong = _date("review_closes", talks) | _date("discussion_closes", ends)
    answer = staff.post(page, status=422, revision=1, **wrong).text
    assert "should not end before scoring" in answer
    assert f'value="{ends.day}"' in answer
    staff.post(page, revision=1, **(_date("review_closes", ends) | _date("discussion_closes", talks)))
    with programme.units.begin(write=False) as uow:
        kept = uow.rounds.phases(programme.round_id).scoring_closes_at
    assert kept is not None
    assert (kept.hour, kept.minute, kept.day) == (4, 59, ends.day + 1)
    assert f'value="{ends.day}"' in staff.get(page)
    staff.post(page, status=412, revision=1)
    staff.post(page, f"{page}/next", revision=2)
    assert "The panel’s phase is now: discussion" in staff.get(page)


def test_a_list_is_shown_before_anybody_is_written_to(programme: Programme, staff: Browser) -> None:
    programme.open_round()
    page = f"{_round(programme)}/panel/import"
    text = "name,email\nAda,ada@panel.example\nBen,nothing\n"
    assert "Choose a CSV file" in staff.post(page, status=422).text
    shown = staff.post(page, status=200, text=text).text
    assert "Invite 1 person" in shown
    assert "Write an email address" in shown
    assert programme.published(ReviewerInvited) == []
    told = staff.follow(staff.post(page, text=text, then="invite"))
    assert "1 people are invited" in told or "1 person is invited" in told
    assert len(programme.published(ReviewerInvited)) == 1


def test_terms_are_published_and_shown_to_reviewers_as_they_stand(programme: Programme, staff: Browser) -> None:
    programme.open_round()
    member = programme.reviewer("Ada")
    page = f"{_round(programme)}/terms"
    assert "Write the terms" in staff.post(page, status=422, text=" ", over=0).text
    staff.post(page, text="Be kind & quiet.", over=0, ask_again="yes")
    staff.post(page, status=412, text="Other words", over=0)
    ada = Browser(programme.client("Ada", "reviewer"))
    declaration = f"/cohorts/panel/{member.id}/declaration"
    assert "Be kind &amp; quiet." in ada.get(declaration)
    assert "have changed" in ada.post(declaration, status=409, agreed="yes", terms_version=0).text
    ada.post(declaration, agreed="yes", terms_version=1)
    assert "Be kind" in staff.get(page)


def test_sharing_out_by_hand_shows_the_lists_and_the_reason_against(programme: Programme, staff: Browser) -> None:
    programme.fill(2)
    programme.settle()
    ada = programme.reviewer("Ada")
    ben = programme.reviewer("Ben", organisations="Elsewhere")
    programme.assign()
    page = f"{_round(programme)}/assignment/change"
    assert "no application APP-999" in staff.get(page, 422, query_string={"application": "APP-999", "give_to": ben.id})
    with programme.units.begin(write=False) as uow:
        (row,) = uow.assignments.of_member(ada.id)
        reference = uow.applications.get(row.application_id).reference
    query = {"application": reference, "take_from": ada.id, "give_to": ben.id}
    shown = staff.get(page, query_string=query)
    assert "goes from Ada to Ben" in shown
    fingerprint = shown.split('name="fingerprint" value="')[1].split('"')[0]
    staff.post(page, **query, in_exchange="", fingerprint=fingerprint)
    assert programme.list_of(ada) == []
    again = staff.post(page, **query, in_exchange="", fingerprint=fingerprint)
    assert "This cannot be done" in staff.follow(again)


def test_a_reviewer_sees_when_reading_begins_and_can_leave(programme: Programme) -> None:
    programme.fill(1)
    programme.settle()
    member = programme.reviewer("Ada")
    opens = programme.clock() + timedelta(days=3)
    programme.do(set_phases, STAFF, programme.round_id, Phases(scoring_opens_at=opens), None)
    programme.assign()
    ada = Browser(programme.client("Ada", "reviewer"))
    lists = ada.get("/cohorts/panel/")
    assert "Reading has not begun yet" in lists
    assert "APP-001" not in lists
    programme.clock.set(opens)
    ada = Browser(programme.client("Ada", "reviewer"))
    assert "APP-001" in ada.get("/cohorts/panel/")
    ada.post(f"/cohorts/panel/{member.id}/leave")
    assert "not on a panel" in ada.get("/cohorts/panel/")


def test_the_same_by_json(programme: Programme, staff: Browser) -> None:
    programme.fill(2)
    programme.settle()
    ada, ben = programme.reviewer("Ada"), programme.reviewer("Ben")
    client, api = programme.client(STAFF.name, "staff"), "/cohorts/api/v1"
    token = client.get_cookie("hearth-identity", domain="localhost").value  # type: ignore[union-attr]
    client.delete_cookie("hearth-identity", domain="localhost")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    here = f"{api}/rounds/{programme.round_id}"
    token = client.get(f"{here}/phases").headers["ETag"]
    closes = (programme.clock() + timedelta(days=5)).isoformat()
    kept = _send(client, "PUT", f"{here}/phases", {"scoring_closes_at": closes}, token)
    assert kept.json["phase"] == "scoring"
    proposal = client.get(f"{here}/assignment?mode=whole").json
    assert [load["after"] for load in proposal["loads"]] == [1, 1]
    body = {"fingerprint": proposal["fingerprint"], "mode": "whole"}
    assert _send(client, "POST", f"{here}/assignment", body).json == {"assigned": 2}
    pair = next(p for p in proposal["pairs"] if p["panel_member_id"] == str(ada.id))
    change = {"application": pair["application_id"], "take_from": str(ada.id), "give_to": str(ben.id)}
    seen = _send(client, "POST", f"{here}/assignment/changes/preview", change).json
    assert seen["blocked"] == []
    made = _send(client, "POST", f"{here}/assignment/changes", {**change, "fingerprint": seen["fingerprint"]})
    assert made.status_code == 201
    assert _send(client, "POST", f"{here}/reminders").json == {"reminded": 1}
    assert _send(client, "POST", f"{here}/reminders").status_code == 409
    roster = {"csv": "email\ncleo@panel.example\n", "invite": True}
    assert _send(client, "POST", f"{here}/panel/import", roster).json["invited"][0]["line"] == 2
    assert {row["source"] for row in client.get(f"{here}/conflicts").json["items"]} == {"email"}
    assert _send(client, "POST", f"{here}/terms", {"text": "Be kind.", "over": 0}).status_code == 201
    assert client.get(f"{here}/terms").json["items"][0]["version"] == 1


def _send(client: Any, method: str, path: str, body: Any = None, match: str = "") -> Any:
    headers = {"If-Match": match} if match else {}
    return client.open(path, method=method, json=body, headers=headers)


def test_scoring_that_was_ended_by_hand_is_not_opened_again_by_keeping_the_plan(
    programme: Programme, staff: Browser
) -> None:
    programme.open_round()
    closes = programme.clock().replace(hour=23)
    programme.do(set_phases, STAFF, programme.round_id, Phases(scoring_closes_at=closes), None)
    staff.post(f"{_round(programme)}/phases", f"{_round(programme)}/phases/next", revision=2)
    fields = {"reviews_per_application": 2, "priority_weight": 60, "review_weight": 40, "places": 5, "respond_days": 7}
    staff.post(f"{_round(programme)}/plan", **fields, **_date("review_closes", closes))
    with programme.units.begin(write=False) as uow:
        assert uow.rounds.phases(programme.round_id).scoring_closes_at == programme.clock()


def test_a_new_conflict_shows_who_could_read_instead(programme: Programme, staff: Browser) -> None:
    programme.fill(1)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    programme.reviewer("Ben")
    page = f"/cohorts/staff/members/{member.id}"
    shown = staff.follow(staff.post(page, f"{page}/conflicts", kind="application", value="APP-001"))
    assert "One application has left their list" in shown
    assert "Give out 1 review" in shown
