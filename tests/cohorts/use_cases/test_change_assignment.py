"""Sharing out anew, evening out, and changes by hand: seen first, and never against a conflict."""

from collections import Counter
from uuid import UUID

import pytest

from services.cohorts.storage.tables import PanelMember
from services.cohorts.use_cases.assign_reviews import REBALANCE, WHOLE, apply_assignment, propose_assignment
from services.cohorts.use_cases.change_assignment import Change, apply_change, propose_change
from services.cohorts.use_cases.declare_conflicts import add_conflict
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.invite_reviewer import release_member
from services.cohorts.use_cases.see_handed_back import see_handed_back
from shared.contracts.cohorts import ReviewsAssigned
from shared.errors import Conflict, Invalid
from tests.cohorts.programme import STAFF, Programme


def _pairs(programme: Programme) -> set[tuple[UUID, UUID]]:
    with programme.units.begin(write=False) as uow:
        return {(a.application_id, a.panel_member_id) for a in uow.assignments.current(programme.round_id)}


def _share(programme: Programme, mode: str) -> int:
    with programme.units.begin(write=False) as uow:
        found = propose_assignment(uow, programme.round_id, mode)
    return programme.do(apply_assignment, STAFF, programme.round_id, found.fingerprint, mode)


def _panel(programme: Programme, *names: str, applications: int = 6) -> list[PanelMember]:
    programme.fill(applications)
    programme.settle()
    members = [programme.reviewer(name) for name in names]
    programme.assign()
    return members


def _lists(programme: Programme) -> list[int]:
    return sorted(Counter(member for _, member in _pairs(programme)).values())


def test_after_a_drop_out_only_what_they_leave_changes_hands(programme: Programme) -> None:
    ada, *_ = _panel(programme, "Ada", "Ben", "Cleo")
    before = _pairs(programme)
    programme.do(release_member, STAFF, ada.id, None)
    assert _share(programme, REBALANCE) == 2
    assert {pair for pair in before if pair[1] != ada.id} < _pairs(programme)
    assert _lists(programme) == [3, 3]


def test_somebody_new_gets_their_part_and_begun_reviews_stay(programme: Programme) -> None:
    (ada,) = _panel(programme, "Ada")
    begun = programme.list_of(ada)[0]
    programme.review("Ada", begun, 3)
    programme.reviewer("Ben")
    assert _share(programme, REBALANCE) == 3
    assert _lists(programme) == [3, 3]
    assert begun in programme.list_of(ada)
    _share(programme, WHOLE) if _changes(programme, WHOLE) else None
    assert begun in programme.list_of(ada)
    assert _lists(programme) == [3, 3]


def _changes(programme: Programme, mode: str) -> bool:
    with programme.units.begin(write=False) as uow:
        return propose_assignment(uow, programme.round_id, mode).changes


def test_what_moved_away_may_come_back(programme: Programme) -> None:
    (ada,) = _panel(programme, "Ada", applications=2)
    ben = programme.reviewer("Ben")
    _share(programme, REBALANCE)
    programme.do(release_member, STAFF, ben.id, None)
    assert programme.assign() == 1
    assert len(programme.list_of(ada)) == 2


def test_expertise_and_languages_draw_applications(programme: Programme) -> None:
    from services.cohorts.use_cases.invite_reviewer import Description, describe_member

    programme.open_round()
    programme.settle()
    wanted = {programme.apply(n, language="ar") for n in (1, 2)}
    northern = {programme.apply(n, attributes={"region": "north"}) for n in (4, 6)}
    for n in (3, 5):
        programme.apply(n, attributes={"region": "london"})
    ada, ben = programme.reviewer("Ada"), programme.reviewer("Ben")
    programme.reviewer("Cleo")
    programme.do(describe_member, STAFF, ada.id, Description(capacity=9, languages=("ar",)), None)
    programme.do(describe_member, STAFF, ben.id, Description(capacity=9, expertise=("The North",)), None)
    programme.assign()
    pairs = _pairs(programme)
    assert {a for a, m in pairs if m == ada.id} == wanted
    assert {a for a, m in pairs if m == ben.id} == northern


def test_a_change_by_hand_is_seen_first_and_done_as_seen(programme: Programme) -> None:
    ada, ben = _panel(programme, "Ada", "Ben", applications=2)
    told = len(programme.published(ReviewsAssigned))
    mine = next(a for a, m in _pairs(programme) if m == ada.id)
    change = Change(application=mine, take_from=ada.id, give_to=ben.id)
    with programme.units.begin(write=False) as uow:
        found = propose_change(uow, programme.round_id, change)
    assert [(x.member.name, x.before, x.after) for x in found.loads] == [("Ada", 1, 0), ("Ben", 1, 2)]
    programme.do(apply_change, STAFF, programme.round_id, change, found.fingerprint)
    assert {m for _, m in _pairs(programme)} == {ben.id}
    assert len(programme.published(ReviewsAssigned)) == told + 1
    with pytest.raises(Conflict):
        programme.do(apply_change, STAFF, programme.round_id, change, found.fingerprint)


def test_two_reviewers_exchange(programme: Programme) -> None:
    ada, ben = _panel(programme, "Ada", "Ben", applications=2)
    of = {m: a for a, m in _pairs(programme)}
    change = Change(application=of[ada.id], take_from=ada.id, give_to=ben.id, in_exchange=of[ben.id])
    with programme.units.begin(write=False) as uow:
        found = propose_change(uow, programme.round_id, change)
    programme.do(apply_change, STAFF, programme.round_id, change, found.fingerprint)
    assert _pairs(programme) == {(of[ada.id], ben.id), (of[ben.id], ada.id)}


def test_a_conflict_blocks_a_change_by_hand_too(programme: Programme) -> None:
    ada, ben = _panel(programme, "Ada", "Ben", applications=2)
    mine = next(a for a, m in _pairs(programme) if m == ada.id)
    with programme.units.begin(write=False) as uow:
        reference = uow.applications.get(mine).reference
    programme.do(add_conflict, STAFF, ben.id, "application", reference)
    change = Change(application=mine, give_to=ben.id)
    with programme.units.begin(write=False) as uow:
        found = propose_change(uow, programme.round_id, change)
    assert "conflict" in found.blocked[0]
    with pytest.raises(Conflict, match="conflict"):
        programme.do(apply_change, STAFF, programme.round_id, change, found.fingerprint)
    assert (mine, ben.id) not in _pairs(programme)


def test_what_a_person_should_weigh_is_said(programme: Programme) -> None:
    ada, _ = _panel(programme, "Ada", "Ben", applications=2)
    (mine,) = programme.list_of(ada)
    programme.review("Ada", mine, 4)
    application = next(a for a, m in _pairs(programme) if m == ada.id)
    with programme.units.begin(write=False) as uow:
        found = propose_change(uow, programme.round_id, Change(application=application, take_from=ada.id))
    assert any("has begun" in text for text in found.warnings)
    assert any("0 reviewers, where 1 are planned" in text for text in found.warnings)
    programme.do(apply_change, STAFF, programme.round_id, found.change, found.fingerprint)
    with programme.units.begin(write=False) as uow:
        assert uow.applications.get(application).review_count == 0


def test_a_change_of_nothing_is_refused(programme: Programme) -> None:
    ada, _ = _panel(programme, "Ada", "Ben", applications=1)
    with programme.units.begin(write=False) as uow:
        (application,) = {a for a, _ in _pairs(programme)}
        for change in (
            Change(application=application),
            Change(application=application, take_from=ada.id, give_to=ada.id),
            Change(application=application, give_to=ada.id, in_exchange=application),
        ):
            with pytest.raises(Invalid):
                propose_change(uow, programme.round_id, change)


def test_what_was_handed_back_comes_with_a_proposal(programme: Programme) -> None:
    (ada,) = _panel(programme, "Ada", applications=1)
    programme.do(hand_back, programme.actor("Ada"), programme.list_of(ada)[0], "A friend.")
    with programme.units.begin(write=False) as uow:
        (one,) = see_handed_back(uow, programme.round_id, propose_assignment(uow, programme.round_id))
        assert (one.by, one.reason, one.proposed, one.covered) == ("Ada", "A friend.", [], False)
    programme.reviewer("Ben")
    with programme.units.begin(write=False) as uow:
        (one,) = see_handed_back(uow, programme.round_id, propose_assignment(uow, programme.round_id))
    assert one.proposed == ["Ben"]
