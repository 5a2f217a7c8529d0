"""The JSON API: problem+json, ETags, cursors, repeated posts, and fields named when they are wrong."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from shared.messaging.tables import idempotency_keys
from tests.applications.parts import ANSWERS, ELIGIBLE, SLUG, apply, data_of, form_in

API = "/applications/api/v1"


@pytest.fixture
def headers(client, sign_in):
    """A signed-in browser's: the token of its pages."""
    sign_in("applicant")
    page = client.get("/account").get_data(as_text=True)
    return {"X-CSRF-Token": form_in(page, "/account/details")["csrf_token"]}


@pytest.fixture
def draft(client, open_round, headers):
    made = client.post(f"{API}/rounds/{SLUG}/applications", json={"eligibility": ELIGIBLE}, headers=headers)
    assert made.status_code == 201, made.json
    return made.json


def put(client, headers, draft, section, answers, tag=None):
    address = f"{API}/applications/{draft['id']}"
    tag = tag or client.get(address).headers["ETag"]
    return client.put(f"{address}/sections/{section}", json={"answers": answers}, headers={**headers, "If-Match": tag})


def test_a_program_applies(service, client, draft, headers):
    for section, answers in ANSWERS.items():
        saved = put(client, headers, draft, section, {**answers, **_typed(answers)})
        assert saved.status_code == 200 and saved.json["problems"] == {}, (section, saved.json)
    sent = client.post(f"{API}/applications/{draft['id']}/submission", headers=headers)
    assert sent.status_code == 201 and sent.json["state"] == "submitted"
    again = client.post(f"{API}/applications/{draft['id']}/submission", headers=headers)
    assert again.json == sent.json
    assert len(data_of(service, "application_submitted")) == 1
    taken = client.post(f"{API}/applications/{draft['id']}/withdrawal", headers=headers)
    assert taken.json["state"] == "withdrawn"


def _typed(answers):
    return {"organisation_income": 12000} if "organisation_income" in answers else {}


def test_unknown_and_malformed_answers_are_named_and_nothing_is_saved(client, draft, headers):
    sent = {
        "organisation_income": "plenty",
        "role": "emperor",
        "work_areas": {"a": 1},
        "colour": "red",
        "organisation_name": "X",
    }
    wrong = put(client, headers, draft, "organisation", sent)
    assert wrong.status_code == 422 and wrong.content_type == "application/problem+json"
    assert set(wrong.json["errors"]) == {"organisation_income", "role", "work_areas", "colour"}
    assert "organisation_name" not in client.get(f"{API}/applications/{draft['id']}").json["answers"]


def test_unknown_fields_of_a_request_are_named(client, open_round, headers):
    wrong = client.post(f"{API}/rounds/{SLUG}/applications", json={"eligibilty": {}, "language": "xx"}, headers=headers)
    assert wrong.status_code == 422 and set(wrong.json["errors"]) == {"eligibilty", "language"}
    for answers, named in (
        ({}, set(ELIGIBLE)),
        ({**ELIGIBLE, "extra": 1}, {"extra"}),
        ({**ELIGIBLE, "based_in_uk": "no"}, {"eligibility"}),
    ):
        wrong = client.post(f"{API}/rounds/{SLUG}/applications", json={"eligibility": answers}, headers=headers)
        assert wrong.status_code == 422 and set(wrong.json["errors"]) == named


def test_bodies_that_are_no_answers(client, draft, headers):
    address = f"{API}/applications/{draft['id']}/sections/contact"
    wanted = {"content_type": "application/json", "headers": {**headers, "If-Match": '"1"'}}
    for body in (b"", b"{", b"[]", b'"x"', b"\xff", b'{"answers": 1}'):
        answer = client.put(address, data=body, **wanted)
        assert answer.status_code in (400, 422) and answer.content_type == "application/problem+json", body


def test_edits_say_which_version_they_change(client, draft, headers):
    address = f"{API}/applications/{draft['id']}"
    tag = client.get(address).headers["ETag"]
    bare = client.put(f"{address}/sections/contact", json={"answers": {}}, headers=headers)
    assert bare.status_code == 428
    first = put(client, headers, draft, "contact", {"full_name": "A"}, tag)
    assert first.status_code == 200 and first.headers["ETag"] != tag
    assert put(client, headers, draft, "contact", {"full_name": "B"}, tag).status_code == 412
    assert client.get(address).json["answers"]["full_name"] == "A"


def test_a_repeated_key_does_its_work_once(service, client, draft, headers):
    address = f"{API}/applications/{draft['id']}/withdrawal"
    keyed = {**headers, "Idempotency-Key": "k-1"}
    first, second = client.post(address, headers=keyed), client.post(address, headers=keyed)
    assert first.json == second.json and second.headers["Idempotency-Replayed"] == "true"
    other = client.post(address, json={"a": 1}, headers=keyed)
    assert other.status_code == 409
    assert len(data_of(service, "application_withdrawn")) == 1


def test_answers_to_repeated_posts_hold_no_answers_of_the_form(service, client, draft, headers):
    put(client, headers, draft, "access", {"access_notes": "SEALED-MARKER"})
    client.post(f"{API}/applications/{draft['id']}/withdrawal", headers={**headers, "Idempotency-Key": "k"})
    with service.units.begin(write=False) as uow:
        bodies = [row.body for row in uow.session.execute(select(idempotency_keys))]
    assert bodies and "SEALED-MARKER" not in "".join(bodies) and "answers" not in json.loads(bodies[0])


def test_somebody_elses_application_is_not_there(client, draft, headers, sign_in):
    sign_in("applicant")
    address = f"{API}/applications/{draft['id']}"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/submission", headers=headers).status_code == 404
    assert client.get(f"{API}/applications/{uuid4()}").status_code == 404


def test_pages_of_the_list_hold_everybody_once(service, client, open_round, sign_in):
    for number in range(5):
        apply(service, service.web.test_client(), f"n{number}@example.org")
    sign_in("staff")
    for query in ("sort=score", "sort=submitted&order=asc", "sort=reference"):
        seen, cursor = [], ""
        while cursor is not None:
            page = client.get(f"{API}/rounds/{open_round.id}/scored?limit=2&{query}&cursor={cursor}").json
            seen += page["items"]
            cursor = page["next"]
        assert len({item["id"] for item in seen}) == len(seen) == 5
    assert all(sum(line["points"] for line in item["breakdown"]) == item["score"] for item in seen)
    assert seen[0]["score"] > 0


@pytest.mark.parametrize("sort", ["score", "submitted", "reference"])
def test_a_made_up_cursor_is_refused_by_name(client, open_round, sign_in, sort):
    sign_in("staff")
    for cursor in ("x", "W10", "WyJhIiwgImIiXQ", "WzEsICJub3QtYW4taWQiXQ", "é"):
        answer = client.get(f"{API}/rounds/{open_round.id}/scored", query_string={"cursor": cursor, "sort": sort})
        assert answer.status_code == 422 and set(answer.json["errors"]) == {"cursor"}, cursor


def test_staff_make_and_move_a_round(client, sign_in):
    sign_in("staff")
    page = client.get("/staff/rounds/new").get_data(as_text=True)
    headers = {"X-CSRF-Token": form_in(page, "/staff/rounds/new")["csrf_token"]}
    wrong = client.post(
        f"{API}/rounds",
        json={"id": "A b", "title": 3, "zone": "Mars", "deadline": "soon", "rubric": {"criteria": ["x"]}},
        headers=headers,
    )
    assert wrong.status_code == 422 and {"id", "title", "zone", "deadline", "rubric"} <= set(wrong.json["errors"])
    wanted = {"id": "next-year", "title": "Next year", "zone": "Europe/London", "deadline": "2027-06-01 12:00"}
    made = client.post(f"{API}/rounds", json=wanted, headers=headers)
    assert made.status_code == 201 and made.json["state"] == "draft"
    address = f"{API}/rounds/{made.json['id']}"
    assert client.put(f"{address}/state", json={"state": "open"}, headers=headers).status_code == 428
    tag = client.get(address).headers["ETag"]
    moved = client.put(f"{address}/state", json={"state": "open"}, headers={**headers, "If-Match": tag})
    assert moved.status_code == 200 and moved.json["state"] == "open"
    assert (
        client.put(f"{address}/state", json={"state": "paused"}, headers={**headers, "If-Match": tag}).status_code
        == 412
    )


def test_draft_rounds_are_for_staff(service, client, sign_in):
    sign_in("staff")
    page = client.get("/staff/rounds/new").get_data(as_text=True)
    headers = {"X-CSRF-Token": form_in(page, "/staff/rounds/new")["csrf_token"]}
    wanted = {"id": "secret-plan", "title": "Secret plan", "zone": "Europe/London", "deadline": "2027-06-01 12:00"}
    made = client.post(f"{API}/rounds", json=wanted, headers=headers).json
    stranger = service.web.test_client()
    for address in (
        f"{API}/rounds/{made['id']}",
        f"{API}/rounds/{made['id']}/form",
        "/rounds/secret-plan",
        "/rounds/secret-plan/priorities",
        "/apply/secret-plan",
        "/apply/secret-plan/begin",
    ):
        answer = stranger.get(address)
        assert answer.status_code == 404 and "Secret plan" not in answer.get_data(as_text=True), address
    assert "secret-plan" not in stranger.get(f"{API}/rounds").get_data(as_text=True)
    assert client.get("/rounds/secret-plan").status_code == 200
