"""Attendance: by staff, by code, from a list; and what it comes to."""

from datetime import datetime, timedelta

import pytest

from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.keep_attendance import check_in, mark_attendance, open_check_in
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.use_cases.share_materials import open_material, share_material
from services.cohorts.use_cases.take_in_attendance import sum_attendance, take_in_list
from shared.errors import Conflict, Invalid, NotFound
from tests.cohorts.programme import STAFF, Programme

START = datetime.fromisoformat("2027-02-02T18:30:00+00:00")


@pytest.fixture
def evening(programme: Programme) -> tuple[Programme, object, list[object]]:
    """A session of two participants, which has just begun."""
    programme.fill(3)
    programme.settle(places=2)
    programme.release(2, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    with programme.units.begin() as uow:
        cohort = uow.cohorts.of_round(programme.round_id)
        assert cohort is not None
        plan = Plan(
            title="Evening", start=datetime(2027, 2, 2, 18, 30), minutes=100, zone="Europe/London", place="Here"
        )
        session = schedule_session(uow, STAFF, cohort.id, plan).id
        people = [participant.person_id for participant, _ in uow.cohorts.participants(cohort.id)]
    return programme, session, people


def states(programme: Programme, session: object) -> dict[object, tuple[str, str, int | None]]:
    with programme.units.begin(write=False) as uow:
        rows = uow.attendances.of_session(session)  # type: ignore[arg-type]
        return {person: (row.state, row.source, row.minutes) for person, row in rows.items()}


def test_nobody_was_there_before_it_began(evening: tuple[Programme, object, list[object]]) -> None:
    programme, session, people = evening
    with pytest.raises(Conflict, match="has not begun"):
        programme.do(mark_attendance, STAFF, session, {people[0]: "present"})
    code = programme.do(open_check_in, session)
    with pytest.raises(Conflict):
        programme.do(check_in, people[0], session, code)


def test_a_code_says_that_somebody_is_here_and_staff_have_the_last_word(
    evening: tuple[Programme, object, list[object]],
) -> None:
    programme, session, people = evening
    programme.clock.set(START - timedelta(minutes=10))
    code = programme.do(open_check_in, session)
    with pytest.raises(Invalid):
        programme.do(check_in, people[0], session, "AAAAAA")
    with pytest.raises(NotFound):
        programme.do(check_in, programme.person("A stranger"), session, code)
    programme.do(check_in, people[0], session, f" {code[:3].lower()}-{code[3:]} ")
    assert states(programme, session) == {people[0]: ("present", "code", None)}
    assert programme.do(mark_attendance, STAFF, session, {people[0]: "part", people[1]: ""}) == 1
    programme.do(check_in, people[0], session, code)
    assert states(programme, session)[people[0]][:2] == ("part", "staff")
    programme.do(mark_attendance, STAFF, session, {people[0]: ""})
    assert states(programme, session) == {}
    programme.do(open_check_in, session)
    with pytest.raises(Invalid):
        programme.do(check_in, people[0], session, code)
    programme.clock.set(START + timedelta(minutes=161))
    with pytest.raises(Conflict):
        programme.do(check_in, people[0], session, code)


def test_a_list_fills_in_what_staff_have_not_said(evening: tuple[Programme, object, list[object]]) -> None:
    programme, session, people = evening
    programme.clock.set(START + timedelta(minutes=100))
    programme.do(mark_attendance, STAFF, session, {people[0]: "excused"})
    with programme.units.begin(write=False) as uow:
        emails = [uow.people.find(person).email for person in people]  # type: ignore[union-attr,arg-type]
    text = f"email,minutes\n{emails[0]},90\n{emails[1]},40\nnobody@mail.example,5\n"
    reading = programme.do(take_in_list, STAFF, session, text)
    assert [problem.line for problem in reading.problems] == [4]
    assert states(programme, session) == {people[0]: ("excused", "staff", None), people[1]: ("part", "file", 40)}
    with programme.units.begin(write=False) as uow:
        cohort = uow.cohorts.of_round(programme.round_id)
        assert cohort is not None
        sums = {row.person_id: (row.expected, row.attended, row.excused) for row in sum_attendance(uow, cohort.id)}
    assert sums == {people[0]: (1, 0, 1), people[1]: (1, 1, 0)}


def test_strange_answers_are_refused(evening: tuple[Programme, object, list[object]]) -> None:
    programme, session, people = evening
    programme.clock.set(START)
    with pytest.raises(Invalid):
        programme.do(mark_attendance, STAFF, session, {people[0]: "maybe"})
    with pytest.raises(NotFound):
        programme.do(mark_attendance, STAFF, session, {programme.person("A stranger"): "present"})


def test_materials_are_for_the_invited_from_their_time_on(evening: tuple[Programme, object, list[object]]) -> None:
    programme, session, people = evening
    later = START + timedelta(hours=3)
    row = programme.do(
        share_material, STAFF, session, title="Slides", file=("slides.pdf", b"%PDF-1.7"), release_at=later
    )
    with pytest.raises(NotFound):
        programme.do(open_material, people[0], row.id)
    assert programme.do(open_material, None, row.id, staff=True)[1] == b"%PDF-1.7"
    programme.clock.set(later)
    assert programme.do(open_material, people[0], row.id)[0].filename == "slides.pdf"
    with pytest.raises(NotFound):
        programme.do(open_material, programme.person("A stranger"), row.id)
    for wrong in ({"title": "x"}, {"title": "", "link": "https://a.example"}, {"title": "x", "link": "javascript:1"}):
        with pytest.raises(Invalid):
            programme.do(share_material, STAFF, session, **wrong)
