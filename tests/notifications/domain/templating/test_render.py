"""Filling a template, with friendly and with hostile values."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.templating.catalogue import shipped
from services.notifications.domain.templating.publish import publish
from services.notifications.domain.templating.render import MAX_HTML, render
from services.notifications.domain.templating.samples import sample_values
from services.notifications.domain.templating.values import clean_prose
from shared.errors import Invalid

HEAD = "---\nkind: session_invitation\nlanguage: {}\nsubject: About {{{{session}}}}, {{{{when}}}}\n---\n"
BODY = "{{session}} {{when}}\n\n{{name}} / {{place}}\n\n{{purpose}}\n\n[Join]({{join_url}})\n\n{{join_url}}"
PLAIN = {lang: publish(HEAD.format(lang) + BODY) for lang in ("en", "ar")}


class Shape(HTMLParser):
    """The elements and attributes of a page, without its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(attrs)))


def shape(html: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    return [item for item in Shape(html).found if item[0] != "br"]


HOSTILE = [
    "x\r\nBcc: evil@example.com", "<script>alert(1)</script>", "<a href='https://evil.example'>x</a>", '"><img src=x>',
    "{{sign_in_url}}", "{% for x in y %}{{ 7*7 }}", "\u202egnorw\u202c", "\u2066x", "[x](https://evil.example)",
    "&lt;b&gt;",
    "é" * 100, "نص طويل " * 25, "\x00\x08\x1b", "\ud800", "\ue0000\ue001", "http://evil.example", "**bold**\n# head",
    "\u2028new", "a\nb", "=?utf-8?q?x?=", "--\n.\n",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_values_stay_words(hostile: str, lang: str) -> None:
    values = sample_values("session_invitation", lang)
    keys = ("name", "session", "place", "purpose", "programme", "access_notes")
    poisoned = dict.fromkeys(keys, f"x{hostile}")
    good, bad = render(PLAIN[lang], values), render(PLAIN[lang], {**values, **poisoned})
    assert shape(bad.html) == shape(good.html)
    assert re.findall(r"https?://\S+", bad.text) == re.findall(r"https?://\S+", good.text)
    assert re.sub("[\u200b\u2068\u2069]", "", bad.subject).isprintable()
    assert bad.subject.count("\u2068") == bad.subject.count("\u2069")
    assert not set(bad.text + bad.html) & set("\u202a\u202b\u202d\u202e\x00\x1b\ue000\ue001")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
def test_no_words_change_the_page(name: str, purpose: str) -> None:
    values = {**sample_values("session_invitation"), "name": name or "x", "purpose": purpose or "x"}
    page = render(PLAIN["en"], values)
    expected = shape(render(PLAIN["en"], {**values, "name": "x", "purpose": "x"}).html)
    if clean_prose(str(values["name"])).strip() and clean_prose(str(values["purpose"])).strip():
        assert shape(page.html) == expected
    assert "\r" not in page.subject + page.text + page.html
    assert page.html.encode() and page.text.encode()


def test_urls_times_and_codes_read_left_to_right() -> None:
    html = render(PLAIN["ar"], sample_values("session_invitation", "ar")).html
    assert re.search(r'<bdi dir="ltr"[^>]*>14:00–15:30</bdi>', html)
    assert re.search(r'<bdi dir="ltr"[^>]*>https://hearth\.example/join/4f9c2a7be1</bdi>', html)
    received = render(shipped()["application_received", "ar"], sample_values("application_received", "ar")).html
    assert re.search(r'<bdi dir="ltr"[^>]*>HRT-7K2M-94</bdi>', received)


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_language_and_direction_are_on_page_body_and_table(lang: str, direction: str) -> None:
    html = render(PLAIN[lang], sample_values("session_invitation", lang)).html
    said = [tag for tag, attrs in shape(html) if {("lang", lang), ("dir", direction)} <= set(attrs)]
    assert said == ["html", "body", "table"]


def test_text_of_the_other_direction_is_isolated_in_plain_text() -> None:
    values = {**sample_values("session_invitation"), "session": "قصة", "name": "Amal"}
    assert "\u2068قصة\u2069" in render(PLAIN["en"], values).subject
    assert "\u2068" not in render(PLAIN["en"], {**values, "session": "Story"}).subject
    assert "\u2068Amal\u2069" in render(PLAIN["ar"], values).text


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"session": None}, "session"),
        ({"session": ""}, "session"),
        ({"session": "\x00\u202e"}, "session"),
        ({"programme": None}, "programme"),
        ({"when": "tomorrow"}, "when"),
        ({"join_url": "javascript:x"}, "join_url"),
        ({"purpose": 1.5}, "purpose"),
    ],
)
def test_names_the_value_that_is_wrong(change: dict[str, object], path: str) -> None:
    with pytest.raises(Invalid) as caught:
        render(PLAIN["en"], {**sample_values("session_invitation"), **change})
    assert list(caught.value.problems) == [path]


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ("text", "sessions"),
        ([5], "sessions.0"),
        ([{"title": "x"}], "sessions.0.when"),
        ([{"title": "x", "when": {"at": "2027-03-02T14:00Z"}, "link": "x:y"}], "sessions.0.link"),
    ],
)
def test_names_the_row_that_is_wrong(rows: object, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        render(shipped()["decision_offer", "en"], {**sample_values("decision_offer"), "sessions": rows})
    assert path in caught.value.problems


def test_a_message_is_never_too_big_and_never_cut() -> None:
    with pytest.raises(Invalid, match="too long"):
        render(PLAIN["en"], {**sample_values("session_invitation"), "purpose": "x " * 60_000})
    long = render(PLAIN["en"], {**sample_values("session_invitation"), "session": "x" * 500})
    assert long.subject == f"About {'x' * 79}…, 2 March, 14:00"
    assert "x" * 500 in long.text and len(long.html) < MAX_HTML


def test_changes_of_time_and_place_in_the_readers_language() -> None:
    text = render(shipped()["session_changed", "cy"], sample_values("session_changed", "cy")).text
    assert "- Amser\n  Cynt: Dydd Llun 1 Mawrth 2027, 14:00" in text
    assert "- Lle\n  Cynt: Online\n  Nawr: Friends Meeting House, Room 2\n" in text
