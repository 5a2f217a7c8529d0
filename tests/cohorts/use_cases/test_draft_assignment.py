"""Large rounds: the proposal is worked out apart, shown as far as it is, and applied only to what it was made of."""

import pytest

from services.cohorts.use_cases.assign_reviews import TOP_UP, Proposal, apply_assignment
from services.cohorts.use_cases.draft_assignment import Drafter, Working, ask_for_assignment, look_at_assignment
from shared.errors import Conflict
from tests.cohorts.programme import STAFF, Programme


def _look(programme: Programme) -> Proposal | Working:
    with programme.units.begin(write=False) as uow:
        return look_at_assignment(uow, programme.round_id, TOP_UP, quick=1)


def _panel(programme: Programme) -> Drafter:
    programme.fill(4)
    programme.settle()
    programme.reviewer("Ada")
    programme.reviewer("Ben")
    return Drafter(programme.units)


def test_it_is_asked_for_worked_out_and_applied_as_seen(programme: Programme) -> None:
    drafter = _panel(programme)
    first = _look(programme)
    assert isinstance(first, Working)
    assert not first.asked
    assert not drafter.step()
    programme.do(ask_for_assignment, programme.round_id, TOP_UP)
    waiting = _look(programme)
    assert isinstance(waiting, Working)
    assert waiting.asked
    assert drafter.step()
    assert not drafter.step()
    found = _look(programme)
    assert isinstance(found, Proposal)
    assert [load.after for load in found.loads] == [2, 2]
    assert programme.do(apply_assignment, STAFF, programme.round_id, found.fingerprint) == 4


def test_what_was_worked_out_for_another_pool_is_not_shown_or_applied(programme: Programme) -> None:
    drafter = _panel(programme)
    programme.do(ask_for_assignment, programme.round_id, TOP_UP)
    drafter.step()
    found = _look(programme)
    assert isinstance(found, Proposal)
    programme.apply(9)
    assert isinstance(_look(programme), Working)
    with pytest.raises(Conflict):
        programme.do(apply_assignment, STAFF, programme.round_id, found.fingerprint)


def test_what_changes_while_it_waits_is_taken_into_account(programme: Programme) -> None:
    drafter = _panel(programme)
    programme.do(ask_for_assignment, programme.round_id, TOP_UP)
    programme.apply(9)
    drafter.step()
    found = _look(programme)
    assert isinstance(found, Proposal)
    assert len(found.pairs) == 5


def test_what_cannot_be_worked_out_says_so_and_can_be_asked_for_again(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafter = _panel(programme)
    programme.do(ask_for_assignment, programme.round_id, TOP_UP)
    with monkeypatch.context() as broken:
        broken.setattr("services.cohorts.use_cases.draft_assignment.work_out", lambda *_: 1 / 0)
        drafter.step()
    failed = _look(programme)
    assert isinstance(failed, Working)
    assert failed.failed
    programme.do(ask_for_assignment, programme.round_id, TOP_UP)
    drafter.step()
    assert isinstance(_look(programme), Proposal)
