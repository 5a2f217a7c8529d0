"""Which messages are handled and acknowledged together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.messaging.rabbit_consumer import SUSPECT_FROM, next_batch


class Came:
    """A message that was delivered so often without an answer."""

    def __init__(self, unanswered: int) -> None:
        self.headers = {"x-delivery-count": unanswered} if unanswered else {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2 * SUSPECT_FROM), min_size=1, max_size=12), st.integers(1, 5))
def test_a_batch_is_the_head_of_the_buffer_and_a_suspect_goes_alone(counts: list[int], most: int) -> None:
    buffer = [Came(count) for count in counts]
    batch = next_batch(buffer, most)
    assert 1 <= len(batch) <= most
    assert list(batch) == buffer[: len(batch)], "an acknowledgement covers everything before it"
    suspects = [message for message in batch if message.headers.get("x-delivery-count", 0) >= SUSPECT_FROM]
    assert not suspects or len(batch) == 1
    everything = []
    while buffer:
        taken = next_batch(buffer, most)
        everything += taken
        del buffer[: len(taken)]
    assert len(everything) == len(counts)
