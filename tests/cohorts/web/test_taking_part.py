"""A participant signs up, subscribes, reads the welcome pack; staff keep the directory: by pages alone."""

import io
import re
from datetime import timedelta

import pytest

from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from tests.cohorts.browser import Browser
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture
def cohort(programme: Programme) -> Programme:
    programme.fill(3)
    programme.settle(places=2)
    programme.release(2, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    return programme


@pytest.fixture
def participant(cohort: Programme) -> Browser:
    return Browser(cohort.client("Applicant 1"))


@pytest.fixture
def staff(cohort: Programme) -> Browser:
    """Without a context of its own: several people's browsers are open at once."""
    return Browser(cohort.client(STAFF.name, "staff"))


def _session(programme: Programme, **changes: object) -> str:
    with programme.units.begin() as uow:
        cohort = uow.cohorts.of_round(programme.round_id)
        assert cohort is not None
        start = (programme.clock() + timedelta(days=3)).replace(tzinfo=None, microsecond=0)
        wanted = {"title": "An evening", "start": start, "minutes": 60, "zone": "Europe/London", "place": "Here"}
        return str(schedule_session(uow, STAFF, cohort.id, Plan(**{**wanted, **changes})).id)  # type: ignore[arg-type]


def test_signing_up_and_giving_up(cohort: Programme, participant: Browser) -> None:
    session = _session(cohort, joining="sign_up", capacity=1)
    assert "1 place is free" in participant.get("/cohorts/my")
    participant.post("/cohorts/my", f"/cohorts/my/sessions/{session}/place")
    assert "I cannot come after all" in participant.get("/cohorts/my")
    other = Browser(cohort.client("Applicant 2"))
    assert "It is full" in other.get("/cohorts/my")
    other.post("/cohorts/my", f"/cohorts/my/sessions/{session}/place")
    assert "You are on the waiting list" in other.get("/cohorts/my")
    participant.post("/cohorts/my", f"/cohorts/my/sessions/{session}/place/give-up")
    assert "I cannot come after all" in other.get("/cohorts/my")


def test_a_private_address_works_until_it_is_ended(cohort: Programme, participant: Browser) -> None:
    _session(cohort, title="Open evening")
    page = "/cohorts/my/calendar"
    assert "Open evening" in participant.get(page)
    participant.post(page, f"{page}/address")
    found = re.search(r'value="http://localhost:8002(/cohorts/calendar/[^"]+\.ics)"', participant.get(page))
    assert found
    anybody = Browser(cohort.service.web.test_client())
    assert "SUMMARY:Open evening" in anybody.get(found[1])
    participant.post(page, f"{page}/address")
    anybody.get(found[1], status=404)
    again = re.search(r"/cohorts/calendar/[^\"]+\.ics", participant.get(page))
    assert again
    participant.post(page, f"{page}/address/end")
    anybody.get(again[0], status=404)
    anybody.get("/cohorts/calendar/nonsense.ics", status=404)
    assert "2027" in participant.get(f"{page}?month=nonsense")


def test_the_welcome_pack_is_read_in_ones_language(cohort: Programme, participant: Browser, staff: Browser) -> None:
    page = f"/cohorts/staff/rounds/{cohort.round_id}/welcome"
    assert "Write between" in staff.post(page, status=422, language="en", body=" ", do="keep").text
    staff.post(page, language="en", body="# Hello\n\n<script>1</script> [here](https://help.example)", do="keep")
    assert "Welcome pack" not in participant.get("/cohorts/my")
    revision = re.search(r'name="revision" value="(\d+)"', staff.get(page))
    assert revision
    staff.post(page, language="en", body="# Hello\n\n[bad](javascript:1)", do="publish", revision=revision[1])
    staff.post(f"{page}?language=ar", page, language="ar", body="# أهلا", do="publish")
    mine = re.search(r"/cohorts/my/welcome/[0-9a-f-]+", participant.get("/cohorts/my"))
    assert mine
    assert "<h2>أهلا</h2>" in participant.get(f"{mine[0]}?language=ar")
    english = participant.get(f"{mine[0]}?language=cy")
    assert "<h2>Hello</h2>" in english
    assert 'href="javascript:' not in english
    read = re.search(r'action="(/cohorts/my/welcome/[0-9a-f-]+/read)"', english)
    assert read
    participant.post(mine[0], read[1])
    assert "Version 1" in staff.get(page)
    assert "Please read what" not in participant.get("/cohorts/my")


def test_the_directory_is_kept_and_seen(cohort: Programme, staff: Browser) -> None:
    here = "/cohorts/staff/directory"
    entry = {"title": "Night line", "topic": "Housing", "phone": "0800 1", "owner_name": "Sam"}
    day = {"review_on-day": "1", "review_on-month": "6", "review_on-year": "2027"}
    wrong = staff.post(f"{here}/new", status=422, title="Night line", link="javascript:1", **day).text
    assert "Say who keeps it" in wrong
    assert "begins with https://" in wrong
    assert 'value="Night line"' in wrong
    staff.post(f"{here}/new", **entry, **day)
    public = cohort.service.web.test_client().get("/cohorts/directory").text
    assert "Night line" in public
    assert "Sam" not in public
    cohort.clock.advance(timedelta(days=200))
    later = Browser(cohort.client(STAFF.name, "staff"))
    assert "due to be looked at" in later.get(here)
    right = re.search(rf'action="({here}/[0-9a-f-]+/right)"', later.get(here))
    assert right
    later.post(here, right[1], revision="1")
    assert "due to be looked at" not in later.get(here)


def test_the_directory_goes_out_as_a_table_and_comes_back(cohort: Programme, staff: Browser) -> None:
    here = "/cohorts/staff/directory"
    text = "title,topic,owner_name,phone,link\nNight line,Housing,Sam,0800 1,\nBad,Housing,Sam,,javascript:1\n"
    looked = staff.post(here, f"{here}/table", status=200, file=(io.BytesIO(text.encode()), "table.csv")).text
    assert "New: Night line" in looked
    assert "Line 3: link: Write a web address" in looked
    assert "No entries yet" in staff.get(here)
    staff.post(here, f"{here}/table", text=text, keep="yes")
    assert "Night line,,Housing,,0800 1,,,Sam,2027-07-12" in staff.get(f"{here}/table.csv")
    refused = staff.post(here, f"{here}/table", status=422, file=(io.BytesIO(b"nothing"), "table.csv")).text
    assert "a line of headings" in refused
    staff.get(f"{here}/table.pdf", status=404)


def test_attendance_by_page(cohort: Programme, staff: Browser) -> None:
    session = _session(cohort)
    page = f"/cohorts/staff/sessions/{session}/attendance"
    early = staff.post(page, status=409, **{f"state-{cohort.person('Applicant 1')}": "present"}).text
    assert "has not begun" in early
    cohort.clock.advance(timedelta(days=3))
    now, me = Browser(cohort.client(STAFF.name, "staff")), Browser(cohort.client("Applicant 1"))
    now.post(page, f"/cohorts/staff/sessions/{session}/code")
    code = re.search(r'<bdi dir="ltr">([A-Z]{6})</bdi>', now.get(page))
    assert code
    refused = me.post("/cohorts/my", f"/cohorts/my/sessions/{session}/here", status=422, code="nope").text
    assert "This is not the code" in refused
    me.post("/cohorts/my", f"/cohorts/my/sessions/{session}/here", code=code[1])
    assert "You were there" in me.get("/cohorts/my")
    listed = io.BytesIO(b"email,minutes\napplicant.2@mail.example,55\nx@y.example,3\n")
    looked = now.post(page, f"{page}/list", status=200, file=(listed, "list.csv")).text
    assert "1 people found" in looked
    assert "Line 3" in looked
    now.post(page, f"{page}/list", text="email,minutes\napplicant.2@mail.example,55\n", keep="yes")
    assert "100%" in now.get(f"/cohorts/staff/rounds/{cohort.round_id}/attendance")
    assert "applicant.2@mail.example,1,1,0" in now.get(f"/cohorts/staff/rounds/{cohort.round_id}/attendance.csv")
