"""REQUEST(0), (2), (1) and CANCEL(3) arrive in any order, and go out whenever: read by ical.js, every calendar ends
right."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from shared.contracts.cohorts import SessionPublished
from tests.judges import icaljs
from tests.notifications.postbox import Postbox, session
from tests.servers.processes import CannotStart

STATES = (0, 2, 1, 3)
WHEN = ((True, True, True), (True, False, True), (False, True, False))
"""After which of the first three the sender gets its turn; at the end it always does."""


@dataclass
class Programme:
    """A calendar program, as RFC 5546 tells it to behave: what is older than what it has seen changes nothing."""

    seen: int = -1
    start: float | None = None
    received: list[int] = field(default_factory=list)

    def take(self, method: str, sequence: int, start: float) -> None:
        self.received.append(sequence)
        if sequence >= self.seen:
            self.seen, self.start = sequence, start if method == "REQUEST" else None


def event(person: UUID, session_id: UUID, sequence: int, starts: datetime) -> SessionPublished:
    status = "cancelled" if sequence == 3 else "scheduled"
    at = starts + timedelta(days=sequence)
    return session([person], at, session_id=session_id, calendar_sequence=sequence, status=status)


def test_every_calendar_ends_right(one_postbox: Postbox) -> None:
    box, starts = one_postbox, one_postbox.clock() + timedelta(days=60)
    cases = [(order, when) for last in (3, 4) for order in permutations(STATES[:last]) for when in WHEN]
    who: dict[str, int] = {}
    for number, (order, when) in enumerate(cases):
        email, session_id = f"p{number}@example.org", uuid4()
        who[email], person = number, box.person(email=email)
        made = {each: box.envelope(event(person, session_id, each, starts)) for each in sorted(order)}
        for each, send in zip(order, (*when, True), strict=False):
            box.deliver(made[each])
            if send:
                box.send(seconds=1)
    box.send(minutes=1)
    taken = [each for each in box.mailer.taken if each.calendar]
    try:
        read = icaljs.read([(each.calendar or "").replace("\n", "\r\n").encode() for each in taken])
    except CannotStart as error:
        pytest.fail(str(error), pytrace=False)
    programmes = [Programme() for _ in cases]
    for letter, found in zip(taken, read, strict=True):
        assert found["attendees"][0][0] == f"mailto:{letter.recipient}"
        programmes[who[letter.recipient]].take(found["method"], found["sequence"], found["start"])
    for (order, _), programme in zip(cases, programmes, strict=True):
        expected = None if 3 in order else (starts + timedelta(days=2)).timestamp()
        assert programme.start == expected, (order, programme)
        assert programme.received == sorted(set(programme.received)), (order, programme)
