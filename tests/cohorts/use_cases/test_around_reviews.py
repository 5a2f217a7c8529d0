"""Around a review: two windows, notes to oneself, what was handed back, what was changed, and one's own progress."""

from datetime import timedelta

import pytest

from services.cohorts.domain.phases import Phases
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.keep_notes import keep_notes, my_notes
from services.cohorts.use_cases.read_reviews import my_versions
from services.cohorts.use_cases.see_own_progress import see_own_progress
from services.cohorts.use_cases.see_reviewing import handed_back, see_changes
from services.cohorts.use_cases.set_phases import set_phases
from services.cohorts.use_cases.write_review import (
    Written,
    abstain,
    reopen_review,
    save_draft,
    set_aside,
    submit_review,
)
from shared.errors import Invalid, NotFound, Stale
from tests.cohorts.programme import STAFF, Programme, written


@pytest.fixture
def ada(programme: Programme):
    """Ada, with two applications on her list, and Ben who could take them."""
    programme.fill(2)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    programme.reviewer("Ben")
    return member


def draft(score: int, reason: str) -> Written:
    return Written(scores={"impact": {"score": score, "reason": reason}}, comment=f"{reason}!")


def test_two_windows_lose_neither_text(programme: Programme, ada) -> None:
    assignment, actor = programme.list_of(ada)[0], programme.actor("Ada")
    programme.do(save_draft, actor, assignment, draft(2, "first window"), 0)
    with pytest.raises(Stale):
        programme.do(save_draft, actor, assignment, draft(4, "second window"), 0)
    programme.do(set_aside, actor, assignment, draft(4, "second window"))
    programme.do(set_aside, actor, assignment, draft(4, "second window"))  # pressed again: kept once
    programme.do(save_draft, actor, assignment, draft(5, "put together"), 1)
    with programme.units.begin(write=False) as uow:
        kept = [v for v in my_versions(uow, actor, assignment) if v.action == "set_aside"]
    assert [v.scores["impact"]["reason"] for v in kept] == ["second window", "first window"]
    assert [v.comment for v in kept] == ["second window!", "first window!"]


def test_abstaining_keeps_the_comment_that_was_begun(programme: Programme, ada) -> None:
    assignment, actor = programme.list_of(ada)[0], programme.actor("Ada")
    programme.do(save_draft, actor, assignment, draft(2, "half a thought"), 0)
    programme.do(abstain, actor, assignment, "I cannot judge this.", None)
    with programme.units.begin(write=False) as uow:
        assert "half a thought!" in [v.comment for v in my_versions(uow, actor, assignment)]


def test_notes_are_the_reviewers_own(programme: Programme, ada) -> None:
    assignment, actor = programme.list_of(ada)[0], programme.actor("Ada")
    programme.do(keep_notes, actor, assignment, "Compare with the other one.", 0)
    with pytest.raises(Stale):
        programme.do(keep_notes, actor, assignment, "Older window", 0)
    with pytest.raises(Invalid):
        programme.do(keep_notes, actor, assignment, "x" * 10_001, 1)
    with programme.units.begin(write=False) as uow:
        assert my_notes(uow, actor, assignment) == ("Compare with the other one.", 1)
        with pytest.raises(NotFound):
            my_notes(uow, programme.actor("Ben"), assignment)


def test_what_is_handed_back_is_proposed_to_somebody_else(programme: Programme, ada) -> None:
    assignment = programme.list_of(ada)[0]
    programme.do(hand_back, programme.actor("Ada"), assignment, "We worked together.")
    with programme.units.begin(write=False) as uow:
        (one,) = handed_back(uow, programme.round_id)
    assert (one.reviewer, one.assignment.reason, one.proposed, one.reviewers) == (
        "Ada", "We worked together.", ("Ben",), 0,
    )  # fmt: skip
    programme.assign()
    with programme.units.begin(write=False) as uow:
        (one,) = handed_back(uow, programme.round_id)
    assert (one.proposed, one.reviewers) == ((), 1)


def test_every_change_of_a_sent_review_is_seen_by_staff(programme: Programme, ada) -> None:
    assignment, actor = programme.list_of(ada)[0], programme.actor("Ada")
    programme.review("Ada", assignment, 2)
    with programme.units.begin(write=False) as uow:
        assert see_changes(uow, programme.round_id) == []
    programme.do(reopen_review, actor, assignment, None)
    programme.do(submit_review, actor, assignment, written(4, "Read again."), None)
    with programme.units.begin(write=False) as uow:
        again, reopened = see_changes(uow, programme.round_id)
    assert (reopened.version.action, reopened.lines) == ("reopened", ())
    assert (again.before, again.version.overall) == (2.0, 4.0)
    assert [(line.label, line.before, line.after, line.reason_after) for line in again.lines] == [
        ("Impact", 2, 4, "Read again."), ("Learning", 2, 4, "Read again."),
    ]  # fmt: skip


def test_own_progress_counts_only_ones_own(programme: Programme, ada) -> None:
    due = programme.clock() + timedelta(days=3)
    programme.do(set_phases, STAFF, programme.round_id, Phases(scoring_closes_at=due), None)
    first, second = programme.list_of(ada)
    programme.review("Ada", first, 4)
    programme.do(save_draft, programme.actor("Ada"), second, draft(1, "so far"), 0)
    with programme.units.begin(write=False) as uow:
        (mine,) = see_own_progress(uow, programme.actor("Ada"))
        (other,) = see_own_progress(uow, programme.actor("Ben"))
    assert (mine.submitted, mine.begun, mine.left, mine.mean, mine.due_at, mine.a_week) == (1, 1, 1, 4.0, due, 1)
    assert [use.counts for use in mine.uses] == [(0, 0, 0, 1, 0)] * 2
    assert (other.left, other.mean, other.a_week) == (0, None, None)
