"""Selections as staff make them: relaxed by a button, saved, brought to another round, and set beside each other."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.cohorts.domain.choosing import EACH, ORGANISATION, Question, Wish
from services.cohorts.storage.tables import CalibratedScore, CalibrationRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.compare_runs import compare_runs
from services.cohorts.use_cases.run_selection import compute_selection, keep_selection, question_of, relaxed_question
from services.cohorts.use_cases.save_targets import bring_targets, save_targets
from services.cohorts.use_cases.see_impact import see_impact
from shared.contracts.applications import AttributeView, Choice, RoundPublished
from shared.errors import Conflict, Invalid
from shared.ids import new_id
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture
def full(programme: Programme) -> Programme:
    programme.fill(8)
    programme.settle()
    return programme


def test_a_kept_question_is_asked_again_as_it_was(full: Programme) -> None:
    wishes = (
        Wish("region", "north", 33.3, percent=True),
        Wish(ORGANISATION, EACH, maximum=1, exceptions=(("acme", 2),)),
        Wish("region", "london", maximum=2, also=(("region", "north"),)),
    )
    run = full.select(Question(3, wishes))
    assert question_of(run) == Question(3, wishes)
    assert (run.scores, run.seed, run.kind) == ("raw", str(full.round_id), "selection")
    assert all("price" in target for target in run.targets)


def test_the_smallest_relaxation_is_applied_in_one_step(full: Programme) -> None:
    run = full.select(Question(3, (Wish("region", "north", 2), Wish("region", "london", 2))))
    assert run.status == "infeasible"
    again = relaxed_question(run)
    assert again.wishes == (Wish("region", "north", 2), Wish("region", "london", 1))
    found = full.select(again)
    assert found.status == "optimal"
    with pytest.raises(Conflict):
        relaxed_question(found)


def test_why_is_kept_with_points_and_with_whom(full: Programme) -> None:
    run = full.select(Question(3, (Wish("region", "north", 2),)))
    with full.units.begin(write=False) as uow:
        said = {application.reference: person for person, application in uow.runs.people(run.id)}
    assert {reference for reference, person in said.items() if person.chosen} == {"APP-001", "APP-002", "APP-004"}
    assert (said["APP-004"].reason_code, said["APP-004"].instead) == ("target", ["APP-003"])
    assert (said["APP-003"].reason_code, said["APP-003"].rules) == ("displaced", [0])
    assert said["APP-003"].points is not None


def test_saved_targets_come_to_another_round_without_what_it_does_not_ask(full: Programme) -> None:
    wishes = (Wish("region", "north", 1), Wish("region", "london", 1), Wish(ORGANISATION, EACH, maximum=1))
    kept = full.do(save_targets, STAFF, full.round_id, "As last year", Question(3, wishes))
    assert full.do(save_targets, STAFF, full.round_id, "As last year", Question(3, wishes)).id == kept.id
    other = new_id()
    attributes = [AttributeView(id="region", label="Region", values=[Choice(value="north", label="The North")])]
    full.hear(
        RoundPublished(
            round_id=other, slug="next", title="Next year", state="open", opens_at=full.clock(),
            closes_at=full.clock() + timedelta(days=9), zone="Europe/London", form_version=1, rules_version=1,
            questions=[], attributes=attributes, rubric=[],
        )
    )  # fmt: skip
    with full.units.begin(write=False) as uow:
        brought = bring_targets(uow, other, kept.id)
    assert brought.wishes == (wishes[0], wishes[2])
    assert brought.missing == ("at least 1 with Region: London",)


def test_targets_without_a_name_or_without_sense_are_not_saved(full: Programme) -> None:
    for name, wishes in (("", (Wish("region", "north", 1),)), ("x", ()), ("x", (Wish("planet", "mars", 1),))):
        with pytest.raises(Invalid):
            full.do(save_targets, STAFF, full.round_id, name, Question(3, wishes))


def test_two_selections_beside_each_other(full: Programme) -> None:
    a = full.select(Question(3, ()))
    b = full.select(Question(3, (Wish("region", "north", 2),)))
    with full.units.begin(write=False) as uow:
        found = compare_runs(uow, a.id, b.id)
    assert found.both == 2
    assert [one.row.application.reference for one in found.only_a] == ["APP-003"]
    assert [one.row.application.reference for one in found.only_b] == ["APP-004"]
    assert found.points == round((b.objective or 0) - (a.objective or 0), 4) < 0
    assert [(line.a, line.b, line.aim_a) for line in found.targets] == [(1, 2, "not asked for")]
    with full.units.begin(write=False) as uow, pytest.raises(Invalid):
        compare_runs(uow, a.id, a.id)


def test_rates_follow_the_round_from_applying_to_accepting(full: Programme) -> None:
    full.withdraw(full.applications[7])
    with full.units.begin(write=False) as uow:
        seen = see_impact(uow, full.round_id).rates
    assert seen.stages == ("Applied", "Eligible, not withdrawn", "Read and scored")
    assert seen.tables[0].totals == (8, 7, 7)
    full.release(3, 2)
    with full.units.begin(write=False) as uow:
        seen = see_impact(uow, full.round_id).rates
    assert seen.stages[-1] == "Offered a place"
    assert seen.tables[0].totals == (8, 7, 7, 5, None)


def test_rates_of_a_selection_that_is_only_tried(full: Programme) -> None:
    with full.units.begin(write=False) as uow:
        computed = compute_selection(uow, full.round_id, "", Question(6, ()))
    run = full.do(keep_selection, STAFF, computed)
    with full.units.begin(write=False) as uow:
        seen = see_impact(uow, full.round_id, run.id).rates
    assert seen.stages[-1] == "Chosen by this selection"
    assert seen.tables[0].totals == (8, 8, 8, 6)


def test_adjusted_review_scores_count_when_everybody_read_has_one(full: Programme) -> None:
    full.settle(priority_weight=0, review_weight=100)
    full.reviewer("Ada")
    full.assign()
    with full.units.begin(write=False) as uow:
        member = uow.panels.of_round(full.round_id)[0]
    for assignment in full.list_of(member):
        full.review("Ada", assignment, 3)
    assert full.select(Question(3)).scores == "raw"
    run_id = full.do(_calibrated, full, full.applications[:7])
    assert full.select(Question(3)).scores == "raw"  # one of those read has no adjusted score
    full.do(_adjust, run_id, full.applications[7], 5.0)
    found = full.select(Question(3))
    assert found.scores == "adjusted"
    with full.units.begin(write=False) as uow:
        scores = {a.reference: person.score for person, a in uow.runs.people(found.id)}
    assert scores["APP-008"] == 100
    assert scores["APP-001"] == 25


def _calibrated(uow: CohortsUnit, programme: Programme, applications: list[UUID]) -> UUID:
    run = CalibrationRun(
        round_id=programme.round_id, at=uow.now, by_name="Sam", cause="asked", method="full", note="", reviews=8,
        fingerprint="", reviewers=[], applications=[], disagreements=[], criteria=[],
    )  # fmt: skip
    uow.session.add(run)
    uow.session.flush()
    for application in applications:
        _adjust(uow, run.id, application, 2.0)
    return run.id


def _adjust(uow: CohortsUnit, run_id: UUID, application: UUID, adjusted: float) -> None:
    uow.session.add(
        CalibratedScore(application_id=application, run_id=run_id, raw=3.0, adjusted=adjusted, standard_error=0.1, n=1)
    )
