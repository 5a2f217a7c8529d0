"""Sharing out reviews: conflicts hold, previews are what is applied, what is handed back goes to somebody else."""

from collections import Counter

import pytest

from services.cohorts.use_cases.assign_reviews import apply_assignment, propose_assignment
from services.cohorts.use_cases.declare_conflicts import add_conflict
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.invite_reviewer import release_member
from shared.contracts.cohorts import ApplicationProgressed
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.cohorts.programme import STAFF, Programme


def _pairs(programme: Programme) -> list[tuple[str, str]]:
    with programme.units.begin(write=False) as uow:
        references = {a.id: a.reference for a in uow.applications.pool(programme.round_id)}
        names = {m.id: m.name for m in uow.panels.of_round(programme.round_id)}
        current = uow.assignments.current(programme.round_id)
        return sorted((references[a.application_id], names[a.panel_member_id]) for a in current)


def test_every_application_gets_its_reviews_and_lists_are_even(programme: Programme) -> None:
    programme.fill(6)
    programme.settle(reviews_per_application=2)
    for name in ("Ada", "Ben", "Cleo"):
        programme.reviewer(name)
    assert programme.assign() == 12
    pairs = _pairs(programme)
    assert set(Counter(reference for reference, _ in pairs).values()) == {2}
    assert set(Counter(name for _, name in pairs).values()) == {4}
    stages = [event["stage"] for event in programme.published(ApplicationProgressed)]
    assert stages == ["under_review"] * 6


def test_declared_conflicts_keep_applications_away(programme: Programme) -> None:
    programme.open_round()
    programme.settle()
    programme.apply(1, organisation="The Harbour Centre Ltd")
    programme.apply(2, organisation="Elsewhere", identifying={"email_domain": "shore.example"})
    programme.apply(3, organisation="Third")
    programme.reviewer("Ada", organisations="harbour centre", domains="shore.example")
    programme.reviewer("Ben")
    programme.assign()
    assert {reference for reference, name in _pairs(programme) if name == "Ada"} <= {"APP-003"}


def test_a_conflict_found_later_takes_the_application_off_the_list_and_its_review_stops_counting(
    programme: Programme,
) -> None:
    programme.fill(2)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    for id in programme.list_of(member):
        programme.review("Ada", id, 5)
    programme.do(add_conflict, STAFF, member.id, "application", "app-001")
    assert _pairs(programme) == [("APP-002", "Ada")]
    with programme.units.begin(write=False) as uow:
        counts = {a.reference: a.review_count for a in uow.applications.pool(programme.round_id)}
        assert counts == {"APP-001": 0, "APP-002": 1}
        assert propose_assignment(uow, programme.round_id).problems != ()


def test_what_was_handed_back_goes_to_somebody_else(programme: Programme) -> None:
    programme.fill(1)
    programme.settle()
    member = programme.reviewer("Ada")
    programme.assign()
    (id,) = programme.list_of(member)
    with pytest.raises(Invalid):
        programme.do(hand_back, programme.actor("Ada"), id, "  ")
    programme.do(hand_back, programme.actor("Ada"), id, "I think that I know them.")
    programme.reviewer("Ben")
    assert programme.assign() == 1
    assert _pairs(programme) == [("APP-001", "Ben")]


def test_a_preview_that_is_out_of_date_is_not_applied(programme: Programme) -> None:
    programme.fill(2)
    programme.settle()
    programme.reviewer("Ada")
    with programme.units.begin(write=False) as uow:
        proposal = propose_assignment(uow, programme.round_id)
    programme.apply(9)
    with pytest.raises(Conflict):
        programme.do(apply_assignment, STAFF, programme.round_id, proposal.fingerprint)
    assert _pairs(programme) == []


def test_when_it_cannot_be_done_the_reason_is_said_in_references_and_names(programme: Programme) -> None:
    programme.fill(2)
    programme.settle(reviews_per_application=2)
    programme.reviewer("Ada")
    with programme.units.begin(write=False) as uow:
        proposal = propose_assignment(uow, programme.round_id)
    assert proposal.pairs == ()
    assert "APP-001" in " ".join(proposal.problems)


def test_a_member_who_leaves_keeps_what_they_handed_in(programme: Programme) -> None:
    programme.fill(2)
    programme.settle()
    ada = programme.reviewer("Ada")
    programme.assign()
    done, left = programme.list_of(ada)
    programme.review("Ada", done, 4)
    programme.do(release_member, STAFF, ada.id, None)
    programme.reviewer("Ben")
    assert programme.assign() == 1
    with programme.units.begin(write=False) as uow:
        assert sum(a.review_count for a in uow.applications.pool(programme.round_id)) == 1
    with pytest.raises((Forbidden, NotFound)):
        programme.review("Ada", left, 4)


def test_a_reviewer_cannot_take_a_declared_conflict_away_through_staff(programme: Programme) -> None:
    from services.cohorts.use_cases.declare_conflicts import remove_conflict

    programme.open_round()
    member = programme.reviewer("Ada", organisations="Harbour")
    with programme.units.begin(write=False) as uow:
        conflict = next(c for c in uow.panels.conflicts([member.id])[member.id] if c.source == "declared")
    with pytest.raises(Forbidden):
        programme.do(remove_conflict, STAFF, member.id, conflict.id)
