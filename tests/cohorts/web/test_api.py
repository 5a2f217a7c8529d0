"""The JSON API: versions are asked for, repeated posts do their work once, errors are problem documents."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contracts.cohorts import DecisionReleased, ReviewerInvited
from shared.web.identity import Identity, sign
from tests.cohorts.programme import STAFF, Programme

V1 = "/cohorts/api/v1"


class Caller:
    """A program that calls the API with a bearer token."""

    def __init__(self, programme: Programme, name: str, *roles: str) -> None:
        identity = Identity(programme.person(name), name, frozenset(roles), "s")
        self._token = sign(identity, programme._private_key, programme.clock())
        self._client: FlaskClient = programme.service.web.test_client()

    def __call__(self, method: str, path: str, status: int, json: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self._token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        response = self._client.open(f"{V1}{path}", method=method, json=json, headers=sent)
        assert response.status_code == status, response.text
        if status >= 400:
            assert response.content_type == "application/problem+json"
        self.etag = response.headers.get("ETag", "")
        return response.json if response.data else None


@pytest.fixture
def staff(programme: Programme) -> Caller:
    return Caller(programme, STAFF.name, "staff")


def test_a_repeated_post_invites_once(programme: Programme, staff: Caller) -> None:
    programme.open_round()
    body = {"name": "Ada", "email": "ada@mail.example"}
    path = f"/rounds/{programme.round_id}/panel"
    first = staff("POST", path, 201, body, Idempotency_Key="k1")
    assert staff("POST", path, 201, body, Idempotency_Key="k1") == first
    staff("POST", path, 409, {**body, "capacity": 3}, Idempotency_Key="k1")
    assert len(programme.published(ReviewerInvited)) == 1


def test_an_edit_names_the_version_it_was_made_on(programme: Programme, staff: Caller) -> None:
    programme.open_round()
    path = f"/rounds/{programme.round_id}/plan"
    plan = staff("GET", path, 200)
    etag = staff.etag
    staff("PUT", path, 428, plan)
    staff("PUT", path, 200, {**plan, "places": 9}, If_Match=etag)
    staff("PUT", path, 412, {**plan, "places": 8}, If_Match=etag)
    assert staff("GET", path, 200)["places"] == 9


def test_unknown_and_malformed_fields_are_named(programme: Programme, staff: Caller) -> None:
    programme.fill(3)
    path = f"/rounds/{programme.round_id}/selections"
    problem = staff("POST", path, 422, {"size": "many", "colour": "red"})
    assert set(problem["errors"]) == {"size", "colour"}
    assert set(staff("POST", path, 422, {"size": 50})["errors"]) == {"size"}


def test_choosing_releasing_and_answering(programme: Programme, staff: Caller) -> None:
    programme.fill(8)
    programme.settle(places=3)
    question = {"size": 3, "targets": [{"attribute": "region", "value": "north", "minimum": 2}]}
    run = staff("POST", f"/rounds/{programme.round_id}/selections", 201, question)
    assert run["status"] == "optimal"
    people = staff("GET", f"/selections/{run['id']}/people", 200)["items"]
    assert [p["reference"] for p in people if p["chosen"]] == ["APP-001", "APP-002", "APP-004"]
    respond_by = (programme.clock() + timedelta(days=9)).isoformat()
    stage = {"run_id": run["id"], "waitlist": 2, "respond_by": respond_by}
    release = staff("POST", f"/rounds/{programme.round_id}/release", 201, stage)
    staff("GET", f"/rounds/{programme.round_id}/release", 200)
    etag = staff.etag
    staff("PUT", f"/releases/{release['id']}/released", 428)
    for _ in range(2):
        staff("PUT", f"/releases/{release['id']}/released", 200, If_Match=etag)
    assert len(programme.published(DecisionReleased)) == 8
    own = f"/own-offers/{programme.token(programme.offers()[0])}"
    assert staff("GET", own, 200)["open"]
    assert staff("PUT", f"{own}/answer", 200, {"answer": "accepted"})["state"] == "accepted"
    staff("PUT", f"{own}/answer", 409, {"answer": "declined"})
    offers = staff("GET", f"/rounds/{programme.round_id}/offers", 200)
    assert "nonce" not in offers["items"][0]


def test_pages_of_the_shortlist_follow_each_other(programme: Programme, staff: Caller) -> None:
    programme.fill(5)
    programme.settle()
    path, found, cursor = f"/rounds/{programme.round_id}/shortlist?limit=2", [], ""
    while True:
        page = staff("GET", path + cursor, 200)
        found += [row["reference"] for row in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == [f"APP-{n:03}" for n in range(1, 6)]
    staff("GET", f"{path}&cursor=nonsense", 422)


def test_a_reviewer_writes_by_api_and_two_windows_lose_nothing(programme: Programme) -> None:
    programme.fill(1)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    (id,) = programme.list_of(member)
    ada = Caller(programme, "Ada", "reviewer")
    ada("GET", f"/reviews/{id}", 200)
    etag = ada.etag
    draft = {"scores": {"impact": {"score": 4, "reason": "So"}}}
    ada("PUT", f"/reviews/{id}", 200, draft, If_Match=etag)
    newer = ada.etag
    ada("PUT", f"/reviews/{id}", 412, draft, If_Match=etag)
    assert set(ada("PUT", f"/reviews/{id}/submission", 422, draft, If_Match=newer)["errors"]) == {
        "score-learning", "reason-learning",
    }  # fmt: skip
    whole = {"scores": {c: {"score": 4, "reason": "So"} for c in ("impact", "learning")}}
    assert ada("PUT", f"/reviews/{id}/submission", 200, whole, If_Match=newer)["overall"] == 4.0


def test_a_session_is_scheduled_and_moved(programme: Programme, staff: Caller) -> None:
    programme.fill(3)
    programme.settle(places=2)
    programme.release(2, 0)
    body = {"title": "Circle", "start": "2027-02-04T18:00:00", "minutes": 60, "zone": "Europe/London", "place": "Leeds"}
    path = f"/rounds/{programme.round_id}/sessions"
    session = staff("POST", path, 201, body, Idempotency_Key="s1")
    assert staff("POST", path, 201, body, Idempotency_Key="s1")["id"] == session["id"]
    one = f"/sessions/{session['id']}"
    staff("GET", one, 200)
    moved = staff("PUT", one, 200, {**body, "minutes": 90}, If_Match=staff.etag)
    assert (moved["uid"], moved["calendar_sequence"]) == (session["uid"], 1)
    assert staff("DELETE", one, 200, If_Match=staff.etag)["status"] == "cancelled"
