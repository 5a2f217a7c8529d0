"""A post repeated with its key does its work once, on both databases, however close together the two are."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shared.errors import Conflict
from shared.messaging.tables import idempotency_keys
from tests.shared.web.conftest import MakeSite
from tests.shared.web.site import Site

OTHER = UUID(int=8)
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def either(request: pytest.FixtureRequest, make_site: MakeSite) -> Site:
    """The site on each of the two databases."""
    if request.param == "postgres":
        return make_site(request.getfixturevalue("postgres")())
    return make_site()


def post(site: Site, key: str, name: str = "one", path: str = "things", **who: Any) -> TestResponse:
    headers = {**site.bearer("x", **who), "Idempotency-Key": key}
    return site.client().post(f"/toy/api/v1/{path}", json={"name": name}, headers=headers)


def test_a_repeated_key_repeats_the_answer(either: Site) -> None:
    first, second = post(either, "k1"), post(either, "k1")
    assert first.status_code == second.status_code == 201
    assert first.json == second.json and first.data == second.data
    assert "Idempotency-Replayed" not in first.headers and second.headers["Idempotency-Replayed"] == "true"
    assert either.names() == ["one"]


def test_without_a_key_every_post_does_its_work(site: Site) -> None:
    assert [post(site, key).status_code for key in ("", "  ")] == [201, 201]
    assert site.names() == ["one", "one"]


def test_a_key_is_for_one_request(either: Site) -> None:
    post(either, "k1")
    other = post(either, "k1", name="two")
    assert other.status_code == 409 and other.json["type"] == "urn:hearth:problem:idempotency-key-reused"
    headers = {**either.bearer("x"), "Idempotency-Key": "k1"}
    changed = either.client().post("/toy/api/v1/things?draft=1", json={"name": "one"}, headers=headers)
    assert changed.status_code == 409
    assert either.names() == ["one"]


def test_a_key_is_ones_own_and_belongs_to_an_address(site: Site) -> None:
    post(site, "k1")
    assert post(site, "k1", name="theirs", person=OTHER).status_code == 201
    assert post(site, "k1", name="elsewhere", path="open-things").status_code == 201
    assert site.names() == ["one", "theirs", "elsewhere"]


def test_strangers_do_not_share_their_keys(site: Site) -> None:
    for number in (1, 2):
        browser = site.client()
        token = browser.get("/toy/open").text.split()[1]
        headers = {"X-CSRF-Token": token, "Idempotency-Key": "1"}
        for _ in range(2):
            answer = browser.post("/toy/api/v1/open-things", json={"name": "the same"}, headers=headers)
            assert answer.status_code == 201
        assert len(site.names()) == number


def test_work_that_fails_keeps_nothing_and_may_be_sent_again(either: Site) -> None:
    either.fail = Conflict("Not now.")
    assert post(either, "k1").status_code == 409
    either.fail = RuntimeError("a bug")
    assert post(either, "k1").status_code == 500
    with Session(either.service.units.engine) as session:
        assert session.execute(select(idempotency_keys)).all() == []
    either.fail = None
    assert post(either, "k1").status_code == 201
    assert either.names() == ["one"]


def test_a_refused_request_uses_no_key(site: Site) -> None:
    assert post(site, "k1", name=7).status_code == 422  # type: ignore[arg-type]
    assert post(site, "k1").status_code == 201


def test_long_keys_are_refused_rather_than_cut(site: Site) -> None:
    long = "k" * 200
    assert post(site, long).status_code == 201
    refused = post(site, long + "x")
    assert refused.status_code == 422 and set(refused.json["errors"]) == {"Idempotency-Key"}
    assert site.names() == ["one"]


def test_the_same_key_many_times_at_once_does_its_work_once(either: Site) -> None:
    ready, answers = threading.Barrier(4), []

    def send() -> None:
        ready.wait(timeout=30)
        answers.append(post(either, "k1"))

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(timeout=60)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3
    assert either.names() == ["one"]
