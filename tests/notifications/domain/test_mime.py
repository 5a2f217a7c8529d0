"""Finished messages as the standard library's strict parser reads them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.addresses import Address
from services.notifications.domain.kinds import Method
from services.notifications.domain.mime import Letter, Unsubscribe, build, message_id
from services.notifications.domain.templating.render import Rendered

ICS = ("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Café é\r\n" + "X:y\r\n" * 30 + "END:VCALENDAR\r\n").encode()
LETTER = Letter(
    UUID("01989d6e-0000-7000-8000-0000000000aa"), "hearth.example",
    Address("Ember Leaders", "team@hearth.example"), Address("Siân Ffîon", "sian@example.org"),
    Rendered("Reminder: 2 March, 14:00", ("<!DOCTYPE html><p>Héllo</p>\n",), "Héllo\n.\nFrom here\n"), "en",
    datetime(2027, 3, 1, 12, tzinfo=UTC),
)  # fmt: skip
INVITATION = replace(LETTER, calendar=(Method.REQUEST, ICS))


def read(letter: Letter) -> EmailMessage:
    octets = build(letter)
    message = cast(EmailMessage, message_from_bytes(octets, policy=default))
    assert not [part.defects for part in message.walk() if part.defects]
    assert octets.count(b"\r") == octets.count(b"\n") == octets.count(b"\r\n")
    assert octets.isascii()
    assert max(map(len, octets.split(b"\r\n"))) <= 998
    return message


def test_an_ordinary_message() -> None:
    message = read(LETTER)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip
    assert message["Subject"] == "Reminder: 2 March, 14:00"
    assert message["Message-ID"] == "<01989d6e-0000-7000-8000-0000000000aa@hearth.example>"
    assert message["Message-ID"] == message_id(LETTER.id, LETTER.domain)
    assert message["Date"].datetime == LETTER.date
    assert (message["From"], message["To"]) == (
        "Ember Leaders <team@hearth.example>", "Siân Ffîon <sian@example.org>",
    )  # fmt: skip
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "en")
    plain, html = (part.get_payload(decode=True) for part in list(message.walk())[1:])
    assert plain == "Héllo\r\n.\r\nFrom here".encode()
    assert html == "<!DOCTYPE html><p>Héllo</p>".encode()


def test_an_invitation_twice_the_same_octets() -> None:
    message = read(INVITATION)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    calendar, attachment = list(message.walk())[-2:]
    assert calendar.get_payload(decode=True) == attachment.get_payload(decode=True) == ICS
    assert (calendar.get_param("method"), calendar.get_param("charset")) == ("REQUEST", "utf-8")
    assert (attachment.get_filename(), attachment.get_content_disposition()) == ("invite.ics", "attachment")


def test_the_same_letter_is_the_same_octets() -> None:
    assert build(INVITATION) == build(replace(INVITATION))


def test_unsubscribing_in_one_click_is_by_post() -> None:
    link = "https://hearth.example/notifications/unsubscribe/abc"
    message = read(replace(LETTER, unsubscribe=Unsubscribe(link)))
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read(replace(LETTER, unsubscribe=Unsubscribe(link, one_click=False)))["List-Unsubscribe-Post"] is None
    assert read(LETTER)["List-Unsubscribe"] is None
    with pytest.raises(ValueError, match="address"):
        build(replace(LETTER, unsubscribe=Unsubscribe("https://x.example/\r\nBcc: a@b.c")))


SUBJECTS = [
    "دعوة: 2 مارس، 14:00 Telling your story", "Newyddion – Ŵy", "a" * 300, "é" * 150, "=?utf-8?q?fake?=", "x =?a?= y",
    " padded  twice ", "سه‌شنبه 2 مارچ", "🔥" * 60,
]  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_in_any_script_keep_their_spaces(subject: str) -> None:
    message = read(replace(LETTER, rendered=replace(LETTER.rendered, subject=subject)))
    assert message["Subject"] == " ".join(subject.split(" ")).strip().replace("  ", " ")


NAMES = [
    "O'Brien, Pat", 'Pat "Ember" Lee', "back\\slash", "أمل حدّاد", "é" * 100, "x" * 200, "Ng <evil@example.com>",
    "a@b.c, Evil <evil@example.com>", "x\r\nBcc: evil@example.com", "=?utf-8?q?evil=40example.com?=", "", "\u202eevil",
    "(comment)", "Ünï: code;", "x\x00y",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("where", ["sender", "recipient", "reply_to"])
def test_names_never_add_a_mailbox_or_a_header(name: str, where: str) -> None:
    header = {"sender": "From", "recipient": "To", "reply_to": "Reply-To"}[where]
    message = read(replace(LETTER, **{where: Address(name, "someone@example.org")}))  # type: ignore[arg-type]
    assert [mailbox.addr_spec for mailbox in message[header].addresses] == ["someone@example.org"]
    assert message["Bcc"] is None
    assert set(message.keys()) <= {*read(LETTER).keys(), "Reply-To"}


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=120), st.text(st.characters(codec="utf-8"), max_size=120))
def test_no_text_breaks_out_of_a_header(subject: str, name: str) -> None:
    letter = replace(LETTER, rendered=replace(LETTER.rendered, subject=subject), recipient=Address(name, "a@b.org"))
    octets = build(letter)
    head = octets.split(b"\r\n\r\n")[0].decode()
    names = [line.split(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert names == [line.split(":")[0] for line in build(LETTER).split(b"\r\n\r\n")[0].decode().split("\r\n")
                     if not line.startswith(" ")]  # fmt: skip


@settings(max_examples=60)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=400),
    st.integers(60, 90),
    st.sampled_from(["", " ", "\t", "=", "\n", "é"]),
)
def test_bodies_come_back_as_they_were(text: str, length: int, end: str) -> None:
    """Whatever stands where one part of a page ends and the next begins, near the end of a line of the message."""
    page = (f"<p>{text}", "b" * length + end, end + text, "</p>")
    message = read(replace(INVITATION, rendered=replace(LETTER.rendered, text=f"a\n{text}\nz\n", html_parts=page)))
    plain, html = (part.get_payload(decode=True) for part in list(message.walk())[2:4])
    assert isinstance(plain, bytes) and plain.decode() == f"a\r\n{text}\r\nz"
    assert isinstance(html, bytes) and html.decode() == "".join(page).replace("\n", "\r\n")


def test_no_line_of_a_page_in_parts_is_too_long() -> None:
    page = tuple("a" * length for length in range(60, 160))
    octets = build(replace(LETTER, rendered=replace(LETTER.rendered, html_parts=page)))
    assert max(map(len, octets.split(b"\r\n"))) <= 78


def test_a_body_cannot_end_its_part() -> None:
    boundary = re.findall(r'boundary="([^"]+)"', build(INVITATION).decode())
    evil = "".join(f"\n--{mark}--\n--{mark}\nContent-Type: text/html\n\nevil\n" for mark in boundary)
    message = read(replace(INVITATION, rendered=replace(LETTER.rendered, text=evil)))
    assert len(list(message.walk())) == 6


@pytest.mark.parametrize(
    "change",
    [
        {"date": datetime(2027, 3, 1)},
        {"recipient": Address("x", "nobody")},
        {"domain": "hearth.example>\r\nBcc: x@y.z"},
        {"language": "en\r\nBcc: x@y.z"},
        {"domain": "x" * 1000},
    ],
)
def test_refuses_what_would_not_be_a_message(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        build(replace(LETTER, **change))  # type: ignore[arg-type]
