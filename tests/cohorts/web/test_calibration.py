"""Calibration by page and by API: the same figures, and a refusal that says what to do."""

from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme
from tests.cohorts.use_cases.test_calibrate_reviews import read_everything


def test_staff_calibrate_and_see_leniency_as_picture_and_table(programme: Programme, staff: Browser) -> None:
    read_everything(programme)
    address = f"/cohorts/staff/rounds/{programme.round_id}/calibration"
    assert "Nothing is calibrated yet" in staff.get(address)
    page = staff.follow(staff.post(address))
    assert "taken out in full" in page
    assert '<svg role="img"' in page
    assert page.index("Ada") < page.index("Cleo")
    for figure in ("+1.00", "-1.00", "APP-001"):
        assert figure in page
    assert "Reviews have changed since" not in page


def test_the_api_says_the_same(programme: Programme) -> None:
    read_everything(programme)
    client = programme.client(STAFF.name, "staff")
    path = f"/cohorts/api/v1/rounds/{programme.round_id}/calibration"
    assert client.get(path).json["method"] == "none"
    page = Browser(client).get(f"/cohorts/staff/rounds/{programme.round_id}/calibration")
    token = {"X-CSRF-Token": page.split('csrf_token" value="')[1].split('"')[0]}
    made = client.post(path, headers=token)
    assert made.status_code == 201
    assert [(one["name"], one["leniency"]) for one in made.json["reviewers"]] == [
        ("Ada", 1.0), ("Ben", 0.0), ("Cleo", -1.0),
    ]  # fmt: skip
    scores = client.get(f"{path}/scores").json["items"]
    assert len(scores) == 10
    assert scores[0].keys() == {
        "application_id", "reference", "raw", "adjusted", "standard_error", "n", "raw_place", "place",
    }  # fmt: skip


def test_refused_for_islands_says_who_has_read_nothing_in_common(programme: Programme, staff: Browser) -> None:
    programme.fill(2)
    programme.settle()
    for name in ("Ada", "Ben"):
        programme.reviewer(name)
    programme.assign()
    with programme.units.begin(write=False) as uow:
        names = {m.id: m.name for m in uow.panels.of_round(programme.round_id)}
        pairs = [(names[a.panel_member_id], a.id) for a in uow.assignments.current(programme.round_id)]
    for name, assignment in pairs:
        programme.review(name, assignment, 3)
    address = f"/cohorts/staff/rounds/{programme.round_id}/calibration"
    page = staff.follow(staff.post(address))
    assert "have read nothing in common" in page
    assert "<li>Ada</li>" in page
    assert "<li>Ben</li>" in page
