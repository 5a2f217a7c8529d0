"""Reviews: saved as typed, complete when handed in, never one window over another, counted while they stand."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer
from services.cohorts.use_cases.read_reviews import my_panels, open_review
from services.cohorts.use_cases.write_review import Written, abstain, reopen_review, save_draft, submit_review
from shared.errors import Conflict, Invalid, NotFound, Stale
from tests.cohorts.programme import STAFF, Programme, written


@pytest.fixture
def first(programme: Programme) -> UUID:
    """An assignment of Ada's, in a round where each application is read by Ada and Ben."""
    programme.fill(2)
    programme.settle(reviews_per_application=2, priority_weight=0, review_weight=100)
    ada = programme.reviewer("Ada")
    programme.reviewer("Ben")
    programme.assign()
    return programme.list_of(ada)[0]


def _others(programme: Programme, name: str, assignment_id: UUID) -> object:
    with programme.units.begin(write=False) as uow:
        return open_review(uow, programme.actor(name), assignment_id).others


def test_two_windows_lose_nothing(programme: Programme, first: UUID) -> None:
    ada = programme.actor("Ada")
    half = Written(scores={"impact": {"score": 3, "reason": ""}})
    assert programme.do(save_draft, ada, first, half, 0).revision == 1
    with pytest.raises(Stale):
        programme.do(save_draft, ada, first, Written(scores={}), 0)
    with programme.units.begin(write=False) as uow:
        review = uow.reviews.find(first)
        assert review is not None
        assert review.scores == {"impact": {"score": 3, "reason": ""}}


def test_handing_in_needs_a_score_and_a_reason_for_every_criterion(programme: Programme, first: UUID) -> None:
    half = Written(scores={"impact": {"score": 3, "reason": ""}, "learning": {"score": None, "reason": "Some"}})
    with pytest.raises(Invalid) as refused:
        programme.do(submit_review, programme.actor("Ada"), first, half, None)
    assert set(refused.value.problems) == {"reason-impact", "score-learning"}


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_out_of_range_is_refused_even_in_a_draft(programme: Programme, first: UUID, score: int) -> None:
    with pytest.raises(Invalid):
        programme.do(save_draft, programme.actor("Ada"), first, written(score), None)


def test_the_overall_score_is_the_weighted_mean(programme: Programme, first: UUID) -> None:
    uneven = Written(scores={"impact": {"score": 5, "reason": "a"}, "learning": {"score": 2, "reason": "b"}})
    assert programme.do(submit_review, programme.actor("Ada"), first, uneven, None).overall == 4.0


def test_others_are_seen_only_after_ones_own_review_is_in(programme: Programme, first: UUID) -> None:
    with programme.units.begin(write=False) as uow:
        application = uow.assignments.get(first).application_id
        theirs = [a.id for a in uow.assignments.of_application(application) if a.id != first]
    programme.review("Ben", theirs[0], 5)
    assert _others(programme, "Ada", first) is None
    programme.review("Ada", first, 1)
    seen = _others(programme, "Ada", first)
    assert (seen.count, seen.mean) == (1, 5.0)  # type: ignore[attr-defined]


def test_a_reopened_review_does_not_count_until_it_is_handed_in_again(programme: Programme, first: UUID) -> None:
    programme.review("Ada", first, 5)
    programme.do(reopen_review, programme.actor("Ada"), first, None)
    with programme.units.begin(write=False) as uow:
        application = uow.applications.get(uow.assignments.get(first).application_id)
        assert (application.review_count, application.blended) == (0, None)
    programme.review("Ada", first, 2)
    with programme.units.begin(write=False) as uow:
        application = uow.applications.get(uow.assignments.get(first).application_id)
        assert (application.review_count, application.blended) == (1, 25.0)
        actions = [(v.action, v.overall) for v in uow.reviews.versions(first)]
    assert actions == [("submitted", 2.0), ("reopened", 5.0), ("submitted", 5.0)]


def test_a_review_that_is_in_cannot_be_typed_over(programme: Programme, first: UUID) -> None:
    programme.review("Ada", first, 5)
    with pytest.raises(Conflict):
        programme.do(save_draft, programme.actor("Ada"), first, written(1), None)


def test_abstaining_needs_a_reason_and_counts_for_nothing(programme: Programme, first: UUID) -> None:
    with pytest.raises(Invalid):
        programme.do(abstain, programme.actor("Ada"), first, " ", None)
    programme.do(abstain, programme.actor("Ada"), first, "It is about a place that I know too well.", None)
    with programme.units.begin(write=False) as uow:
        application = uow.applications.get(uow.assignments.get(first).application_id)
        assert application.review_count == 0


def test_nothing_changes_after_reviewing_closes(programme: Programme, first: UUID) -> None:
    programme.review("Ada", first, 3)
    closes = programme.clock() + timedelta(days=1)
    programme.settle(reviews_per_application=2, review_closes_at=closes, priority_weight=0, review_weight=100)
    programme.clock.set(closes)
    with pytest.raises(Conflict):
        programme.do(reopen_review, programme.actor("Ada"), first, None)


def test_nobody_reads_what_is_not_on_their_list(programme: Programme, first: UUID) -> None:
    with pytest.raises(NotFound):
        programme.do(open_review, programme.actor("Ben"), first)
    with pytest.raises(NotFound):
        programme.do(save_draft, programme.actor("Ben"), first, written(3), None)
    with pytest.raises(NotFound):
        programme.do(open_review, programme.actor("A stranger"), first)


def test_nobody_reads_before_they_have_declared(programme: Programme) -> None:
    programme.fill(1)
    programme.settle()
    invitation = Invitation(name="Cleo", email="cleo@mail.example")
    member = programme.do(invite_reviewer, STAFF, programme.round_id, invitation)
    cleo = programme.actor("Cleo")
    programme.assign()
    with programme.units.begin(write=False) as uow:
        (panel,) = my_panels(uow, cleo)
        (assignment,) = uow.assignments.of_member(member.id)
    assert (panel.declared, panel.reviews) == (False, [])
    with pytest.raises(Conflict) as refused:
        programme.do(open_review, cleo, assignment.id)
    assert refused.value.code == "declaration-needed"
