"""Staff write, look, publish, compare and bring back, on pages and by the API."""

import html
import re

from flask.testing import FlaskClient

from tests.notifications.postbox import Postbox
from tests.notifications.web.conftest import Browser

HERE = "/notifications/staff/templates/application_received/en"
API = "/notifications/api/v1/templates/application_received/en"
MINE = {
    "subject": "We have it",
    "preheader": "",
    "body": "Dear {{name}},\n\nyour number is {{reference}}.\n\n{{status_url}}",
}


def shown(staff: FlaskClient, path: str) -> str:
    answer = staff.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def post(staff: FlaskClient, page: str, path: str, **values: str) -> tuple[int, str]:
    answer = staff.post(path, data={"csrf_token": hidden(page, "csrf_token"), **values})
    return answer.status_code, answer.get_data(as_text=True)


def keep(staff: FlaskClient, **changes: str) -> tuple[int, str]:
    page = shown(staff, f"{HERE}/edit")
    return post(staff, page, f"{HERE}/edit", revision=hidden(page, "revision"), **{**MINE, **changes})


def publish(staff: FlaskClient, note: str = "Shorter") -> tuple[int, str]:
    page = shown(staff, f"{HERE}/draft")
    seen = {name: hidden(page, name) for name in ("revision", "over")}
    return post(staff, page, f"{HERE}/draft/publish", note=note, **seen)


def test_from_the_shipped_text_to_a_version_and_back(browser: Browser) -> None:
    staff = browser("staff")
    assert "This is the text that Hearth ships" in shown(staff, HERE)
    assert keep(staff)[0] == 303
    looked = shown(staff, f"{HERE}/draft")
    assert "We have it" in looked and "Taken out" in looked and "Put in" in looked
    assert "your number is" in shown(staff, f"{HERE}/draft/html")
    status, page = publish(staff, note="")
    assert status == 422 and "in a few words" in page
    assert publish(staff)[0] == 303
    assert "version 1" in shown(staff, HERE)
    assert "your number is" in shown(staff, f"{HERE}/html")
    assert shown(staff, f"{HERE}/html") == shown(staff, f"{HERE}/versions/1/html")
    assert keep(staff, subject="Got it")[0] == 303
    assert publish(staff, "Warmer")[0] == 303
    versions = shown(staff, f"{HERE}/versions")
    assert "Warmer" in versions and "Shorter" in versions
    assert "1 of 6 lines differ" in shown(staff, f"{HERE}/versions?from=1&to=2")
    assert post(staff, versions, f"{HERE}/versions/1/restore", over="1")[0] == 303
    assert "published another version meanwhile" in shown(staff, f"{HERE}/versions")
    assert post(staff, versions, f"{HERE}/versions/1/restore", over="2")[0] == 303
    assert "version 3" in shown(staff, HERE) and "We have it" in shown(staff, HERE)
    assert post(staff, versions, f"{HERE}/versions/0/restore", over="3")[0] == 303
    assert "This is the text that Hearth ships" in shown(staff, HERE)


def test_a_wrong_text_is_kept_with_what_is_wrong(browser: Browser) -> None:
    staff = browser("staff")
    status, page = keep(staff, body="Hello {{nam}}\n\n<b>x</b>")
    assert status == 422
    assert "Line 1: {{nam}} is not known" in html.unescape(page) and "Hello {{nam}}" in page
    again = html.unescape(shown(staff, f"{HERE}/edit"))
    assert "Line 3: HTML is not used here" in again and "Hello {{nam}}" in again
    assert staff.get(f"{HERE}/draft").status_code == 303  # back to the form


def test_the_later_save_does_not_overwrite(browser: Browser) -> None:
    ana, ben = browser("staff"), browser("staff")
    page = shown(ben, f"{HERE}/edit")
    assert keep(ana, subject="Ana wrote this")[0] == 303
    status, answer = post(ben, page, f"{HERE}/edit", revision=hidden(page, "revision"), **{**MINE, "subject": "Ben’s"})
    assert status == 409
    assert "Ana" in answer and 'value="Ben’s"' in answer and "Somebody else changed this text" in answer
    assert 'value="Ana wrote this"' in shown(ana, f"{HERE}/edit")
    # Having seen both, he may put his in place.
    assert post(ben, answer, f"{HERE}/edit", revision=hidden(answer, "revision"), **MINE)[0] == 303


def test_by_the_api(browser: Browser) -> None:
    staff = browser("staff")
    token = {"X-CSRF-Token": hidden(shown(staff, f"{HERE}/edit"), "csrf_token")}
    first = staff.get(API)
    assert first.json is not None and first.json["number"] == 0 and first.json["shipped"]
    assert staff.put(API, json={**MINE, "note": "Shorter"}, headers=token).status_code == 428
    tag = {**token, "If-Match": first.headers["ETag"]}
    wrong = staff.put(API, json={**MINE, "subject": "{{x}}", "note": "Shorter"}, headers=tag)
    assert wrong.status_code == 422 and "{{x}} is not known" in wrong.get_data(as_text=True)
    looked = staff.post(f"{API}/look", json=MINE, headers=token)
    assert looked.json is not None and looked.json["subject"] == "We have it"
    made = staff.put(API, json={**MINE, "note": "Shorter"}, headers=tag)
    assert made.json is not None and made.json["number"] == 1
    assert staff.put(API, json={**MINE, "note": "Late"}, headers=tag).status_code == 412
    both = staff.get(f"{API}/comparison?from=0&to=1")
    assert both.json is not None and any(row["differs"] for row in both.json)
    back = staff.post(f"{API}/versions/0/restoration", headers={**token, "If-Match": '"1"'})
    assert back.json is not None and (back.json["number"], back.json["hash"]) == (2, None)
    assert [row["number"] for row in staff.get(f"{API}/versions").json or ()] == [2, 1]
    assert len(staff.get("/notifications/api/v1/templates").json or ()) > 60


def test_the_gallery_has_every_template_and_marks_drafts(one_postbox: Postbox, browser: Browser) -> None:
    staff = browser("staff")
    page = shown(staff, "/notifications/staff/templates/gallery")
    frames = re.findall(r'<iframe[^>]*src="([^"]+)"[^>]*loading="lazy"', page)
    with one_postbox.units.begin(write=False) as uow:
        count = sum(len(uow.templates.languages(kind)) for kind in {path.split("/")[4] for path in frames})
    assert len(frames) == len(set(frames)) == count
    assert page.count("Draft by machine") == sum("/en/" not in path for path in frames) > 60
    welsh = shown(staff, "/notifications/staff/templates/gallery?language=cy")
    assert {path.split("/")[5] for path in re.findall(r'src="(/notifications/[^"]+)"', welsh)} == {"cy"}
