"""Sessions: everybody's calendar ends right, whatever order events come in and wherever senders die."""

import dataclasses
import re
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.notifications.domain.kinds import KINDS
from shared.contracts.cohorts import SessionPublished, SessionReminderDue
from tests.notifications.postbox import (
    DOWN,
    LATER,
    LATER_AT_DOT,
    SENT,
    UNKNOWN,
    Postbox,
    Taken,
    session,
)


@dataclass
class Calendar:
    """What a person's calendar program makes of the messages that arrive, in the order in which they arrive (RFC 5546,
    2.1.5: a higher SEQUENCE replaces, an older one is ignored)."""

    sequence: int = -1
    entry: tuple[str, str] | None = None

    def take(self, text: str) -> None:
        found = dict(re.findall(r"^(SEQUENCE|METHOD|SUMMARY|LOCATION)[^:]*:(.*)$", text, re.M))
        if int(found["SEQUENCE"]) < self.sequence:
            return
        if int(found["SEQUENCE"]) == self.sequence and found["METHOD"] == "CANCEL":
            return  # many programs need a higher number to take an entry away
        self.sequence = int(found["SEQUENCE"])
        self.entry = (found["SUMMARY"], found["LOCATION"]) if found["METHOD"] == "REQUEST" else None


@dataclass
class Cohorts:
    """The cohorts service's side of one session: when SEQUENCE rises, and by how much."""

    people: list[UUID]
    starts: datetime
    session_id: UUID = field(default_factory=uuid.uuid4)
    sequence: int = 0
    status: str = "scheduled"
    place: str = "Room 0"
    current: dict[UUID, bool] = field(default_factory=dict)

    def published(self) -> SessionPublished:
        going = [person for person, wanted in self.current.items() if wanted]
        return session(
            going, self.starts, session_id=self.session_id, calendar_sequence=self.sequence, status=self.status,
            place=self.place,
        )  # fmt: skip

    def change(self, number: int) -> SessionPublished:
        self.sequence += 1
        self.place = f"Room {number}"
        return self.published()

    def toggle(self, person: UUID) -> SessionPublished:
        """Put somebody on the list, or take them off; who comes back raises SEQUENCE by two."""
        wanted = not self.current.get(person, False)
        self.sequence += 2 if wanted and person in self.current else 0
        self.current[person] = wanted
        return self.published()

    def cancel(self) -> SessionPublished:
        self.sequence += 1
        self.status = "cancelled"
        return self.published()


def arrivals(taken: list[Taken]) -> dict[str, Calendar]:
    """Each person's calendar, by address."""
    calendars: dict[str, Calendar] = defaultdict(Calendar)
    for each in taken:
        if each.calendar:
            calendars[each.recipient].take(each.calendar)
    return calendars


def ids(taken: list[Taken]) -> Counter[str]:
    return Counter(each.parsed["Message-ID"] for each in taken)


def invited(postbox: Postbox, count: int = 2) -> tuple[list[UUID], Cohorts]:
    people = [postbox.person(email=f"p{number}@example.org") for number in range(count)]
    programme = Cohorts(people, postbox.clock() + timedelta(days=30))
    programme.current = dict.fromkeys(people, True)
    return people, programme


def last_kinds(postbox: Postbox) -> dict[str, list[str]]:
    """Address -> the kinds of all messages to it that went, in order."""
    kinds = defaultdict(list)
    for row in postbox.rows():
        if row.state == "sent":
            kinds[row.email].append(row.kind)
    return kinds


def test_invited_moved_and_cancelled(postbox: Postbox) -> None:
    _, programme = invited(postbox)
    for event in (programme.published(), programme.change(2), programme.cancel()):
        postbox.publish(event)
        postbox.send(minutes=1)
    assert set(map(tuple, last_kinds(postbox).values())) == {
        ("session_invitation", "session_changed", "session_cancelled")
    }
    sequences = [re.search(r"SEQUENCE:(\d)", each.calendar or "") for each in postbox.mailer.taken[::2]]
    assert [found[1] for found in sequences if found] == ["0", "1", "2"]
    text = postbox.mailer.taken[2].parsed.get_body(("plain",))
    assert text is not None and "Room 0" in text.get_content() and "Room 2" in text.get_content()


def test_who_is_added_gets_an_invitation_and_others_nothing(postbox: Postbox) -> None:
    people, programme = invited(postbox)
    programme.current.pop(people[1])
    postbox.publish(programme.published())
    postbox.send(minutes=1)
    postbox.publish(programme.toggle(people[1]))
    postbox.send(minutes=1)
    assert last_kinds(postbox) == {"p0@example.org": ["session_invitation"], "p1@example.org": ["session_invitation"]}


def test_who_is_removed_gets_a_cancellation_above_the_invitation(postbox: Postbox) -> None:
    people, programme = invited(postbox)
    postbox.publish(programme.published())
    postbox.send(minutes=1)
    postbox.publish(programme.toggle(people[1]))
    postbox.send(minutes=1)
    postbox.publish(programme.cancel())
    postbox.send(minutes=1)
    assert last_kinds(postbox) == {
        "p0@example.org": ["session_invitation", "session_cancelled"],
        "p1@example.org": ["session_invitation", "session_cancelled"],
    }
    to_removed = [each.calendar or "" for each in postbox.mailer.taken if each.recipient == "p1@example.org"]
    assert ["METHOD:CANCEL" in text for text in to_removed] == [False, True]
    assert [re.findall(r"SEQUENCE:(\d)", text) for text in to_removed] == [["0"], ["1"]]
    assert all(calendar.entry is None for calendar in arrivals(postbox.mailer.taken).values())


def test_who_comes_back_is_invited_and_nobody_else_is_disturbed(postbox: Postbox) -> None:
    people, programme = invited(postbox)
    events = [programme.published(), programme.toggle(people[1]), programme.toggle(people[1])]
    for event in events:
        postbox.publish(event)
        postbox.send(minutes=1)
    assert programme.sequence == 2
    assert last_kinds(postbox) == {
        "p0@example.org": ["session_invitation"],
        "p1@example.org": ["session_invitation", "session_cancelled", "session_invitation"],
    }
    assert all(calendar.entry for calendar in arrivals(postbox.mailer.taken).values())


def test_cancelled_before_the_invitation_went_sends_neither(postbox: Postbox) -> None:
    _, programme = invited(postbox)
    postbox.publish(programme.published(), programme.cancel())
    postbox.send()
    assert postbox.mailer.tried == 0
    assert {row.state for row in postbox.rows()} == {"superseded"}
    assert postbox.told() == []  # nothing failed


def test_changed_before_the_invitation_went_is_worded_as_an_invitation(postbox: Postbox) -> None:
    _, programme = invited(postbox, 1)
    postbox.publish(programme.published(), programme.change(7))
    postbox.send()
    [taken] = postbox.mailer.taken
    text = taken.parsed.get_body(("plain",))
    assert text is not None and "has changed" not in text.get_content() and "Room 7" in text.get_content()
    sent = [row for row in postbox.rows() if row.state == "sent"]
    with postbox.units.begin(write=False) as uow:
        assert uow.templates.get(sent[0].template).kind == "session_invitation"  # what staff are shown is what went


def waits(programme: Cohorts, going: list[UUID], waiting: list[UUID]) -> SessionPublished:
    programme.current = dict.fromkeys(going, True)
    return dataclasses.replace(programme.published(), waiting=waiting)


def test_who_waits_is_told_so_and_then_that_there_is_a_place(postbox: Postbox) -> None:
    (first, second), programme = invited(postbox)
    for event in (
        waits(programme, [first], [second]),
        waits(programme, [first], [second]),
        waits(programme, [second], []),
    ):
        postbox.publish(event)
        postbox.send(minutes=1)
    assert last_kinds(postbox) == {
        "p0@example.org": ["session_invitation", "session_cancelled"],
        "p1@example.org": ["session_waiting", "session_place"],
    }
    word, place = (each for each in postbox.mailer.taken if each.recipient == "p1@example.org")
    assert word.calendar is None and "waiting list" in word.text
    assert "METHOD:REQUEST" in (place.calendar or "") and "it is yours" in place.text
    assert arrivals(postbox.mailer.taken)["p1@example.org"].entry is not None


def test_who_waits_hears_of_a_move_and_of_the_end(one_postbox: Postbox) -> None:
    (first, second), programme = invited(one_postbox)
    one_postbox.publish(waits(programme, [first], [second]))
    one_postbox.send(minutes=1)
    programme.change(7)
    one_postbox.publish(waits(programme, [first], [second]))
    one_postbox.send(minutes=1)
    assert "Room 7" in one_postbox.mailer.taken[-1].text + one_postbox.mailer.taken[-2].text
    cancelled = dataclasses.replace(programme.cancel(), waiting=[second])
    one_postbox.publish(cancelled, cancelled)
    one_postbox.send(minutes=1)
    assert last_kinds(one_postbox)["p1@example.org"] == ["session_waiting", "session_waiting", "session_waiting_over"]
    assert all(each.calendar is None for each in one_postbox.mailer.taken if each.recipient == "p1@example.org")


def test_word_of_a_waiting_list_that_is_no_longer_so_never_goes(one_postbox: Postbox) -> None:
    (first, second), programme = invited(one_postbox)
    one_postbox.publish(
        waits(programme, [first], [second]), waits(programme, [], [second]), waits(programme, [second], [])
    )
    one_postbox.send(minutes=1)
    assert last_kinds(one_postbox) == {"p1@example.org": ["session_place"]}
    # Whoever leaves the list and comes back is told again.
    one_postbox.publish(*(waits(programme, [second], [*who]) for who in ([first], [], [first])))
    one_postbox.send(minutes=1)
    assert last_kinds(one_postbox)["p0@example.org"] == ["session_waiting"]
    assert [row.state for row in one_postbox.rows() if row.kind == "session_waiting"].count("superseded") == 2


def test_a_cancellation_follows_an_invitation_that_may_have_arrived(postbox: Postbox) -> None:
    _, programme = invited(postbox, 1)
    postbox.publish(programme.published(), programme.change(1))
    postbox.mailer.script = [UNKNOWN]
    postbox.send()
    postbox.publish(programme.cancel())
    postbox.send(minutes=16)  # the change is due once more, and the cancellation with it
    assert "METHOD:CANCEL" in (postbox.mailer.taken[-1].calendar or "")
    assert arrivals(postbox.mailer.taken)["p0@example.org"].entry is None


def test_a_cancellation_waits_for_the_invitation_on_its_way(postbox: Postbox) -> None:
    _, programme = invited(postbox, 1)
    postbox.publish(programme.published())
    cancelled = programme.cancel()
    postbox.mailer.script = ["taken"]
    with pytest.raises(BaseException):  # noqa: B017 - it is killed
        postbox.send(restart=False)
    postbox.new_sender()
    postbox.publish(cancelled)
    postbox.send()
    assert len(postbox.mailer.taken) == 1
    postbox.send(minutes=16)
    postbox.send(minutes=1)
    assert arrivals(postbox.mailer.taken)["p0@example.org"].entry is None
    assert len(postbox.mailer.taken) == 2


STEPS = st.sampled_from(["change", "toggle 0", "toggle 1", "toggle 2"])
OUTCOMES = st.sampled_from([SENT, SENT, SENT, LATER, LATER_AT_DOT, DOWN, UNKNOWN, "before", "taken"])


def history(programme: Cohorts, steps: list[str], *, cancelled: bool) -> list[SessionPublished]:
    events = [programme.published()]
    for number, step in enumerate(steps, 1):
        if step == "change":
            events.append(programme.change(number))
        else:
            events.append(programme.toggle(programme.people[int(step[-1])]))
    return [*events, programme.cancel()] if cancelled else events


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), steps=st.lists(STEPS, max_size=4), cancelled=st.booleans())
def test_every_calendar_ends_right(one_postbox: Postbox, data: Any, steps: list[str], cancelled: bool) -> None:
    postbox, tag = one_postbox, uuid.uuid4().hex[:8]
    people = [postbox.person(email=f"p{number}-{tag}@example.org") for number in range(3)]
    programme = Cohorts(people, postbox.clock() + timedelta(days=30))
    programme.current = {people[0]: True, people[1]: True}
    envelopes = [postbox.envelope(event) for event in history(programme, steps, cancelled=cancelled)]
    postbox.mailer.taken.clear()
    postbox.mailer.script = data.draw(st.lists(OUTCOMES, max_size=8), label="outcomes")
    for envelope in data.draw(st.permutations(envelopes), label="order"):
        postbox.deliver(envelope)
        if data.draw(st.booleans(), label="send now"):
            postbox.send(minutes=data.draw(st.sampled_from([0, 1, 20]), label="wait"))
    for _ in range(14):
        postbox.send(hours=3)
    calendars = arrivals(postbox.mailer.taken)
    for number, person in enumerate(people):
        invited_now = programme.status == "scheduled" and programme.current.get(person, False)
        wanted = ("Telling your story", programme.place) if invited_now else None
        assert calendars[f"p{number}-{tag}@example.org"].entry == wanted
    _never_twice(postbox)


def _never_twice(postbox: Postbox) -> None:
    """One message for each person, SEQUENCE and method; again only where nobody knew whether it had arrived."""
    rows = {str(row.id): row for row in postbox.rows()}
    seen = Counter[tuple[str, str, str]]()
    for message_id, times in ids(postbox.mailer.taken).items():
        row = next(row for key, row in rows.items() if key in message_id or key.replace("-", "") in message_id)
        assert times <= 1 + row.unknown_retries
        assert not row.unknown_retries or KINDS[row.kind].retry_unknown
        seen[row.recipient, str(row.session_sequence), str(row.session_method)] += 1
    assert set(seen.values()) <= {1}


def remind(programme: Cohorts) -> SessionReminderDue:
    return SessionReminderDue(
        session_id=programme.session_id, calendar_sequence=programme.sequence, minutes_before=24 * 60
    )


def test_a_reminder_goes_once_to_those_still_invited(postbox: Postbox) -> None:
    people, programme = invited(postbox)
    early = postbox.envelope(remind(programme))
    assert postbox.deliver(early) == ["retry"]  # the session itself has not arrived
    postbox.publish(programme.published(), programme.toggle(people[1]))
    assert postbox.deliver(early) == ["done"]
    postbox.publish(remind(programme))  # asked for twice, by two events
    postbox.send()
    assert [row.email for row in postbox.rows() if row.kind == "session_reminder"] == ["p0@example.org"]


def test_a_reminder_survives_somebody_coming_back_but_not_a_move(postbox: Postbox) -> None:
    people, programme = invited(postbox)
    postbox.publish(programme.published(), programme.toggle(people[1]))
    reminder = postbox.envelope(remind(programme))
    postbox.publish(programme.toggle(people[1]))
    assert postbox.deliver(reminder) == ["done"]
    assert [row.kind for row in postbox.rows()].count("session_reminder") == 2
    late = postbox.envelope(remind(programme))
    programme.starts += timedelta(days=1)
    postbox.publish(programme.change(3))
    postbox.deliver(late)
    assert [row.kind for row in postbox.rows()].count("session_reminder") == 2


def test_a_reminder_ends_when_the_session_begins(postbox: Postbox) -> None:
    _, programme = invited(postbox, 1)
    postbox.publish(programme.published())
    postbox.send()
    postbox.clock.set(programme.starts - timedelta(hours=1))
    postbox.publish(remind(programme))
    postbox.mailer.script = [LATER] * 9
    postbox.send()
    postbox.send(hours=2)
    assert postbox.states()[-1] == ("session_reminder", "expired")
