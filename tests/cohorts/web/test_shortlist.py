"""The shortlist's pages: ticked, compared, marked after a look, kept as a view, drawn, and taken away as a file."""

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from services.cohorts.storage.tables import RecordEntry
from services.cohorts.web.shortlist_file import defused
from shared.contracts.applications import CaseClosed, CaseOpened
from shared.ids import new_id
from shared.web.identity import Identity, sign
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture
def staff(programme: Programme) -> FlaskClient:
    """Somebody on the staff, and five applications, one from an organisation with a dangerous name."""
    programme.open_round()
    programme.settle()
    names = ["=HYPERLINK(1)", "+44", "The Kettle Club", "O'Brien-Ñuñez & محمد", "@home"]
    for number, name in enumerate(names, start=1):
        programme.apply(number, score=100.0 - number, organisation=name)
    return programme.client("Sam Staff", "staff")


def _at(programme: Programme, rest: str = "") -> str:
    return f"/cohorts/staff/rounds/{programme.round_id}/shortlist{rest}"


def _token(client: FlaskClient, address: str) -> str:
    return client.get(address).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_ticked_applications_are_compared_line_by_line(programme: Programme, staff: FlaskClient) -> None:
    one, other = programme.applications[:2]
    page = staff.get(_at(programme, f"/compare?id={one}&id={other}&sort=priority")).text
    assert "APP-001" in page
    assert "APP-002" in page
    assert "Points: Everything" in page
    assert "sort=priority" in page
    alone = staff.get(_at(programme, f"/compare?id={one}&id=none"))
    assert alone.status_code == 422
    assert "You ticked 1" in alone.text


def test_a_mark_is_looked_at_confirmed_recorded_and_taken_back(programme: Programme, staff: FlaskClient) -> None:
    ids = programme.applications[:2]
    query = "&".join(f"id={id}" for id in ids) + "&kind=note&text_of_mark=Ask+about+dates"
    look = staff.get(_at(programme, f"/marks?{query}"))
    assert "Ask about dates" in look.text
    assert "2 applications" in look.text
    assert "Note" not in staff.get(_at(programme)).text.partition("<table")[2]
    token = re.findall(r'name="csrf_token" value="([^"]+)"', look.text)[-1]
    sent = {"csrf_token": token, "id": ids, "kind": "note", "text_of_mark": "Ask about dates", "query": "sort=priority"}
    assert staff.post(_at(programme, "/marks"), data=sent).location == _at(programme, "?sort=priority")
    marked = staff.get(_at(programme, "?marked=yes")).text
    assert "<strong>2</strong> applications" in marked
    file = staff.get(f"/cohorts/staff/applications/{ids[0]}").text
    action = re.findall(r'action="(/cohorts/staff/marks/[^"]+)"', file)[0]
    assert staff.post(action, data={"csrf_token": token}).status_code == 303
    assert staff.post(action, data={"csrf_token": token}).status_code == 409
    assert "<strong>1</strong> application," in staff.get(_at(programme, "?marked=yes")).text
    with programme.units.begin(write=False) as uow:
        actions = [row.action for row in uow.session.query(RecordEntry).order_by(RecordEntry.position)]
    assert actions[-2:] == ["shortlist_note_put", "shortlist_note_taken_back"]


@pytest.mark.parametrize(("outcome", "said"), [("upheld", "Review request upheld"), ("not_upheld", "")])
def test_staff_see_that_a_decision_is_looked_at_again(
    programme: Programme, staff: FlaskClient, outcome: str, said: str
) -> None:
    about = programme.applications[1]
    case: dict[str, Any] = {
        "case_id": new_id(), "kind": "review", "reference": "CASE-1", "round_id": programme.round_id,
        "person_id": new_id(), "application_id": about, "link": "",
    }  # fmt: skip
    programme.hear(CaseOpened(**case, round_title="", respond_by=programme.clock(), zone="UTC"))
    listed = staff.get(_at(programme, "?contested=yes")).text
    assert "<strong>1</strong> application," in listed
    assert "Review request open" in listed
    assert "Review request open" in staff.get(f"/cohorts/staff/applications/{about}").text
    programme.hear(CaseClosed(**case, outcome=outcome, letter="We looked again."))
    for page in (_at(programme), f"/cohorts/staff/applications/{about}", _at(programme, ".csv")):
        assert "review request open" not in staff.get(page).text.lower()
    assert said in staff.get(_at(programme)).text
    count = "<strong>1</strong> application," if said else "<strong>0</strong> applications,"
    assert count in staff.get(_at(programme, "?contested=yes")).text


@pytest.mark.parametrize(
    "query", ["kind=note&text_of_mark=x", "id={id}&kind=other&text_of_mark=x", "id={id}&kind=flag"]
)
def test_a_mark_on_nothing_or_without_words_is_refused(programme: Programme, staff: FlaskClient, query: str) -> None:
    assert staff.get(_at(programme, "/marks?" + query.format(id=programme.applications[0]))).status_code == 422


def test_a_view_is_kept_shared_and_forgotten_by_its_owner(programme: Programme, staff: FlaskClient) -> None:
    token = _token(staff, _at(programme))
    kept = {"csrf_token": token, "name": "My list", "query": "attribute-region=north", "shared": "yes"}
    assert staff.post(_at(programme, "/views"), data=kept).status_code == 303
    assert staff.post(_at(programme, "/views"), data={**kept, "name": " "}).status_code == 422
    colleague = programme.client("Rhiannon", "staff")
    page = colleague.get(_at(programme)).text
    assert "My list" in page
    assert "?attribute-region=north" in page
    action = re.findall(r'action="(/cohorts/staff/views/[^"]+)"', staff.get(_at(programme)).text)[0]
    theirs = {"csrf_token": _token(colleague, _at(programme))}
    assert colleague.post(action, data=theirs).status_code == 404
    assert staff.post(action, data={"csrf_token": token}).status_code == 303
    assert "My list" not in staff.get(_at(programme)).text


def test_files_hold_what_the_filters_leave_and_no_formula(programme: Programme, staff: FlaskClient) -> None:
    answer = staff.get(_at(programme, "/file?attribute-region=london&sort=reference"))
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["reference"] for row in rows] == ["APP-001", "APP-003", "APP-005"]
    assert rows[0]["organisation"] == "'=HYPERLINK(1)"
    assert rows[2]["organisation"] == "'@home"
    assert rows[0]["region"] == "London"
    book = load_workbook(io.BytesIO(staff.get(_at(programme, "/file?format=xlsx&sort=reference")).data))
    cells = [(row[2].value, row[2].data_type) for row in book.active.iter_rows(min_row=2)]
    assert cells[0] == ("=HYPERLINK(1)", "s")
    assert cells[3] == ("O'Brien-Ñuñez & محمد", "s")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert str(defused(text)).startswith("'")
    assert defused(-1.5) == -1.5
    assert defused("a=1") == "a=1"


def test_pictures_count_what_the_filters_leave(programme: Programme, staff: FlaskClient) -> None:
    page = staff.get(_at(programme, "/pictures?attribute-region=london")).text
    assert "3 applications that fit the filters" in page
    assert "Priority score" in page
    assert "Region: how many" in page
    assert "<svg" in page
    empty = staff.get(_at(programme, "/pictures?text=nobody"))
    assert "No scores yet" in empty.text


def test_the_api_says_the_same(programme: Programme, staff: FlaskClient) -> None:
    api = f"/cohorts/api/v1/rounds/{programme.round_id}/shortlist"
    body = {"applications": [str(programme.applications[0])], "kind": "flag", "text": "Look again"}
    identity = Identity(programme.person(STAFF.name), STAFF.name, frozenset({"staff"}), "s")
    headers = {"Authorization": f"Bearer {sign(identity, programme._private_key, programme.clock())}"}
    put = programme.service.web.test_client().post(f"{api}/marks", json=body, headers=headers)
    assert put.status_code == 201, put.text
    found = staff.get(f"{api}?marked=true").json
    assert [row["reference"] for row in found["items"]] == ["APP-001"]
    assert found["items"][0]["marks"][0]["text"] == "Look again"
    assert staff.get(f"{api}?least_priority=98").json["items"][-1]["reference"] == "APP-002"
