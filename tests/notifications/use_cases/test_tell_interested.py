"""People on the interest list are written to at their address, in their language, with a way off the list."""

import uuid
from datetime import timedelta

from shared.contracts.applications import InterestedPerson, InterestRegistered, RoundAnnounced
from tests.notifications.postbox import Postbox


def announced(postbox: Postbox, what: str) -> RoundAnnounced:
    return RoundAnnounced(
        round_id=uuid.uuid4(),
        what=what,
        titles={"en": "Spring 2027", "ar": "ربيع 2027"},
        round_link="http://localhost/rounds/spring",
        closes_at=postbox.clock() + timedelta(days=20),
        zone="Europe/London",
        people=[
            InterestedPerson(email="a@example.org", language="ar", leave_link="http://localhost/interest/leave/1/x"),
            InterestedPerson(email="b@example.org", language="fa-AF", leave_link="http://localhost/interest/leave/2/y"),
            InterestedPerson(email="c@example.org", language="en", leave_link="http://localhost/interest/leave/3/z"),
        ],
    )


def test_each_gets_one_message_of_their_own(postbox: Postbox) -> None:
    for what in ("opened", "paused", "resumed"):
        event = postbox.envelope(announced(postbox, what), "applications")
        assert postbox.deliver(event, event) == ["done", "repeat"]
    kinds = [(row.kind, row.language, row.email) for row in postbox.rows()]
    assert sorted(kinds)[:3] == [
        ("round_opened", "ar", "a@example.org"),
        ("round_opened", "en", "c@example.org"),
        ("round_opened", "fa-AF", "b@example.org"),
    ]
    assert len(kinds) == 9
    postbox.send(hours=12)
    texts = {taken.recipient: taken.parsed.as_string() for taken in postbox.mailer.taken}
    assert set(texts) == {"a@example.org", "b@example.org", "c@example.org"}
    bodies = [
        str(taken.parsed.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        for taken in postbox.mailer.taken
        if taken.recipient == "c@example.org"
    ]
    assert all("Spring 2027" in body and "/interest/leave/3/z" in body and "/leave/1/" not in body for body in bodies)


def test_a_mail_program_can_leave_the_list_by_one_click(postbox: Postbox) -> None:
    postbox.publish(announced(postbox, "opened"))
    postbox.send(hours=12)
    for taken in postbox.mailer.taken:
        number = "abc".index(taken.recipient[0]) + 1
        assert f"<http://localhost/interest/leave/{number}/" in str(taken.parsed["List-Unsubscribe"])
        assert taken.parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_round_that_has_closed_is_announced_to_nobody(postbox: Postbox) -> None:
    postbox.publish(announced(postbox, "opened"))
    postbox.send(days=21)
    assert postbox.mailer.taken == []


def test_the_link_to_confirm_goes_to_the_address_alone(postbox: Postbox) -> None:
    postbox.publish(
        InterestRegistered(
            interest_id=uuid.uuid4(),
            email="a@example.org",
            language="cy",
            confirm_link="http://localhost/interest/confirm/1/s3cret",
            expires_at=postbox.clock() + timedelta(days=7),
        )
    )
    postbox.send()
    [taken] = postbox.mailer.taken
    assert "List-Unsubscribe" not in taken.parsed
    assert taken.recipient == "a@example.org" and "s3cret" in str(taken.parsed.get_body(("plain",)))
