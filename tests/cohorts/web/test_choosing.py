"""Targets, prices, what-if and rates by pages alone, and the same by API."""

import csv
import io
import re
from typing import Any

import pytest

from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme

CLASHING = {"target": ["region=north", "region=london"], "minimum-0": "2", "minimum-1": "2", "size": "3"}


@pytest.fixture
def here(programme: Programme) -> str:
    programme.fill(8)
    programme.settle()
    return f"/cohorts/staff/rounds/{programme.round_id}"


def _api(programme: Programme, here: str, path: str, body: Any = None) -> Any:
    client = programme.client(STAFF.name, "staff")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"{here}/selection").text)
    assert token is not None
    headers = {"X-CSRF-Token": token[1]}
    address = f"/cohorts/api/v1{path}"
    return client.post(address, json=body, headers=headers) if body is not None else client.get(address)


def test_targets_are_checked_by_a_button_and_by_the_script_alike(staff: Browser, here: str) -> None:
    page = staff.post(f"{here}/selection", status=200, do="check", **CLASHING).text
    piece = staff.post(f"{here}/selection", f"{here}/selection/check", status=200, **CLASHING).text
    for text in (page, piece):
        assert "cannot meet them all" in text
        assert "ask for at least 1" in text
    assert 'value="region=north" selected' in page
    assert "<html" not in piece
    half = staff.post(f"{here}/selection", f"{here}/selection/check", status=200, size="3", target="region=north")
    assert "Give a least or a most" in half.text


def test_the_relaxation_is_one_button_away(staff: Browser, here: str) -> None:
    run = staff.post(f"{here}/selection", **CLASHING).headers["Location"]
    assert "Choose again with this change" in staff.get(run)
    page = staff.follow(staff.post(run, f"{run}/relax"))
    assert "nobody can" not in page
    assert "What each target costs" in page
    assert "a gap of 0" in page


def test_shares_combinations_and_importance_are_read_from_the_form(staff: Browser, here: str) -> None:
    fields = {
        "size": "3", "target": ["organisation=*", "region=north"], "maximum-0": "1", "order-0": "2",
        "minimum-1": "50", "unit-1": "percent", "order-1": "1",
    }  # fmt: skip
    page = staff.follow(staff.post(f"{here}/selection", **fields))
    first, second = page.index("at least 2 with Region: The North (50% of 3)"), page.index("with the same organisation")
    assert first < second


def test_saved_targets_fill_the_form_again(staff: Browser, here: str) -> None:
    fields = {"size": "3", "target": ["region=north"], "minimum-0": "2"}
    assert "Give these targets a name" in staff.post(f"{here}/selection", status=422, do="save", **fields).text
    page = staff.follow(staff.post(f"{here}/selection", do="save", name="As last year", **fields))
    assert 'value="region=north" selected' in page
    remove = re.search(r"/cohorts/staff/target-sets/[0-9a-f-]+/remove", page)
    assert remove is not None
    assert (
        "As last year"
        not in staff.follow(staff.post(f"{here}/selection", remove[0])).split("Selections so far")[0][-400:]
    )


def test_two_selections_are_compared_and_go_out_as_files(staff: Browser, here: str) -> None:
    runs = [
        staff.post(f"{here}/selection", size="3", **more).headers["Location"].rpartition("/")[2]
        for more in ({}, {"target": ["region=north"], "minimum-0": "2"})
    ]
    query = f"a={runs[0]}&b={runs[1]}"
    page = staff.get(f"{here}/compare?{query}")
    assert "APP-003" in page
    assert "APP-004" in page
    rows = list(csv.reader(io.StringIO(staff.get(f"{here}/compare/csv?{query}").lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == ["APP-003", "APP-004"]
    book = staff.client.get(f"/cohorts/staff/selections/{runs[1]}/people.xlsx")
    assert book.data[:2] == b"PK"
    assert "attachment" in book.headers["Content-Disposition"]
    staff.get(f"{here}/compare/pdf?{query}", status=404)


def test_rates_keep_small_counts_back_on_the_page_and_in_the_file(staff: Browser, here: str) -> None:
    assert "kept back" in staff.get(f"{here}/impact")
    text = staff.get(f"{here}/impact.csv")
    assert "fewer than 5, or kept back" in text
    assert "nothing to compare yet" in staff.get(f"{here}/impact") or "Wilson" in staff.get(f"{here}/impact")


def test_the_api_checks_relaxes_saves_compares_and_counts(programme: Programme, here: str) -> None:
    round_ = f"/rounds/{programme.round_id}"
    north = {"attribute": "region", "value": "north", "minimum": 2}
    asked = {"size": 3, "targets": [north, {"attribute": "region", "value": "london", "minimum": 2}]}
    checked = _api(programme, here, f"{round_}/selections/check", asked).json
    assert (checked["possible"], len(checked["clash"])) == (False, 2)
    run = _api(programme, here, f"{round_}/selections", asked).json
    assert run["status"] == "infeasible"
    relaxed = _api(programme, here, f"/selections/{run['id']}/relaxed", {}).json
    assert relaxed["status"] == "optimal"
    capped = {"attribute": "organisation", "value": "*", "maximum": 1}
    other = _api(programme, here, f"{round_}/selections", {"size": 3, "targets": [capped]}).json
    found = _api(programme, here, f"/selections/{other['id']}/comparison?with={relaxed['id']}").json
    assert found["both"] + len(found["only_a"]) == 3
    kept = _api(programme, here, f"{round_}/target-sets", {"name": "x", "size": 3, "targets": [north]}).json
    assert [one["id"] for one in _api(programme, here, "/target-sets").json["items"]] == [kept["id"]]
    impact = _api(programme, here, f"{round_}/impact?run={relaxed['id']}").json
    assert impact["stages"][-1] == "Chosen by this selection"
    why = _api(programme, here, f"/selections/{relaxed['id']}/people").json["items"]
    assert {"points", "exact", "rules", "instead"} <= set(why[0])
