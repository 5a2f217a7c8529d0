"""Whatever people write, in every placeholder of every kind and language: the headers, links, elements and calendar of
a message are those of a harmless one."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.notifications.domain.addresses import Address
from services.notifications.domain.calendar.invitation import prepare
from services.notifications.domain.calendar.meeting import Meeting
from services.notifications.domain.kinds import KINDS, Kind
from services.notifications.domain.mime import Letter, build
from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.components import COMPONENTS
from services.notifications.domain.templating.render import Rendered, render
from services.notifications.domain.templating.samples import sample_values
from services.notifications.domain.templating.values import ValueKind
from shared.errors import Invalid

ALL = sorted(shipped())
WORDS = {ValueKind.TEXT, ValueKind.PROSE, ValueKind.EITHER}
NOW = datetime(2027, 3, 2, 14, tzinfo=UTC)
WORST = (
    "x\r\nBcc: everybody@evil.example\r\n\r\n<h1>x",
    'x" onclick="x" <a href="https://evil.example/">x</a><script>x</script><!-- --></title></style>',
    "[x](https://evil.example) https://evil.example www.evil.example evil@evil.example mailto:evil@evil.example",
    "x {{sign_in_url}} {{list:sessions}} {% if x %} {{{x}}} ${x} {0} %s",
    "x\u202eelpmaxe.live//:sptth\u202c\u2066\u2067\u2068\u2069\u200f\u200e\ufeff",
    "x\nEND:VEVENT\nBEGIN:VEVENT\nATTENDEE:mailto:evil@evil.example\nSEQUENCE:99;\\,:",
    "é" * 100,
    "x\x00\x0b\x0c\x1b\x85\u2028\u2029\ud800\ue0000\ue001&lt;b&gt;&#x0a;",
    "=?utf-8?q?x=0d=0aBcc:evil=40evil.example?= ; boundary=x\n--=_a_x\n--=_a_x--",
)  # fmt: skip
PIECES = st.sampled_from(
    [*WORST, "\r\n", "\n\n", "\t", "<", '"', "'", "&", "\\", "{{", "}}", "](", "\u2067", "\u0661", "a.b"]
)
HOSTILE = (
    st.lists(st.one_of(PIECES, st.text(max_size=12)), min_size=1, max_size=6).map("".join).map(lambda s: f"x{s}"[:400])
)


class Skeleton(HTMLParser):
    """The elements with their attributes, without the words and without the line ends inside a value."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))


def letter(kind: Kind, language: str, rendered: Rendered, text: str) -> bytes:
    """The whole message, to somebody of that name, about a session of that title."""
    person = Address(text, "amal@example.org")
    calendar = None
    if kind.calendar:
        meeting = Meeting(
            "7c1e@hearth.example", 3, NOW, NOW + timedelta(hours=1), "Europe/London", text,
            Address(text, "team@hearth.example"), NOW, text, text, "https://hearth.example/j",
        )  # fmt: skip
        calendar = (kind.calendar, prepare(meeting, kind.calendar).for_attendee(person))
    return build(
        Letter(UUID(int=7), "hearth.example", Address("Ember", "team@hearth.example"), person, rendered, language, NOW,
               calendar=calendar)
    )  # fmt: skip


LINK = re.compile(r"(?:https?://|www\.|mailto:)[^\s\u200b]|[^\s\u200b]@[\w-]+\.[\w-]|\b[\w-]+\.(?:example|com|org)\b")


def structure(raw: bytes) -> Any:
    """All that words must not change."""
    message = message_from_bytes(raw, policy=policy.default)
    subject = str(message["Subject"])
    assert not re.search("[\r\n\x00]", subject)
    assert not re.search("[\u202a-\u202e]", subject)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None
    calendars = [
        re.sub(rb"\r\n[ \t]", b"", part.get_payload(decode=True)).split(b"\r\n")  # type: ignore[arg-type]
        for part in message.walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    ]
    for lines in calendars:
        assert all(b"\n" not in line and b"\r" not in line for line in lines)
    worded = (b"SUMMARY", b"DESCRIPTION", b"LOCATION")
    return {
        "headers": [(name, str(value)) for name, value in message.items() if name not in ("Subject", "To")],
        "to": [(mailbox.addr_spec) for mailbox in message["To"].addresses],
        "parts": [(part.get_content_type(), [name for name, _ in part.items()]) for part in message.walk()],
        "elements": Skeleton(html.get_content()).found,
        "links": LINK.findall(plain.get_content()),
        "calendar": [
            [line.split(b":")[0] if line.startswith(worded) else re.sub(rb'CN="[^"]*"', b"CN", line) for line in lines]
            for lines in calendars
        ],
    }


def filled(kind: Kind, values: dict[str, Any], text: str) -> dict[str, Any]:
    """The values with `text` wherever people's own words can be, in lists too."""
    words = {name: text for name, spec in kind.all_placeholders().items() if spec.kind in WORDS}
    rows = {
        name: [
            {key: text if COMPONENTS[name][key].kind in WORDS else value for key, value in row.items()}
            for row in values[name]
        ]
        for name in kind.lists
    }
    return {**values, **words, **rows}


def made(key: tuple[str, str], text: str) -> Any:
    kind, values = KINDS[key[0]], filled(KINDS[key[0]], sample_values(*key), text)
    return structure(letter(kind, key[1], render(shipped()[key], values), text))


def worst(test: Any) -> Any:
    """Each of the worst, always."""
    for text in WORST:
        test = example(text)(test)
    return test


@pytest.mark.parametrize("key", ALL, ids=".".join)
@worst
@settings(max_examples=3, deadline=None)
@given(HOSTILE)
def test_words_change_nothing_but_words(key: tuple[str, str], text: str) -> None:
    assert made(key, text) == _harmless(key)


_KEPT: dict[tuple[str, str], Any] = {}


def _harmless(key: tuple[str, str]) -> Any:
    if key not in _KEPT:
        _KEPT[key] = made(key, "Amal")
    return _KEPT[key]


STRANGE = (*WORST, "javascript:alert(1)", "https://good.example@evil.example/", "https://x.example/\r\nBcc: x")


def links(html: str) -> list[str | None]:
    """Where the links of a page lead."""
    elements = [each for each in Skeleton(html).found if isinstance(each, tuple)]
    return [value for _, attributes in elements for name, value in attributes if name == "href"]


@pytest.mark.parametrize("key", ALL, ids=".".join)
def test_what_is_no_address_code_or_time_stops_the_message(key: tuple[str, str]) -> None:
    kind, sample = KINDS[key[0]], sample_values(*key)
    strict = {name for name, spec in kind.all_placeholders().items() if spec.kind not in {*WORDS, ValueKind.WORD}}
    used, harmless = strict & shipped()[key].names(), links(render(shipped()[key], sample).html)
    assert used
    for name, text in product(sorted(used), STRANGE):
        try:
            rendered = render(shipped()[key], {**sample, name: text})
        except Invalid as error:
            assert list(error.problems) == [name]
        else:
            assert kind.all_placeholders()[name].kind is ValueKind.CODE and text.isascii() and " " not in text
            assert links(rendered.html) == harmless
