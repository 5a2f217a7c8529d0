"""Surveys by page and API: written by staff, answered without script, and what was found."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.cohorts.domain.survey import Choice, Condition, Question
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.publish_survey import publish_survey
from services.cohorts.use_cases.write_survey import Settings, draft_survey
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme

API = "/cohorts/api/v1"
USED = Question("used", "yes_no", "Did you use it?")
ALONE = Question("alone", "scale", "Less alone?", anchors=("No", "Yes"), condition=Condition("used", ("yes",)))
HOW = Question("how", "many", "How did you meet?", choices=(Choice("call", "By phone"), Choice("walk", "On a walk")))
WORDS = Question("words", "long_text", "Anything else?")
QUESTIONS = (USED, HOW, ALONE, WORDS)


@pytest.fixture
def cohort(programme: Programme) -> Programme:
    """Six participants."""
    programme.fill(6)
    programme.settle(places=6)
    programme.release(6, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    return programme


def published(cohort: Programme, **changes: Any) -> UUID:
    wanted = {"title": "How is it?", "moment": "mid", "closes_at": cohort.clock() + timedelta(days=14), **changes}
    with cohort.units.begin() as uow:
        found = uow.cohorts.of_round(cohort.round_id)
        assert found is not None
        survey = draft_survey(uow, found.id, Settings(**wanted), QUESTIONS)
        return publish_survey(uow, STAFF, survey.id, None).id


def me(cohort: Programme, number: int = 1) -> Browser:
    return Browser(cohort.client(f"Applicant {number}"))


def test_staff_write_a_survey_page_by_page(cohort: Programme, staff: Browser) -> None:
    round_page = f"/cohorts/staff/rounds/{cohort.round_id}/surveys"
    assert "No surveys yet" in staff.get(round_page)
    closes = {"closes_at-day": "1", "closes_at-month": "3", "closes_at-year": "2027"}
    assert "Give the survey a name" in staff.post(f"{round_page}/new", status=422, moment="mid", **closes).text
    made = staff.post(f"{round_page}/new", title="How is it?", moment="mid", anonymous="yes", **closes)
    here = made.headers["Location"]
    assert "No questions yet" in staff.get(here) and "Mon" in staff.get(here)
    assert "Add at least one question" in staff.post(here, f"{here}/publish", status=422).text
    wrong = staff.post(f"{here}/questions/new", status=422, kind="choice", text="How?", choices="Only one").text
    assert "Give from 2 to 20 choices" in wrong and "Only one" in wrong
    staff.post(f"{here}/questions/new", kind="yes_no", text="Did you use it?")
    staff.post(f"{here}/questions/new", kind="scale", text="Less alone?", low="No", high="Yes", when="q1=yes")
    staff.post(f"{here}/questions/new", kind="choice", text="How?", choices="By phone\nOn a walk")
    page = staff.get(here)
    assert "Only after “Yes” to “Did you use it?”" in page
    staff.post(f"{here}/questions/q3", kind="choice", text="How so?", choices="On a walk\nBy letter")
    assert 'value="On a walk' not in page and "On a walk; By letter" in staff.get(here)
    staff.post(here, f"{here}/questions/q2/move", to="up")
    assert "has to stay after" in staff.get(here)
    staff.post(here, f"{here}/questions/q3/remove")
    assert "By letter" not in staff.get(here)
    assert "Did you use it?" in staff.get(f"{here}/words/cy")
    staff.get(f"{here}/words/en", status=404)
    staff.post(f"{here}/words/cy", **{"w-title": "Sut mae?", "w-q1": "A wnaethoch chi?"})
    assert "A wnaethoch chi?" in staff.get(f"{here}/preview?words=cy")
    preview = staff.post(f"{here}/preview", status=200, step="0", do="next", **{"q-q1": "yes"}).text
    assert "Less alone?" in preview and "Nothing that you answer here is kept" in preview
    assert "Nothing was kept" in staff.follow(staff.post(f"{here}/preview", step="0", do="next", **{"q-q1": "no"}))
    staff.post(f"{here}/edit", title="How was it?", moment="end", anonymous="yes", **closes)
    staff.post(here, f"{here}/publish")
    assert "Published" not in staff.get(round_page) and "0 of 6" in staff.get(round_page)
    staff.get(f"{here}/results", status=409)
    staff.post(here, f"{here}/close")
    assert "Too few answered" in staff.get(f"{here}/results")


def test_a_participant_answers_step_by_step_and_loses_nothing(cohort: Programme) -> None:
    survey, mine = published(cohort), me(cohort)
    page = f"/cohorts/my/surveys/{survey}"
    assert page in mine.get("/cohorts/my/")
    assert "Less alone?" not in mine.get(page) and "Your name stands beside your answers" in mine.get(page)
    second = mine.post(page, status=200, step="0", do="next", **{"q-used": "yes", "q-how": ["walk", "call"]}).text
    assert "Less alone?" in second and "Did you use it?" not in second
    carried = re.findall(r'name="(q-\w+)" value="(\w+)"', second.split("Less alone?")[0])
    assert {("q-used", "yes"), ("q-how", "walk"), ("q-how", "call")} <= set(carried)
    typed = {"q-used": "yes", "q-how": ["walk"], "q-words": "A longer thought."}
    back = mine.post(page, status=200, step="1", do="back", **typed).text
    assert 'value="A longer thought."' in back and "Did you use it?" in back
    bad = mine.post(page, status=422, step="1", do="next", **{**typed, "q-alone": "9"}).text
    assert "Choose one of the answers." in bad and "A longer thought." in bad
    sent = mine.post(page, step="1", do="next", **{**typed, "q-alone": "5"})
    assert "Thank you. Your answers are in." in mine.follow(sent)
    again = mine.get(page)
    assert re.search(r'value="walk"[^>]*checked', again) and "Answered" in mine.get("/cohorts/my/surveys")
    assert "You have not answered anything yet" in me(cohort, 2).post(page, status=422, step="1", do="next").text
    Browser(cohort.client("Somebody else")).get(page, status=404)
    cohort.clock.advance(timedelta(days=15))
    assert "This survey has closed" in me(cohort).get(page)


def test_nobody_sees_what_they_are_not_asked(cohort: Programme) -> None:
    survey = published(cohort)
    page = f"/cohorts/my/surveys/{survey}"
    # What is asked of everybody comes with the questions after the first page; the one about yes does not.
    second = me(cohort).post(page, status=200, step="0", do="next", **{"q-used": "no"}).text
    assert "Less alone?" not in second and "Anything else?" in second


def test_an_anonymous_survey_says_what_that_means_and_shows_results_when_closed(
    cohort: Programme, staff: Browser
) -> None:
    survey = published(cohort, anonymous=True)
    page, results = f"/cohorts/my/surveys/{survey}", f"/cohorts/staff/surveys/{survey}"
    told = me(cohort).get(page)
    assert "This survey is anonymous" in told and "They see no number from one to four" in told
    for number in range(1, 7):
        one = {"q-used": "yes", "q-alone": "5", "q-words": f"Thought {number}"}
        assert "nobody can find out" in me(cohort, number).follow(
            me(cohort, number).post(page, step="1", do="next", **one)
        )
    assert "You have answered this survey" in me(cohort).get(page)
    me(cohort).post(page, status=409, step="1", do="next", **{"q-used": "no"})
    assert "The answers can be seen when it has closed" in staff.get(results)
    staff.post(results, f"{results}/close")
    shown = staff.get(f"{results}/results")
    assert "Only the 6 who answered “Yes” to “Did you use it?” were asked, of 6 who answered the survey" in shown
    assert "“5: Yes” was answered by 6 of the 6 who were asked (100%)" in shown
    assert all(f"Thought {number}" in shown for number in range(1, 7)) and "Applicant" not in shown
    table = staff.get(f"{results}/results.csv")
    assert "Did you use it?,Yes,6,6,1.0,6,1.0,6,1.0" in table
    staff.get(f"{results}/answers.csv", status=409)


def test_named_results_and_files(cohort: Programme, staff: Browser) -> None:
    survey = published(cohort)
    page, results = f"/cohorts/my/surveys/{survey}", f"/cohorts/staff/surveys/{survey}"
    me(cohort).post(page, step="1", do="next", **{"q-used": "yes", "q-words": "=1+1", "q-how": ["call", "walk"]})
    me(cohort, 2).post(page, step="1", do="next", **{"q-used": "no"})
    shown = staff.get(f"{results}/results")
    assert "“Yes” was answered by 1 of the 2 who were asked (50%)" in shown and "<svg" in shown
    assert "Applicant 1,Yes,By phone; On a walk,,'=1+1" in staff.get(f"{results}/answers.csv")
    assert "Nothing to compare yet" in staff.get(f"/cohorts/staff/rounds/{cohort.round_id}/surveys/change")
    other = published(cohort, moment="end", title="At the end")
    me(cohort).post(f"/cohorts/my/surveys/{other}", step="1", do="next", **{"q-used": "yes", "q-alone": "4"})
    change = staff.get(f"/cohorts/staff/rounds/{cohort.round_id}/surveys/change")
    assert "“Yes” went from 50% of 2 asked to 100% of 1" in change


def test_by_api(cohort: Programme) -> None:
    staff, mine = cohort.client(STAFF.name, "staff"), cohort.client("Applicant 1")
    wanted: dict[str, Any] = {
        "title": "How is it?", "moment": "mid", "closes_at": "2027-03-01T23:59:00+00:00",
        "questions": [
            {"id": "used", "kind": "yes_no", "text": "Did you use it?"},
            {
                "id": "hours", "kind": "number", "text": "How long?",
                "condition": {"question": "used", "values": ["yes"]},
            },
        ],
    }  # fmt: skip
    rounds = f"{API}/rounds/{cohort.round_id}/surveys"
    headers = _headers(staff, f"/cohorts/staff/rounds/{cohort.round_id}/surveys/new")
    bad = {**wanted, "questions": [{"id": "used", "kind": "scale", "text": "?"}]}
    assert staff.post(rounds, json=bad, headers=headers).status_code == 422
    made = staff.post(rounds, json=wanted, headers=headers)
    assert made.status_code == 201 and made.json["state"] == "draft"
    one = f"{API}/surveys/{made.json['id']}"
    got = staff.get(one)
    changed = staff.put(one, json={**wanted, "title": "Anew"}, headers={**headers, "If-Match": got.headers["ETag"]})
    assert changed.json["title"] == "Anew"
    assert staff.put(f"{one}/published", headers=headers).status_code == 428
    done = staff.put(f"{one}/published", headers={**headers, "If-Match": changed.headers["ETag"]})
    assert done.json["state"] == "published" and [s["title"] for s in staff.get(rounds).json["items"]] == ["Anew"]
    mine_there = f"{API}/my/surveys/{made.json['id']}"
    assert [s["open"] for s in mine.get(f"{API}/my/surveys").json["items"]] == [True]
    own = _headers(mine, f"/cohorts/my/surveys/{made.json['id']}")
    assert mine.put(f"{mine_there}/answers", json={"answers": {"used": "maybe"}}, headers=own).status_code == 422
    answers = {"answers": {"used": "yes", "hours": 3}}
    assert mine.put(f"{mine_there}/answers", json=answers, headers=own).status_code == 204
    assert mine.get(mine_there).json["answers"] == {"used": ["yes"], "hours": ["3"]}
    found = staff.get(f"{one}/results").json
    assert (found["invited"], found["answered"]) == (6, 1)
    yes = found["questions"][0]["answers"][0]
    assert (yes["count"], yes["of_invited"], yes["of_answered"], yes["of_asked"]) == (1, 1 / 6, 1.0, 1.0)
    assert found["questions"][1]["mean"] == 3.0
    assert staff.get(f"{rounds}/change").json["items"] == []
    closed = staff.put(f"{one}/closed", headers={**headers, "If-Match": staff.get(one).headers["ETag"]})
    assert closed.json["state"] == "closed"
    assert mine.put(f"{mine_there}/answers", json=answers, headers=own).status_code == 410


def _headers(client: Any, page: str) -> dict[str, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token
    return {"X-CSRF-Token": token[1]}
