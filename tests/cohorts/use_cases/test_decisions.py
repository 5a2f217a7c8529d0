"""From a selection to everybody told: once, all or nothing."""

from datetime import timedelta

import pytest

from services.cohorts.domain.choosing import Pin, Question, Wish
from services.cohorts.use_cases.approve_feedback import approve_all, approve_feedback, write_feedback
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.run_selection import compute_selection
from services.cohorts.use_cases.stage_decisions import stage_decisions, take_back_decisions
from shared.contracts.cohorts import ApplicationProgressed, DecisionReleased
from shared.errors import Conflict, Invalid, Stale
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture(autouse=True)
def _pool(programme: Programme) -> None:
    programme.fill(8)
    programme.settle()


def _outcomes(programme: Programme) -> dict[str, str]:
    with programme.units.begin(write=False) as uow:
        release = uow.releases.of_round(programme.round_id)
        assert release is not None
        return {a.reference: d.outcome for d, a in uow.releases.decisions(release.id)}


def test_a_selection_meets_its_targets_and_says_why(programme: Programme) -> None:
    run = programme.select(Question(size=3, wishes=(Wish("region", "north", 2),)))
    with programme.units.begin(write=False) as uow:
        people = {a.reference: p for p, a in uow.runs.people(run.id)}
    assert {reference for reference, p in people.items() if p.chosen} == {"APP-001", "APP-002", "APP-004"}
    assert "without it APP-003 would come in" in people["APP-004"].reason
    assert people["APP-003"].reason_code == "displaced"


def test_the_same_pool_and_question_give_the_same_answer_and_fingerprint(programme: Programme) -> None:
    question = Question(size=3, wishes=(Wish("region", "north", 1),))
    first, second = programme.select(question), programme.select(question)
    assert first.data_hash == second.data_hash
    programme.score(programme.applications[7], 99.5)
    assert programme.select(question).data_hash != first.data_hash


def test_targets_that_clash_are_said_with_the_smallest_change(programme: Programme) -> None:
    run = programme.select(Question(size=3, wishes=(Wish("region", "north", 2), Wish("region", "london", 2))))
    assert run.status == "infeasible"
    assert len(run.clash) == 2
    assert [step["now"] for step in run.relaxation] == [1]
    with pytest.raises(Conflict):
        programme.do(stage_decisions, STAFF, run.id, waitlist=0, respond_by=programme.clock() + timedelta(days=9))


def test_pins_need_a_reason_and_are_on_the_record(programme: Programme) -> None:
    with pytest.raises(Invalid):
        programme.select(Question(size=3, pinned_in=(Pin("APP-008", " "),)))
    run = programme.select(Question(size=3, pinned_in=(Pin("APP-008", "Only trainer in Wales"),)))
    with programme.units.begin(write=False) as uow:
        chosen = {a.reference for p, a in uow.runs.people(run.id) if p.chosen}
        entry = uow.record.of_round(programme.round_id)[0]
    assert chosen == {"APP-001", "APP-002", "APP-008"}
    assert (entry.action, entry.detail["pinned"]) == ("selection_run", ["APP-008"])


def test_bad_questions_name_their_fields(programme: Programme) -> None:
    with programme.units.begin(write=False) as uow, pytest.raises(Invalid) as refused:
        wishes = (Wish("region", "mars", 1), Wish("region", "north"), Wish("region", "north", 5, 2))
        compute_selection(uow, programme.round_id, "", Question(size=99, wishes=wishes))
    assert set(refused.value.problems) == {"size", "target-0", "target-1", "target-2"}


def test_staging_tells_nobody_and_can_be_done_again_or_taken_back(programme: Programme) -> None:
    programme.stage(3, 2)
    assert _outcomes(programme) == {
        **{f"APP-{n:03}": "offered" for n in (1, 2, 3)},
        **{f"APP-{n:03}": "waitlisted" for n in (4, 5)},
        **{f"APP-{n:03}": "unsuccessful" for n in (6, 7, 8)},
    }
    staged = programme.stage(2, 1)
    assert sum(outcome == "offered" for outcome in _outcomes(programme).values()) == 2
    assert programme.published(DecisionReleased) == []
    programme.do(take_back_decisions, STAFF, staged.id)
    with programme.units.begin(write=False) as uow:
        assert uow.releases.of_round(programme.round_id) is None


def test_a_release_tells_everybody_once_however_often_it_is_asked_for(programme: Programme) -> None:
    release = programme.release(3, 2)
    again = programme.do(release_decisions, STAFF, release.id, release.revision)
    assert again.released_at == release.released_at
    told = programme.published(DecisionReleased)
    assert len(told) == len({event["application_id"] for event in told}) == 8
    assert [event["outcome"] for event in told].count("offered") == 3
    assert all(event["offer_link"] for event in told if event["outcome"] == "offered")
    assert not any(event["offer_link"] for event in told if event["outcome"] != "offered")
    assert len(programme.offers()) == 3
    assert len(programme.published(ApplicationProgressed)) == 8


def test_a_crash_in_the_middle_of_a_release_tells_nobody(programme: Programme) -> None:
    staged = programme.stage(3, 2)
    with pytest.raises(ZeroDivisionError), programme.units.begin() as uow:
        release_decisions(uow, STAFF, staged.id, staged.revision)
        _ = 1 / 0
    assert programme.published(DecisionReleased) == []
    assert programme.offers() == []
    programme.do(release_decisions, STAFF, staged.id, staged.revision)
    assert len(programme.published(DecisionReleased)) == 8


def test_a_release_of_decisions_that_changed_since_is_refused(programme: Programme) -> None:
    staged = programme.stage(3, 2)
    old = staged.revision
    programme.stage(2, 2)
    with pytest.raises(Stale):
        programme.do(release_decisions, STAFF, staged.id, old)
    assert programme.published(DecisionReleased) == []


def test_feedback_goes_out_with_the_decision_and_not_after_it(programme: Programme) -> None:
    staged = programme.stage(3, 2)
    with programme.units.begin(write=False) as uow:
        decision = uow.releases.decisions(staged.id)[0][0]
    programme.do(write_feedback, STAFF, decision.id, "You made us think.", 1)
    with pytest.raises(Stale):
        programme.do(write_feedback, STAFF, decision.id, "Over it", 1)
    with pytest.raises(Conflict, match="one person waits"):
        programme.do(release_decisions, STAFF, staged.id, None)
    programme.do(approve_feedback, STAFF, decision.id, 2)
    programme.do(release_decisions, STAFF, staged.id, None)
    told = {event["application_id"]: event["feedback"] for event in programme.published(DecisionReleased)}
    assert told[str(decision.application_id)] == "You made us think."
    with pytest.raises(Conflict):
        programme.do(write_feedback, STAFF, decision.id, "Too late", None)


def test_changed_words_have_to_be_approved_anew_and_others_are_not_approved_unseen(programme: Programme) -> None:
    staged = programme.stage(3, 2)
    with programme.units.begin(write=False) as uow:
        first, second = (d.id for d, _ in uow.releases.decisions(staged.id)[:2])
    programme.do(write_feedback, STAFF, first, "You made us think.", 1)
    programme.do(write_feedback, STAFF, second, "So did you.", 1)
    with pytest.raises(Stale):
        programme.do(approve_all, STAFF, staged.id, {first: 2, second: 1})
    assert programme.do(approve_all, STAFF, staged.id, {first: 2, second: 2}) == 2
    again = programme.do(write_feedback, STAFF, first, "You made us think again.", 3)
    assert (again.approved_at, again.approved_by_name) == (None, "")
    with pytest.raises(Conflict):
        programme.do(release_decisions, STAFF, staged.id, None)
    # Taking the words away, or staging again with the same outcome, needs nobody's leave.
    programme.do(write_feedback, STAFF, first, "  ", 4)
    assert programme.published(DecisionReleased) == []
    restaged = programme.stage(3, 2)
    programme.do(release_decisions, STAFF, restaged.id, None)
    told = {event["application_id"]: event["feedback"] for event in programme.published(DecisionReleased)}
    assert sorted(told.values())[-1] == "So did you."


def test_who_withdraws_while_decisions_are_staged_is_told_nothing(programme: Programme) -> None:
    staged = programme.stage(3, 2)
    programme.withdraw(programme.applications[0])
    programme.do(release_decisions, STAFF, staged.id, None)
    told = {event["application_id"] for event in programme.published(DecisionReleased)}
    assert str(programme.applications[0]) not in told
    assert len(told) == 7


def test_the_record_shows_any_change_made_behind_its_back(programme: Programme) -> None:
    from sqlalchemy import update

    from services.cohorts.storage.tables import RecordEntry, RecordHead

    programme.release(3, 2)
    with programme.units.begin(write=False) as uow:
        assert uow.record.verify().whole
        last = uow.record.verify().entries
    with programme.units.begin() as uow:
        uow.session.execute(update(RecordEntry).where(RecordEntry.position == 2).values(actor="Somebody else"))
    with programme.units.begin(write=False) as uow:
        assert uow.record.verify().broken_at == 2
    with programme.units.begin() as uow:
        uow.session.execute(update(RecordEntry).where(RecordEntry.position == 2).values(actor=STAFF.name))
        uow.session.execute(RecordEntry.__table__.delete().where(RecordEntry.position == last))
    with programme.units.begin(write=False) as uow:
        verdict = uow.record.verify()
        assert (verdict.broken_at, verdict.problem) == (last, "entries are missing at the end")
        assert uow.session.get(RecordHead, 1) is not None
