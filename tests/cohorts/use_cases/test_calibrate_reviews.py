"""Calibrating a round: kept, refused with a reason, refreshed at closing, read beside the raw scores."""

from datetime import timedelta

import pytest

from services.cohorts.use_cases.calibrate_reviews import CLOSING, calibrate_reviews
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.see_calibration import CalibrationView, see_calibration
from shared.errors import Conflict
from tests.cohorts.programme import STAFF, Programme

LENIENCY = {"Ada": 1, "Ben": 0, "Cleo": -1}


def read_everything(programme: Programme, count: int = 10, leniency: dict[str, int] = LENIENCY) -> None:
    """Three people read all of it; each scores 2, 3 or 4 by the application, and their leniency on top."""
    programme.fill(count)
    programme.settle(reviews_per_application=len(leniency))
    members = {name: programme.reviewer(name) for name in leniency}
    programme.assign()
    with programme.units.begin(write=False) as uow:
        pairs = [(a.id, a.application_id, a.panel_member_id) for a in uow.assignments.current(programme.round_id)]
    by_member = {member.id: name for name, member in members.items()}
    for assignment, application, member in pairs:
        name = by_member[member]
        programme.review(name, assignment, 2 + programme.applications.index(application) % 3 + leniency[name])


def seen(programme: Programme) -> CalibrationView:
    with programme.units.begin(write=False) as uow:
        return see_calibration(uow, programme.round_id)


def test_leniency_is_found_by_name_and_taken_out(programme: Programme) -> None:
    read_everything(programme)
    run = programme.do(calibrate_reviews, STAFF, programme.round_id)
    view = seen(programme)
    assert (run.method, run.cause, run.by_name, run.reviews) == ("full", "asked", STAFF.name, 30)
    assert [(one.name, one.leniency, one.n) for one in view.reviewers] == [
        ("Ada", 1.0, 10), ("Ben", 0.0, 10), ("Cleo", -1.0, 10),
    ]  # fmt: skip
    assert [row.score.adjusted for row in view.rows] == [row.score.raw for row in view.rows]
    assert {row.score.n for row in view.rows} == {3}
    assert view.fresh


def test_a_later_review_makes_it_stale_and_the_next_run_replaces_the_scores_and_keeps_the_old_run(
    programme: Programme,
) -> None:
    read_everything(programme)
    first = programme.do(calibrate_reviews, STAFF, programme.round_id)
    with programme.units.begin(write=False) as uow:
        assignment = uow.assignments.current(programme.round_id)[0]
        name = {m.id: m.name for m in uow.panels.of_round(programme.round_id)}[assignment.panel_member_id]
    programme.do(hand_back, programme.actor(name), assignment.id, "I know them.")
    assert not seen(programme).fresh
    second = programme.do(calibrate_reviews, STAFF, programme.round_id)
    view = seen(programme)
    assert (view.run and view.run.id, view.fresh, len(view.runs)) == (second.id, True, 2)
    assert {row.score.run_id for row in view.rows} == {second.id}
    assert len(first.applications) == len(second.applications) == 10
    assert sorted(row.score.n for row in view.rows) == [2] + [3] * 9


def test_too_few_reviews_keep_raw_scores_and_say_why(programme: Programme) -> None:
    read_everything(programme, count=2)
    run = programme.do(calibrate_reviews, STAFF, programme.round_id)
    assert run.refused is not None
    assert (run.method, run.refused["reason"]) == ("refused", "too-few-reviews")
    assert [(row.score.adjusted, row.place, row.moved) for row in seen(programme).rows] == [(None, None, 0)] * 2


def test_islands_are_told_by_name_and_no_id_is_in_the_text(programme: Programme) -> None:
    programme.open_round()
    programme.settle(reviews_per_application=1)
    for number in (1, 2):
        programme.apply(number, score=1.0)
    members = [programme.reviewer(name) for name in ("Ada", "Ben")]
    programme.assign()
    for name, member in zip(("Ada", "Ben"), members, strict=True):
        for assignment in programme.list_of(member):
            programme.review(name, assignment, 3)
    run = programme.do(calibrate_reviews, STAFF, programme.round_id)
    view = seen(programme)
    assert run.refused is not None
    assert run.refused["reason"] == "not-connected"
    assert sorted(view.islands) == [("Ada",), ("Ben",)]
    assert str(members[0].id) not in run.note + run.refused["message"]


def test_without_a_review_there_is_nothing_to_do(programme: Programme) -> None:
    programme.fill(2)
    with pytest.raises(Conflict):
        programme.do(calibrate_reviews, STAFF, programme.round_id)
    assert seen(programme).run is None


def test_closing_calibrates_by_itself(programme: Programme) -> None:
    read_everything(programme)
    programme.settle(reviews_per_application=3, review_closes_at=programme.clock() + timedelta(days=1))
    programme.clock.advance(timedelta(days=2))
    assert CLOSING in programme.run_due()
    run = seen(programme).run
    assert run is not None
    assert (run.cause, run.by_name) == ("closed", "the clock")


def test_a_date_taken_back_takes_it_off_the_clock(programme: Programme) -> None:
    read_everything(programme)
    programme.settle(reviews_per_application=3, review_closes_at=programme.clock() + timedelta(days=1))
    programme.settle(reviews_per_application=3)
    programme.clock.advance(timedelta(days=2))
    assert programme.run_due() == []


def test_flagged_applications_are_in_the_list_to_talk_about(programme: Programme) -> None:
    from dataclasses import replace

    from services.cohorts.use_cases.write_review import submit_review
    from tests.cohorts.programme import written

    programme.fill(2)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    assignment = programme.list_of(member)[0]
    flagged = replace(written(3), flagged=True, flag_reason="Strong start, weak end")
    programme.do(submit_review, programme.actor("Ada"), assignment, flagged, None)
    (line,) = seen(programme).triage
    assert (line.flags, line.spread) == (1, None)
