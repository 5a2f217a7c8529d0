"""Materials of a session by API: a file as multipart is checked by its content, and opened by whoever is invited."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from services.cohorts.domain.material import LARGEST
from services.cohorts.storage.tables import Cohort
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from shared.web.identity import Identity, sign
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture
def address(programme: Programme) -> str:
    """Where files of a session go."""
    programme.fill(3)
    programme.settle(places=2)
    programme.release(2, 0)
    with programme.units.begin() as uow:
        cohort = uow.session.scalars(select(Cohort)).one()
        when = (uow.now).replace(tzinfo=None)
        plan = Plan(title="Evening", start=when.replace(year=2099), minutes=100, zone="UTC", place="Here")
        session = schedule_session(uow, STAFF, cohort.id, plan)
        return f"/cohorts/api/v1/sessions/{session.id}/materials"


@pytest.fixture
def post(programme: Programme) -> Any:
    identity = Identity(programme.person("staff"), "Sam", frozenset({"staff"}), "s")
    headers = {"Authorization": f"Bearer {sign(identity, programme._private_key, programme.clock())}"}
    client: FlaskClient = programme.service.web.test_client()

    def send(address: str, data: bytes, name: str, **about: str) -> Any:
        fields = {"file": (io.BytesIO(data), name), **about}
        return client.post(address, data=fields, headers=headers, content_type="multipart/form-data")

    return send


def test_a_file_is_what_its_content_says(address: str, post: Any) -> None:
    made = post(f"{address}/files", b"%PDF-1.7 words", "../Plan.exe", title="The plan")
    assert made.status_code == 201, made.text
    assert (made.json["filename"], made.json["title"], made.json["size"]) == ("Plan.pdf", "The plan", 14)


def test_a_bad_file_or_none_is_refused_by_name(address: str, post: Any) -> None:
    program = post(f"{address}/files", b"MZ\x90 program", "plan.pdf", title="The plan")
    assert program.status_code == 422 and "file" in program.json["errors"]
    assert post(f"{address}/files", b"words", "plan.txt").status_code == 422
    large = post(f"{address}/files", bytes(LARGEST + 2**20), "plan.pdf", title="The plan")
    assert large.status_code == 413 and large.content_type == "application/problem+json"


def test_the_page_says_that_a_file_is_too_large_where_it_was_chosen(programme: Programme, address: str) -> None:
    client: FlaskClient = programme.service.web.test_client()
    identity = Identity(programme.person("staff"), "Sam", frozenset({"staff"}), "s")
    client.set_cookie("hearth-identity", sign(identity, programme._private_key, programme.clock()))
    page = address.replace("/api/v1/", "/staff/")
    large = {"CONTENT_LENGTH": str(300 * 2**20)}
    answer = client.post(page, content_type="multipart/form-data; boundary=x", environ_overrides=large)
    assert answer.status_code == 413 and "up to 10 MB" in answer.text and 'name="file"' in answer.text
