"""Reports that come back: found by the sealed return path, each once, and what they change."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.config import Bounces
from services.notifications.domain.bounces import Kind, read_report
from services.notifications.domain.categories import Category
from services.notifications.domain.mime import message_id
from services.notifications.use_cases.keep_suppressions import import_suppressions, lift_suppression
from services.notifications.use_cases.take_in_report import REPEATED, UNMATCHED, take_in_report
from shared.errors import Conflict, NotFound
from tests.notifications.postbox import SENT, Killed, Postbox, offered, submitted
from tests.notifications.reports import BOUNCES, QMAIL, complaint, dsn, path_of


@pytest.fixture
def postbox(postbox: Postbox) -> Postbox:
    """With a mailbox for bounces."""
    return _with_bounces(postbox)


@pytest.fixture
def one_postbox(one_postbox: Postbox) -> Postbox:
    """With a mailbox for bounces."""
    return _with_bounces(one_postbox)


def _with_bounces(postbox: Postbox) -> Postbox:
    postbox.close()
    return Postbox(type(postbox.config)(**{**vars(postbox.config), "bounces": Bounces(BOUNCES)}), postbox.clock)


def sent(postbox: Postbox, email: str = "p@example.net") -> Any:
    """A receipt that a server took."""
    person = postbox.person(email=email)
    postbox.publish(submitted(person, postbox.clock()))
    postbox.send()
    return next(row for row in postbox.rows() if row.person_id == person)


def take_in(postbox: Postbox, octets: bytes, source: str = "mailbox") -> str:
    with postbox.units.begin() as uow:
        return take_in_report(uow, octets, source)


def suppressed(postbox: Postbox, email: str) -> bool:
    with postbox.units.begin(write=False) as uow:
        return bool(uow.suppressions.among({email}, uow.now))


def state(postbox: Postbox, row: Any) -> str:
    with postbox.units.begin(write=False) as uow:
        return uow.messages.get(row.id).state


def test_a_bounce_ends_the_message_suppresses_the_address_and_is_told_once(postbox: Postbox) -> None:
    row = sent(postbox)
    report = dsn(path_of(postbox, row), diagnostic="550 5.1.1 <p@example.net>: no such user")
    assert take_in(postbox, report) == "failed"
    assert take_in(postbox, report, "hook") == REPEATED
    assert state(postbox, row) == "bounced"
    assert suppressed(postbox, "P@Example.net")
    [told] = [each for each in postbox.told() if each["type"] == "notifications.message_failed"]
    assert told["state"] == "bounced" and "no such user" in told["reason"] and "@" not in told["reason"]
    with postbox.units.begin(write=False) as uow:
        assert [line.what for line in uow.history.of(row.id)] == ["bounced"]


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "ends", "stops"),
    [
        ("failed", "5.1.10", "", "bounced", True),
        ("failed", "5.0.0", "550 5.1.1 no such user", "bounced", True),
        ("failed", "5.7.1", "554 5.7.1 policy", "bounced", False),
        ("failed", "5.4.4", "", "bounced", False),
        ("delayed", "4.4.1", "", "sent", False),
        ("delivered", "2.1.5", "", "delivered", False),
        ("relayed", "2.0.0", "", "sent", False),
    ],
)
def test_what_a_status_changes(
    one_postbox: Postbox, action: str, status: str, diagnostic: str, ends: str, stops: bool
) -> None:
    row = sent(one_postbox)
    take_in(one_postbox, dsn(path_of(one_postbox, row), action, status, diagnostic))
    assert (state(one_postbox, row), suppressed(one_postbox, row.email)) == (ends, stops)


def test_three_full_mailboxes_within_fourteen_days_are_left_alone_for_fourteen(one_postbox: Postbox) -> None:
    for number in range(3):
        assert not suppressed(one_postbox, "p@example.net")
        row = sent(one_postbox)
        take_in(one_postbox, dsn(path_of(one_postbox, row), status="5.2.2", number=number))
        one_postbox.clock.advance(timedelta(days=6))
    assert suppressed(one_postbox, "p@example.net")
    one_postbox.clock.advance(timedelta(days=9))
    assert not suppressed(one_postbox, "p@example.net")


def test_full_mailboxes_far_apart_change_nothing(one_postbox: Postbox) -> None:
    for number in range(4):
        row = sent(one_postbox)
        take_in(one_postbox, dsn(path_of(one_postbox, row), status="5.2.2", number=number))
        one_postbox.clock.advance(timedelta(days=8))
    assert not suppressed(one_postbox, "p@example.net")


def test_a_return_path_that_nobody_sealed_is_about_no_message(one_postbox: Postbox) -> None:
    row = sent(one_postbox)
    name, _, domain = path_of(one_postbox, row).rpartition("@")
    forged = f"{name[:-1]}{'a' if name[-1] != 'a' else 'b'}@{domain}"
    assert take_in(one_postbox, dsn(forged)) == UNMATCHED
    assert state(one_postbox, row) == "sent"
    assert take_in(one_postbox, dsn(path_of(one_postbox, row).upper(), number=2)) == "failed"


def test_a_form_of_the_servers_own_ends_the_message_and_suppresses_nobody(one_postbox: Postbox) -> None:
    row = sent(one_postbox)
    assert take_in(one_postbox, QMAIL.replace(b"%(to)s", path_of(one_postbox, row).encode())) == "failed"
    assert (state(one_postbox, row), suppressed(one_postbox, row.email)) == ("bounced", False)


def test_a_complaint_turns_off_what_can_be_turned_off_and_offers_still_go(one_postbox: Postbox) -> None:
    row = sent(one_postbox)
    report = complaint("fbl@example.org", message_id(row.id, "example.org"))
    assert take_in(one_postbox, report) == "complaint"
    assert state(one_postbox, row) == "complained"
    with one_postbox.units.begin(write=False) as uow:
        assert uow.wishes.of(row.recipient).turned_off(["participant"]) == set(Category) - {Category.ESSENTIAL}
    one_postbox.publish(offered(row.person_id, one_postbox.clock()))
    one_postbox.send()
    assert one_postbox.states()[-1] == ("decision_offer", "sent")


def test_a_message_that_is_being_handed_over_waits_for_its_report(one_postbox: Postbox) -> None:
    one_postbox.mailer.script = ["taken"]
    person = one_postbox.person()
    one_postbox.publish(submitted(person, one_postbox.clock()))
    with pytest.raises(Killed):
        one_postbox.send(restart=False)
    [row] = one_postbox.rows()
    with pytest.raises(Conflict):
        take_in(one_postbox, dsn(path_of(one_postbox, row)))


def test_a_bounce_before_the_batch_is_settled_is_the_last_word(one_postbox: Postbox) -> None:
    """The report arrives while the sender still has the rest of its batch in hand."""
    for _ in range(3):
        one_postbox.publish(submitted(one_postbox.person(), one_postbox.clock()))
    first = one_postbox.rows()[0]
    reported: list[str] = []

    def report() -> None:
        if state(one_postbox, first) == "sent" and not reported:
            reported.append(take_in(one_postbox, dsn(path_of(one_postbox, first))))

    one_postbox.mailer.before_dot = report
    one_postbox.mailer.script = [SENT, SENT, SENT]
    one_postbox.send()
    assert reported == ["failed"]
    assert state(one_postbox, first) == "bounced"


def test_staff_lift_and_import(one_postbox: Postbox) -> None:
    with one_postbox.units.begin() as uow:
        found = import_suppressions(uow, "email,why\nA@example.net,gone\nb@example.net\nnot an address\n", None)
    assert (found.added, found.known, found.wrong) == (2, 0, [4])
    assert suppressed(one_postbox, "a@example.NET")
    with one_postbox.units.begin() as uow:
        lift_suppression(uow, "a@Example.net", None)
    assert not suppressed(one_postbox, "a@example.net")
    with pytest.raises(NotFound), one_postbox.units.begin() as uow:
        lift_suppression(uow, "a@example.net", None)
    with one_postbox.units.begin() as uow:
        again = import_suppressions(uow, "a@example.net\nb@example.net", None)
    assert (again.added, again.known) == (1, 1)


@given(st.binary(max_size=400))
def test_whatever_comes_back_can_be_read(octets: bytes) -> None:
    assert read_report(octets).kind in set(Kind)


@given(st.text(max_size=60), st.text(max_size=60))
def test_headers_of_any_kind_can_be_read(to: str, diagnostic: str) -> None:
    assert read_report(dsn("x", diagnostic=diagnostic) + to.encode("utf-8", "replace")).kind in set(Kind)
