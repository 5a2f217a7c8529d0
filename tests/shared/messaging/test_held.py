"""While one event of a subject waits in a retry queue, the later ones go behind it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.messaging.held import Held


def test_later_events_wait_and_the_first_may_come_back() -> None:
    held = Held()
    held.wait("thing/1", "a", 10)
    assert held.delay_of("thing/1", "b", set()) == 10
    assert held.delay_of("thing/2", "c", set()) is None
    held.wait("thing/1", "b", 10)
    assert held.delay_of("thing/1", "a", set()) is None
    assert held.delay_of("thing/1", "b", set()) == 10
    assert held.delay_of("thing/1", "b", {"a"}) is None, "both in one batch: the listener keeps their order"
    held.release("thing/1", "a")
    assert held.delay_of("thing/1", "b", set()) is None
    assert held.delay_of("thing/1", "c", set()) == 10
    held.release("thing/1", "b")
    assert held.delay_of("thing/1", "c", set()) is None


def test_a_line_that_somebody_else_has_served_is_forgotten() -> None:
    now = [0.0]
    held = Held(lambda: now[0])
    held.wait("thing/1", "a", 60)
    now[0] = 359
    assert held.delay_of("thing/1", "b", set()) == 60
    now[0] = 361
    assert held.delay_of("thing/1", "b", set()) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), max_size=12))
def test_whatever_fails_the_order_of_a_subject_holds(fails: list[bool]) -> None:
    """A queue and a retry queue, both first in first out: what is handled is handled in order."""
    held, queue, handled, verdicts = Held(), list(range(6)), [], iter(fails)
    while queue:
        event = queue.pop(0)
        if held.delay_of("s", str(event), set()) is not None or next(verdicts, False):
            held.wait("s", str(event), 1)
            queue.append(event)
        else:
            held.release("s", str(event))
            handled.append(event)
    assert handled == sorted(handled)
