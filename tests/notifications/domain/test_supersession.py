"""Whatever the order in which events arrive and messages go, the person's calendar ends right."""

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.kinds import Method
from services.notifications.domain.states import State
from services.notifications.domain.supersession import Decision, Known, Step, decide, decide_reminder

R, C, S = Method.REQUEST, Method.CANCEL, State
Version = tuple[int, Method]


class Inbox:
    """A person's calendar program: keeps the highest SEQUENCE it has seen of an event."""

    def __init__(self) -> None:
        self.seen: Version | None = None
        self.received: list[Version] = []

    def receive(self, sequence: int, method: Method) -> None:
        self.received.append((sequence, method))
        if self.seen is None or sequence >= self.seen[0]:
            self.seen = (sequence, method)

    @property
    def shows(self) -> int | None:
        """The SEQUENCE of the entry that is shown."""
        return self.seen[0] if self.seen and self.seen[1] is R else None


class Sender:
    """Messages in the order of their events; `tick` sends what may go."""

    def __init__(self) -> None:
        self.messages: dict[Version, State] = {}
        self.inbox = Inbox()

    def known(self) -> list[Known]:
        return [Known(sequence, method, state) for (sequence, method), state in self.messages.items()]

    def arrive(self, version: Version) -> None:
        self.messages[version] = S.QUEUED

    def tick(self, outcome: State = S.SENT) -> None:
        for (sequence, method), state in list(self.messages.items()):
            if state not in (S.QUEUED, S.DEFERRED):
                continue
            step = decide(Known(sequence, method, state), self.known()).step
            if step is Step.SUPERSEDE:
                self.messages[sequence, method] = S.SUPERSEDED
            elif step is Step.SEND:
                self.messages[sequence, method] = outcome
                if outcome is S.SENT:
                    self.inbox.receive(sequence, method)


VERSIONS: list[Version] = [(0, R), (2, R), (1, R), (3, C)]


@pytest.mark.parametrize("order", list(permutations(VERSIONS)))
def test_a_cancelled_session_is_in_no_calendar(order: tuple[Version, ...]) -> None:
    for sending in product([True, False], repeat=len(order)):
        sender = Sender()
        for version, send_now in zip(order, sending, strict=True):
            sender.arrive(version)
            if send_now:
                sender.tick()
        sender.tick()
        assert sender.inbox.shows is None
        sequences = [sequence for sequence, _ in sender.inbox.received]
        assert sequences == sorted(sequences)
        if not any(sending):
            assert sender.inbox.received == []


@pytest.mark.parametrize("order", list(permutations([(0, R), (2, R), (1, R)])))
def test_a_session_that_stands_is_shown_as_it_last_was(order: tuple[Version, ...]) -> None:
    for sending in product([True, False], repeat=len(order)):
        sender = Sender()
        for version, send_now in zip(order, sending, strict=True):
            sender.arrive(version)
            if send_now:
                sender.tick()
        sender.tick()
        assert sender.inbox.shows == 2


@settings(max_examples=60)
@given(
    st.lists(st.booleans(), min_size=1, max_size=6).flatmap(
        lambda cancels: st.permutations([(number, C if cancel else R) for number, cancel in enumerate(cancels)])
    ),
    st.lists(st.sampled_from([None, S.SENT, S.DEFERRED, S.FAILED]), min_size=6, max_size=6),
)
def test_any_history_in_any_order_ends_right(order: list[Version], outcomes: list[State | None]) -> None:
    sender = Sender()
    for version, outcome in zip(order, outcomes, strict=False):
        sender.arrive(version)
        if outcome:
            sender.tick(outcome)
    sender.tick()
    last_sequence, last_method = max(order)
    if sender.messages[max(order)] is not S.FAILED:
        assert sender.inbox.shows == (last_sequence if last_method is R else None)
    assert not any(state in (S.QUEUED, S.DEFERRED) for state in sender.messages.values())


def test_cancelled_before_the_invitation_went_sends_neither() -> None:
    others = [Known(0, R, S.QUEUED), Known(1, C, S.QUEUED)]
    assert decide(others[0], others).step is Step.SUPERSEDE
    assert decide(others[1], others) == Decision(Step.SUPERSEDE, reason="cancelled before the invitation went")


@pytest.mark.parametrize("state", [S.FAILED, S.BOUNCED, S.EXPIRED, S.SUPPRESSED, S.SUPERSEDED, S.DEFERRED])
def test_no_cancellation_of_what_never_arrived(state: State) -> None:
    assert decide(Known(1, C, S.QUEUED), [Known(0, R, state)]).step is Step.SUPERSEDE


@pytest.mark.parametrize("state", [S.SENT, S.DELIVERED, S.UNKNOWN, S.COMPLAINED])
def test_a_cancellation_of_what_may_have_arrived(state: State) -> None:
    assert decide(Known(1, C, S.QUEUED), [Known(0, R, state)]) == Decision(Step.SEND)


@pytest.mark.parametrize("state", [S.SENDING, S.HANDED])
@pytest.mark.parametrize("method", [R, C])
def test_waits_for_the_one_on_its_way(state: State, method: Method) -> None:
    assert decide(Known(1, method, S.QUEUED), [Known(0, R, state)]).step is Step.WAIT


def test_the_first_to_arrive_is_worded_as_an_invitation() -> None:
    assert decide(Known(1, R, S.QUEUED), [Known(0, R, S.SUPERSEDED)]) == Decision(Step.SEND, first=True)
    assert decide(Known(1, R, S.QUEUED), [Known(0, R, S.SENT)]) == Decision(Step.SEND, first=False)
    assert decide(Known(4, R, S.QUEUED), [Known(0, R, S.SENT), Known(3, C, S.SENT)]).first


def test_an_entry_may_remain_after_a_cancellation_of_unknown_fate() -> None:
    known = [Known(0, R, S.SENT), Known(1, C, S.UNKNOWN)]
    assert decide(Known(2, C, S.QUEUED), known).step is Step.SEND


def test_its_own_row_does_not_stand_in_its_way() -> None:
    this = Known(2, R, S.SENDING)
    assert decide(this, [Known(0, R, S.SENT), this]).step is Step.SEND


def test_a_reminder_of_what_has_changed_is_not_sent() -> None:
    assert decide_reminder(1, [Known(1, R, S.SENT)]).step is Step.SEND
    assert decide_reminder(1, []).step is Step.SEND
    assert decide_reminder(1, [Known(2, R, S.QUEUED)]).step is Step.SUPERSEDE
    assert decide_reminder(1, [Known(1, R, S.SENT), Known(1, C, S.QUEUED)]).step is Step.SUPERSEDE
