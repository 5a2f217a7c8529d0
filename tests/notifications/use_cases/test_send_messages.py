"""Sending: leases, the commit before the final dot, deaths between phases, servers that are down, bad addresses."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from services.notifications.domain.outcomes import Outcome
from services.notifications.storage.notes import Notes
from services.notifications.storage.tables import MessageRow, SuppressionRow
from services.notifications.use_cases import send_messages
from services.notifications.use_cases.retry_message import retry_message
from services.notifications.use_cases.send_messages import BATCH, CLAIM_LEASE, HANDED_LEASE, REST, SOME, Sender
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.messaging.outage import is_outage
from tests.notifications.postbox import (
    DOWN,
    LATER,
    LATER_AT_DOT,
    NO_SUCH_PERSON,
    SENT,
    UNKNOWN,
    Killed,
    Postbox,
    ScriptedMailer,
    make_config,
    offered,
    submitted,
)


def queued(postbox: Postbox, count: int = 1) -> None:
    """So many receipts, each to somebody else."""
    for number in range(count):
        person = postbox.person(email=f"p{number}@example.org")
        postbox.publish(submitted(person, postbox.clock()))


def state(postbox: Postbox) -> str:
    [row] = postbox.rows()
    return row.state


def failures(postbox: Postbox) -> list[dict[str, Any]]:
    return [each for each in postbox.told() if each["type"] == "notifications.message_failed"]


def test_handed_is_committed_before_the_dot_and_sent_after_it(postbox: Postbox) -> None:
    queued(postbox)
    seen: list[str] = []
    postbox.mailer.before_dot = lambda: seen.append(state(postbox))
    postbox.send()
    assert seen == ["sending"]
    [row] = postbox.rows()
    assert (row.state, row.attempts, row.lease) == ("sent", 1, None)
    assert row.handed_at is not None and row.finished_at is not None
    [told] = postbox.told()
    assert (told["type"], told["message_id"]) == ("notifications.message_handed_over", str(row.id))


def test_dying_before_the_dot_sends_once_and_dying_after_it_never_again(postbox: Postbox) -> None:
    queued(postbox, 2)
    postbox.mailer.script = ["before"]
    with pytest.raises(Killed):
        postbox.send(restart=False)
    postbox.new_sender()
    postbox.send()  # the lease of both has not ended
    assert postbox.mailer.taken == []
    postbox.mailer.script = ["taken"]
    with pytest.raises(Killed):
        postbox.send(restart=False, seconds=CLAIM_LEASE.total_seconds())
    assert Counter(row.state for row in postbox.rows()) == {"handed": 1, "sending": 1}
    postbox.new_sender()
    postbox.send(seconds=HANDED_LEASE.total_seconds())
    postbox.send(days=1)
    assert Counter(row.state for row in postbox.rows()) == {"unknown": 1, "sent": 1}
    assert sorted(each.recipient for each in postbox.mailer.taken) == ["p0@example.org", "p1@example.org"]
    [failed] = failures(postbox)
    assert failed["state"] == "unknown"


def test_a_death_leaves_one_unknown_however_many_were_sent_before(postbox: Postbox) -> None:
    queued(postbox, 8)
    postbox.mailer.script = [SENT, SENT, SENT, NO_SUCH_PERSON, SENT, "taken"]
    with pytest.raises(Killed):
        postbox.send(restart=False)
    assert Counter(row.state for row in postbox.rows()) == {"sent": 4, "failed": 1, "handed": 1, "sending": 2}


def test_an_offer_of_unknown_outcome_goes_once_more_with_the_same_message_id(postbox: Postbox) -> None:
    postbox.publish(offered(postbox.person(), postbox.clock()))
    postbox.mailer.script = [UNKNOWN, UNKNOWN]
    postbox.send()
    assert failures(postbox) == []
    postbox.send(minutes=14)
    assert len(postbox.mailer.taken) == 1
    postbox.send(minutes=2)
    postbox.send(days=2)
    assert len(postbox.mailer.taken) == 2
    assert postbox.mailer.taken[0].message == postbox.mailer.taken[1].message
    [row] = postbox.rows()
    assert (row.state, row.unknown_retries) == ("unknown", 1)
    assert [each["state"] for each in failures(postbox)] == ["unknown"]


def test_a_server_that_is_down_defers_one_and_spares_the_others(postbox: Postbox) -> None:
    queued(postbox, 5)
    postbox.mailer.script = [DOWN, DOWN]
    postbox.send()
    assert Counter(row.state for row in postbox.rows()) == {"deferred": 1, "queued": 4}
    assert {row.attempts for row in postbox.rows() if row.state == "queued"} == {0}
    postbox.send()
    assert postbox.mailer.tried == 1  # it rests
    postbox.send(seconds=REST.total_seconds())
    assert postbox.mailer.tried == 2  # one message asks whether it is back
    postbox.send(seconds=REST.total_seconds())
    assert Counter(row.state for row in postbox.rows()) == {"deferred": 2, "sent": 3}
    postbox.send(minutes=6)
    assert Counter(row.state for row in postbox.rows()) == {"sent": 5}
    assert len(postbox.mailer.taken) == 5


@pytest.mark.parametrize("outcome", [LATER, LATER_AT_DOT])
def test_a_deferral_is_retried_until_the_message_is_of_no_use(one_postbox: Postbox, outcome: Outcome) -> None:
    queued(one_postbox)
    one_postbox.mailer.script = [outcome] * 100
    one_postbox.send()
    assert state(one_postbox) == "deferred"
    for _ in range(30):
        one_postbox.send(hours=8)
    assert state(one_postbox) == "expired"
    assert 10 < one_postbox.mailer.tried < 30
    assert [each["state"] for each in failures(one_postbox)] == ["expired"]


def test_an_address_that_does_not_exist_is_not_written_to_again(postbox: Postbox) -> None:
    person = postbox.person(email="P@example.org")
    postbox.mailer.script = [NO_SUCH_PERSON]
    for _ in range(2):
        postbox.publish(submitted(person, postbox.clock()))
        postbox.send()
        postbox.clock.advance(timedelta(seconds=1))
    assert [row.state for row in postbox.rows()] == ["failed", "suppressed"]
    assert postbox.mailer.tried == 1
    first, second = failures(postbox)
    assert (first["state"], second["state"]) == ("failed", "suppressed")
    assert "@" not in first["reason"] and "no such person" in first["reason"]  # for staff, and holds no address
    with postbox.units.begin(write=False) as uow:
        assert uow.session.get(SuppressionRow, "p@example.org") is not None


def test_a_message_that_cannot_be_written_keeps_nobody_waiting(postbox: Postbox) -> None:
    queued(postbox, 3)
    broken = postbox.rows()[1].id
    with postbox.units.begin() as uow:
        uow.session.execute(update(MessageRow).where(MessageRow.id == broken).values(values={}))
    postbox.send()
    assert sorted(row.state for row in postbox.rows()) == ["failed", "sent", "sent"]
    assert len(failures(postbox)) == 1


@pytest.mark.parametrize("address", ["ä@example.org", "a b@example.org", "x@localhost@y", "<x@example.org>"])
def test_an_address_that_email_cannot_carry_fails_alone(one_postbox: Postbox, address: str) -> None:
    one_postbox.publish(submitted(one_postbox.person(email=address), one_postbox.clock()))
    queued(one_postbox)
    one_postbox.send()
    assert sorted(row.state for row in one_postbox.rows()) == ["failed", "sent"]


def test_a_mailer_that_breaks_its_promise_costs_one_attempt(one_postbox: Postbox) -> None:
    class Broken(ScriptedMailer):
        def send(self, *arguments: Any, **named: Any) -> Outcome:
            if not self.tried:
                self.tried += 1
                raise RuntimeError("a bug")
            return super().send(*arguments, **named)

    queued(one_postbox, 2)
    one_postbox.mailer = Broken()
    one_postbox.new_sender()
    one_postbox.send()
    assert sorted(row.state for row in one_postbox.rows()) == ["deferred", "sent"]


def test_a_lease_that_ended_stops_before_the_dot(postbox: Postbox) -> None:
    queued(postbox)
    other = ScriptedMailer()

    def taken_over() -> None:
        postbox.mailer.before_dot = lambda: None
        postbox.clock.advance(CLAIM_LEASE)
        assert Sender(postbox.units, other, "hearth@example.org").step()

    postbox.mailer.before_dot = taken_over
    postbox.send()
    assert (len(postbox.mailer.taken), len(other.taken)) == (0, 1)
    assert state(postbox) == "sent"


def test_an_answer_that_comes_after_the_lease_still_counts(postbox: Postbox) -> None:
    queued(postbox)

    class Slow(ScriptedMailer):
        def send(self, *arguments: Any, **named: Any) -> Outcome:
            outcome = super().send(*arguments, **named)
            postbox.clock.advance(HANDED_LEASE)
            Sender(postbox.units, ScriptedMailer(), "hearth@example.org").step()
            assert state(postbox) == "unknown"
            return outcome

    postbox.mailer = Slow()
    postbox.new_sender()
    postbox.send()
    assert state(postbox) == "sent"


def test_a_slow_batch_gives_back_what_it_has_not_tried(postbox: Postbox) -> None:
    queued(postbox, 4)
    postbox.mailer.before_dot = lambda: postbox.clock.advance(timedelta(seconds=40))
    assert postbox.sender.step()
    assert Counter(row.state for row in postbox.rows()) == {"sent": 2, "queued": 2}
    assert {row.attempts for row in postbox.rows() if row.state == "queued"} == {0}
    postbox.send()
    assert len(postbox.mailer.taken) == 4


@pytest.mark.parametrize("committed", [False, True], ids=["before it commits", "after it committed"])
def test_a_database_that_goes_away_loses_no_outcome_and_holds_nothing_up(
    one_postbox: Postbox, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    queued(one_postbox, 3)
    real, calls = Notes.hand, Counter[str]()

    def hand(notes: Notes, *note: Any) -> bool:
        calls["all"] += 1
        away = calls["all"] == 2  # the note that keeps the first outcome and lets the second message go
        if away and not committed:
            raise ConnectionError("away")
        ours = real(notes, *note)
        if away:
            raise ConnectionError("away")
        return ours

    monkeypatch.setattr(Notes, "hand", hand)
    with pytest.raises(ConnectionError):
        one_postbox.sender.step()
    one_postbox.send()
    assert [(row.state, row.attempts) for row in one_postbox.rows()] == [("sent", 1)] * 3
    assert len({each.recipient for each in one_postbox.mailer.taken}) == len(one_postbox.mailer.taken) == 3
    assert len(one_postbox.told()) == 3


@pytest.mark.postgres
def test_several_senders_at_once_send_each_once(postgres_url: str, clock: Any, key_pair: Any, tmp_path: Any) -> None:
    postbox = Postbox(make_config(postgres_url, key_pair[1], tmp_path), clock)
    queued(postbox, 3 * BATCH)
    mailers = [ScriptedMailer() for _ in range(3)]
    senders = [Sender(postbox.units, mailer, "hearth@example.org") for mailer in mailers]

    def work(sender: Sender) -> None:
        while sender.step():
            pass

    threads = [threading.Thread(target=work, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    counts = Counter(taken.recipient for mailer in mailers for taken in mailer.taken)
    assert set(counts.values()) == {1} and len(counts) == 3 * BATCH
    assert {row.state for row in postbox.rows()} == {"sent"}
    assert sum(bool(mailer.taken) for mailer in mailers) > 1
    postbox.close()


@pytest.mark.postgres
def test_a_connection_that_breaks_at_a_note_is_an_outage_and_loses_nothing(
    postgres_url: str, clock: Any, key_pair: Any, tmp_path: Any
) -> None:
    postbox = Postbox(make_config(postgres_url, key_pair[1], tmp_path), clock)
    queued(postbox, 3)
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def cut() -> None:
        if len(postbox.mailer.taken) == 1:
            postbox.mailer.before_dot = lambda: None
            with postbox.units.begin() as uow:
                uow.session.execute(text(others))

    postbox.mailer.before_dot = cut
    with pytest.raises(DBAPIError) as caught:
        postbox.sender.step()
    assert is_outage(caught.value)
    postbox.send()
    assert {row.state for row in postbox.rows()} == {"sent"}
    assert len({each.recipient for each in postbox.mailer.taken}) == len(postbox.mailer.taken) == 3
    postbox.close()


@pytest.mark.postgres
def test_what_was_made_ready_beside_is_given_back_when_the_server_goes_or_the_worker_stops(
    postgres_url: str, clock: Any, key_pair: Any, tmp_path: Any
) -> None:
    postbox = Postbox(make_config(postgres_url, key_pair[1], tmp_path), clock)
    queued(postbox, BATCH + 5)
    postbox.mailer.script = [*[SENT] * (SOME + 5), DOWN]
    assert not postbox.sender.step()
    counts = Counter(row.state for row in postbox.rows())
    assert counts == {"sent": SOME + 5, "deferred": 1, "queued": BATCH - SOME - 1}
    assert {row.attempts for row in postbox.rows() if row.state == "queued"} == {0}
    postbox.clock.advance(timedelta(hours=1))
    postbox.sender.step()  # one message tries whether the server is back
    queued(postbox, SOME + 5)
    assert postbox.sender.step()
    postbox.sender.close()
    assert Counter(row.state for row in postbox.rows())["sending"] == 0
    postbox.send()
    assert {row.state for row in postbox.rows()} == {"sent"}
    assert len({each.parsed["Message-ID"] for each in postbox.mailer.taken}) == len(postbox.mailer.taken)
    assert len(postbox.told()) == len(postbox.mailer.taken) == BATCH + 5 + SOME + 5
    postbox.close()


@pytest.mark.postgres
def test_a_database_that_goes_away_beside_loses_no_outcome(
    postgres_url: str, clock: Any, key_pair: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    postbox = Postbox(make_config(postgres_url, key_pair[1], tmp_path), clock)
    queued(postbox, BATCH + 5)
    real, away = send_messages.claim, [False, True, False]

    def claim(*arguments: Any) -> Any:
        if away and away.pop(0):
            raise ConnectionError("away")
        return real(*arguments)

    monkeypatch.setattr(send_messages, "claim", claim)
    assert postbox.sender.step()
    with pytest.raises(ConnectionError):
        postbox.sender.step()
    postbox.send()
    assert {row.state for row in postbox.rows()} == {"sent"}
    assert len(postbox.mailer.taken) == len(postbox.told()) == BATCH + 5
    postbox.close()


def test_staff_have_a_refused_message_sent_again(postbox: Postbox) -> None:
    queued(postbox)
    postbox.mailer.script = [Outcome(LATER.result.FAILED, LATER.phase, 554, "5.7.1", "policy")]
    postbox.send()
    [row] = postbox.rows()
    assert row.state == "failed"
    with postbox.units.begin() as uow:
        retry_message(uow, row.id)
    postbox.send()
    assert [each["type"].split(".")[1] for each in postbox.told()] == ["message_failed", "message_handed_over"]
    with pytest.raises(Conflict), postbox.units.begin() as uow:
        retry_message(uow, row.id)
    with pytest.raises(NotFound), postbox.units.begin() as uow:
        retry_message(uow, new_id())
    assert len(postbox.mailer.taken) == 1


def test_nothing_due_takes_no_writers_lock(one_postbox: Postbox) -> None:
    with one_postbox.units.begin() as uow:
        uow.session.connection()  # SQLite has one writer: this is it
        assert one_postbox.sender.step() is False
