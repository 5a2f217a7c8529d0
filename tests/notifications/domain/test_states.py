"""The states of a message."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.states import FINAL, IN_FLIGHT, REACHED, TRANSITIONS, State, allowed, move
from shared.errors import Conflict

S = State


def test_every_state_has_its_steps_and_can_be_reached() -> None:
    assert set(TRANSITIONS) == set(State)
    reached, frontier = {S.QUEUED}, [S.QUEUED]
    while frontier:
        for step in TRANSITIONS[frontier.pop()] - reached:
            reached.add(step)
            frontier.append(step)
    assert reached == set(State)


def test_ends() -> None:
    assert sorted(FINAL) == [
        "bounced", "cancelled", "complained", "expired", "failed", "rehearsed", "superseded", "suppressed",
    ]  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.sampled_from(State), max_size=12))
def test_no_walk_sends_again_what_may_have_been_taken_but_through_unknown(steps: list[State]) -> None:
    walk = [S.QUEUED]
    for step in steps:
        if allowed(walk[-1], step):
            walk.append(move(walk[-1], step))
    for before, after in pairwise(walk):
        if before in REACHED and after is S.SENDING:
            assert before is S.UNKNOWN
        if after in (S.SENT, S.UNKNOWN):
            assert before in (S.HANDED, S.UNKNOWN)
        assert not (before in IN_FLIGHT and after in (S.DELIVERED, S.BOUNCED))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (S.QUEUED, S.SENT), (S.QUEUED, S.HANDED), (S.HANDED, S.QUEUED), (S.HANDED, S.SENDING), (S.SENT, S.SENDING),
        (S.FAILED, S.SENDING), (S.SUPERSEDED, S.QUEUED), (S.SENDING, S.SENT), (S.BOUNCED, S.DELIVERED),
    ],
)  # fmt: skip
def test_refuses_steps_that_lose_or_double(old: State, new: State) -> None:
    with pytest.raises(Conflict, match=f"{old} cannot become {new}"):
        move(old, new)
