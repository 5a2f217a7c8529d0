"""One table from errors to answers: as a problem document for programs, as a page for people; never with details."""

import json
import logging

import pytest

from shared.web import access, errors
from tests.shared.web.site import Site

EXPECTED = {
    "Invalid": 422,
    "NotSignedIn": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "Conflict": 409,
    "Stale": 412,
    "PreconditionRequired": 428,
    "Gone": 410,
    "TooMany": 429,
    "Unavailable": 503,
    "NotYet": 503,
    "HearthError": 400,
}


@pytest.mark.parametrize(("kind", "status"), EXPECTED.items())
def test_every_kind_has_its_status(site: Site, kind: str, status: int) -> None:
    answer = site.client().get(f"/toy/fails/{kind}")
    assert answer.status_code == status and answer.mimetype == "text/html"
    assert "<h1" in answer.text and "Go to the front page" in answer.text


def test_the_table_is_whole() -> None:
    assert {cls.__name__ for cls in errors.STATUS} == set(EXPECTED)


def test_too_many_says_when_to_come_back(site: Site) -> None:
    assert site.client().get("/toy/fails/TooMany").headers["Retry-After"] == "90"


def test_a_program_gets_a_problem_document(site: Site) -> None:
    answer = site.client().post("/toy/api/v1/things", json={"colour": "red"}, headers=site.bearer("x"))
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    problem = answer.json
    assert set(problem["errors"]) == {"name", "colour"}
    assert problem["type"] == "urn:hearth:problem:invalid" and problem["status"] == 422 and problem["title"]


def test_only_the_apis_addresses_answer_programs(site: Site) -> None:
    def kind(path: str) -> str:
        return site.client().get(path).mimetype

    assert kind("/toy/api/v1/nothing") == "application/problem+json"
    assert kind("/nothing/of/api/here") == kind("/api/") == "text/html"
    with site.service.web.test_request_context("/toy/api/v1"):
        assert access.is_api()


def test_what_nobody_expected_tells_nothing(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    answer = site.client().get("/toy/boom", headers={"X-Correlation-ID": "my-number-1"})
    assert answer.status_code == 500
    assert "my-number-1" in answer.text
    for word in ("noor@example.org", "RuntimeError", "Traceback", "site.py"):
        assert word not in answer.text
    assert any(record.exc_info for record in caplog.records)


def test_a_database_that_is_away_is_said_to_be_so(site: Site) -> None:
    answer = site.client().get("/toy/away")
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "30"
    assert "10.0.0.7" not in answer.text


def test_an_error_page_needs_no_layout(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("the layout is broken")

    monkeypatch.setattr(errors, "render_template", broken)
    answer = site.client().get("/toy/boom")
    assert answer.status_code == 500 and "<h1>Something went wrong on our side</h1>" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_head_of_an_error_has_no_body(site: Site) -> None:
    answer = site.client().head("/toy/nothing")
    assert answer.status_code == 404 and answer.data == b""


def test_too_much_is_413_as_a_page_and_as_a_problem(site: Site) -> None:
    body = json.dumps({"name": "x" * (2 * 1024 * 1024)})
    headers = {**site.bearer("x"), "Content-Type": "application/json"}
    problem = site.client().post("/toy/api/v1/things", data=body, headers=headers)
    assert (problem.status_code, problem.content_type) == (413, "application/problem+json")
    assert site.names() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"na\\u0000me": "x"}', 422),
        (b'{"name": "x", "size": NaN}', 422),
        (b'{"name": "x", "size": 1e999}', 422),
        (b'{"name": "x", "size": 92233720368547758080}', 422),
        (b"[" * 200_000, 422),
        (b'{"name": ' + b"[" * 200_000, 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b'{"name": ' + b"1" * 5000 + b"}", 422),
    ],
)
def test_json_that_nobody_can_keep(site: Site, body: bytes, status: int) -> None:
    headers = {**site.bearer("x"), "Content-Type": "application/json"}
    answer = site.client().post("/toy/api/v1/things", data=body, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert site.names() == []


def test_text_of_every_script_is_kept(site: Site) -> None:
    name = "Zoë 🦊 محمد \\u0000 \t"
    answer = site.client().post("/toy/api/v1/things", json={"name": name}, headers=site.bearer("x"))
    assert answer.status_code == 201 and site.names() == [name]


def test_parameters_and_paths_that_nobody_can_keep(site: Site) -> None:
    browser = site.client()
    assert browser.get("/toy/open?q=a%00b").status_code == 422
    assert browser.get("/toy/open?a%00b=q").status_code == 422
    assert browser.get("/toy/fails/a%00b").status_code == 404
    assert browser.get("/toy/nothing%00").status_code == 404


def test_errors_of_our_own_are_not_logged_as_surprises(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    site.client().get("/toy/fails/Invalid")
    assert caplog.records == []
