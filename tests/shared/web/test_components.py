"""What the component macros promise to every page: sound markup, no injection, languages, budgets, contrast."""

import gzip
import html
import re
from html.parser import HTMLParser

import pytest
from flask import Flask, g, render_template_string
from flask_babel import refresh
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup

from shared.web import components, style_guide
from shared.web.assets import FOLDER

PAGES = (
    "/assets/style-guide",
    "/assets/style-guide?errors=1",
    "/assets/style-guide?language=ar&errors=1",
    "/assets/style-guide/staff",
    "/assets/style-guide/staff?language=fa-AF",
)
FORMS = '{% import "hearth/forms.html" as f %}'
PARTS = '{% import "hearth/components.html" as c %}'


class Reader(HTMLParser):
    """Collects every start tag with its attributes, and the text inside <title>."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, {name: value or "" for name, value in attributes}))

    def named(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def app() -> Flask:
    return style_guide.alone()


@pytest.fixture
def draw(app):
    """Render a piece of template with the macros, in English or another language."""

    def render(source: str, language: str = "en", **values) -> str:
        with app.test_request_context():
            g.language = language
            refresh()
            return render_template_string(source, **values)

    return render


@pytest.fixture(params=PAGES)
def page(app, request) -> str:
    answer = app.test_client().get(request.param)
    assert answer.status_code == 200
    return answer.text


# The pages as a whole


def test_every_reference_between_elements_lands(page):
    tags = Reader(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            assert set(attributes.get(name, "").split()) <= set(ids), attributes


def test_nothing_inline_that_the_security_policy_would_refuse(page):
    for tag, attributes in Reader(page).tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "style"
        if tag == "script":
            assert "src" in attributes or attributes.get("type") == "application/json"


def test_nothing_comes_from_another_site(page):
    for _, attributes in Reader(page).tags:
        assert not re.match(r"(https?:)?//", attributes.get("src", ""))
    for link in Reader(page).named("link"):
        assert link["href"].startswith("/assets/")


def test_forms_leave_checking_to_the_server_and_carry_their_token(page):
    reader = Reader(page)
    assert all("novalidate" in form for form in reader.named("form"))
    posts = [form for form in reader.named("form") if form["method"] == "post"]
    tokens = [one for one in reader.named("input") if one.get("name") == "csrf_token"]
    assert posts
    assert len(tokens) == len(posts)


def test_the_page_says_its_language_and_direction(app):
    arabic = Reader(app.test_client().get("/assets/style-guide?language=ar").text).named("html")[0]
    english = Reader(app.test_client().get("/assets/style-guide").text).named("html")[0]
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")
    assert (english["lang"], english["dir"]) == ("en", "ltr")


def test_the_title_begins_with_error_after_a_mistake(app):
    assert "<title>Error: About your organisation" in app.test_client().get("/assets/style-guide?errors=1").text
    assert "<title>About your organisation" in app.test_client().get("/assets/style-guide").text


def test_a_neutral_title_hides_what_the_page_is_about(draw):
    source = '{% extends "hearth/layout.html" %}{% set page_title = "Asylum" %}{% set neutral_title = "Form" %}'
    title = re.search("<title>(.*)</title>", draw(source))
    assert title
    assert title[1] == "Form"


def test_first_view_stays_within_forty_kilobytes(app):
    page = app.test_client().get("/assets/style-guide").data
    files = [(FOLDER / name).read_bytes() for name in ("hearth.css", "hearth.js", "favicon.svg")]
    assert sum(len(gzip.compress(part, 9)) for part in [page, *files]) <= 40_000


# Fields


def test_what_people_type_is_never_markup(draw):
    nasty = "<script>alert(1)</script>\"'"
    source = FORMS + PARTS + (
        "{{ f.text_input('a', n, n, hint=n, error=n) }}{{ f.textarea('b', n, n, hint=n, words=5) }}"
        "{{ f.radios('c', n, [(n, n), {'value': 1, 'text': n, 'hint': n}], n) }}{{ f.select('d', n, [(n, n)], n) }}"
        "{{ f.checkboxes('e', n, [n], [n]) }}{{ f.button(n, name='x', value=n) }}{{ f.error_summary({'a': n}) }}"
        "{{ f.button_link(n, n) }}{{ f.post_button(n, '/x', fields={'k': n}, hidden_text=n) }}"
        "{{ c.summary_list([{'key': n, 'value': n, 'href': n}], card=n) }}{{ c.tag(n) }}{{ c.notice('info', n, n) }}"
        "{{ c.table([{'key': 'k', 'text': n, 'sort_href': n}], [{'k': n}], n, stack=True) }}"
        "{{ c.page_heading(n, n, n) }}"
        "{{ c.task_list([{'text': n, 'hint': n, 'status': n, 'href': n}]) }}{{ c.confirmation(n, n, text=n) }}"
        "{{ c.empty_state(n, n) }}{{ c.tabs([{'text': n, 'href': n}], n) }}{{ c.stat(n, n, n) }}{{ c.person(n, n) }}"
        "{{ c.timeline([{'title': n, 'when': n, 'text': n, 'state': 'done'}]) }}{{ c.back_link(n) }}{{ c.inset(n) }}"
        "{{ c.steps([{'text': n, 'state': 'todo'}], n) }}{{ c.content_warning(n, n) }}{{ c.warning_text(n) }}"
        "{{ c.pagination(n, n, n, n, n) }}{{ c.meter(1, 2, n, n) }}{{ c.breadcrumbs([{'text': n, 'href': n}]) }}"
    )  # fmt: skip
    assert "script" not in {tag for tag, _ in Reader(draw(source, n=nasty)).tags}


@pytest.mark.parametrize(
    "source",
    [
        "{{ f.text_input('a', 'A', none) }}",
        "{{ f.textarea('a', 'A', none, words=9) }}",
        "{{ f.select('a', 'A', ['x'], none) }}",
        "{{ f.radios('a', 'A', ['x'], none) }}",
        "{{ f.checkboxes('a', 'A', ['x'], none) }}",
        "{{ f.date_input('a', 'A', none) }}",
        "{{ f.hidden('a', none) }}",
    ],
)
def test_none_is_shown_as_nothing(draw, source):
    drawn = draw(FORMS + source)
    assert "None" not in drawn
    assert " checked" not in drawn


def test_a_field_without_a_hint_refers_to_none(draw):
    field = Reader(draw(FORMS + "{{ f.text_input('a', 'A') }}")).named("input")[0]
    assert "aria-describedby" not in field


def test_an_error_is_found_by_the_name_of_its_field(draw):
    drawn = draw(FORMS + "{{ f.text_input('a', 'A', errors={'a': ['First.', 'Second.'], 'b': 'Other'}) }}")
    field = Reader(drawn).named("input")[0]
    assert field["aria-describedby"] == "a-error"
    assert "First. Second." in drawn
    assert "Other" not in drawn


def test_the_summary_leads_to_every_field_with_an_error(draw):
    drawn = draw(
        FORMS + "{{ f.error_summary(e, ids={'x': 'there'}, dates=['when']) }}",
        e={"a": ["One", "Two"], "x": "Three", "when": "Four", "": "Whole page"},
    )
    assert [link["href"] for link in Reader(drawn).named("a")] == ["#a", "#a", "#there", "#when-day"]
    assert "Whole page" in drawn
    assert draw(FORMS + "{{ f.error_summary({}) }}").strip() == ""


def test_choices_are_compared_as_texts(draw):
    radios = Reader(draw(FORMS + "{{ f.radios('a', 'A', [(1, 'One'), (true, 'Yes')], 1) }}")).named("input")
    assert [("checked" in one, one["value"]) for one in radios] == [(True, "1"), (False, "true")]
    boxes = Reader(draw(FORMS + "{{ f.checkboxes('a', 'A', [(1, 'One'), (2, 'Two')], ['2']) }}")).named("input")
    assert ["checked" in one for one in boxes] == [False, True]
    chosen = Reader(draw(FORMS + "{{ f.select('a', 'A', [('', 'Choose'), ('b', 'B')], 'b') }}")).named("option")
    assert ["selected" in one for one in chosen] == [False, True]


NESTED = style_guide.alone()


@given(st.text(alphabet=st.sampled_from("ab <>&\"'\n\té—"), max_size=40))
@settings(max_examples=40, deadline=None)
def test_an_answer_comes_back_from_a_nested_field_as_it_was_saved(answer):
    with NESTED.test_request_context():
        drawn = render_template_string(
            FORMS + "{% set inner %}{{ f.textarea('b', 'B', v) }}{% endset %}"
            "{{ f.radios('a', 'A', [{'value': 'y', 'text': 'Y', 'reveal': inner}], 'y') }}",
            v=answer,
        )
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", drawn, re.DOTALL)
    assert found
    text = html.unescape(found[1])
    assert text.removeprefix("\n") == answer  # a browser drops one line end at the start
    assert not answer.startswith("\n") or text == "\n" + answer


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("2021-09-01", ("1", "9", "2021")),
        ({"day": "31", "month": "feb", "year": None}, ("31", "feb", "")),
        (None, ("", "", "")),
        ("soon", ("", "", "")),
    ],
)
def test_a_date_is_shown_as_it_was_typed(value, parts):
    assert tuple(components.date_parts(value).values()) == parts


def test_an_autosaving_form_says_where_and_on_which_revision(draw):
    drawn = draw(FORMS + "{% call f.form(autosave_url='/save', revision=0, key='k') %}{% endcall %}")
    form = Reader(drawn).named("form")[0]
    assert (form["data-module"], form["data-autosave-url"], form["data-autosave-key"]) == ("autosave", "/save", "k")
    assert {"type": "hidden", "name": "revision", "value": "0"} in Reader(drawn).named("input")


# Other components


def test_an_answer_left_out_is_shown_as_not_provided(draw):
    drawn = draw(PARTS + "{{ c.summary_list([{'key': 'A', 'value': ''}, {'key': 'B', 'value': 0}]) }}")
    assert drawn.count("Not provided") == 1


def test_a_change_link_says_what_it_changes(draw):
    drawn = draw(PARTS + "{{ c.summary_list([{'key': 'Your name', 'value': 'A', 'href': '/x'}]) }}")
    link = re.search(r"<a[^>]*>(.*?)</a>", drawn, re.DOTALL)
    assert link
    assert " ".join(re.sub("<[^>]+>", " ", link[1]).split()) == "Change Your name"


def test_a_sorted_column_says_so(draw):
    columns = [{"key": "a", "text": "A", "sort_href": "/s", "sorted": "descending"}, {"key": "b", "text": "B"}]
    drawn = Reader(draw(PARTS + "{{ c.table(k, [{'a': 1}], 'T') }}", k=columns))
    heads = [head for head in drawn.named("th") if head.get("scope") == "col"]
    assert [head.get("aria-sort") for head in heads] == ["descending", None]
    region = drawn.named("div")[0]
    assert (region["role"], region["aria-label"], region["tabindex"]) == ("region", "T", "0")


NASTY = "<script>alert(1)</script>\"'"
LIBRARY = """{% from "govuk_frontend_jinja/components/table/macro.html" import govukTable %}{{ govukTable({
  "caption": "T", "captionClasses": "govuk-visually-hidden", "firstCellIsHeader": true,
  "head": [{"text": n, "format": "numeric", "attributes": {"aria-sort": "ascending"}}, {"html": "B"}],
  "rows": [[{"text": n, "format": "numeric", "attributes": {"data-label": n}},
            {"text": m, "attributes": {"data-label": "B"}}], [{"text": 0}, {"text": "–"}]]}) }}"""


def test_a_table_is_marked_up_as_the_library_does(draw):
    """So that the library's style and everything it promises about tables hold for ours, drawn without its macro."""
    columns = [{"key": "a", "text": NASTY, "numeric": True, "sorted": "ascending"}, {"key": "b", "text": "B"}]
    rows = [{"a": NASTY, "b": Markup("<b>M</b>")}, {"a": 0, "b": ""}]
    ours = draw(PARTS + "{{ c.table(k, r, 'T', caption_hidden=True, stack=True) }}", k=columns, r=rows)
    theirs = draw(LIBRARY, n=NASTY, m=Markup("<b>M</b>"))
    labels = r' data-label="[^"]*"'
    assert _words(re.sub(labels, "", ours)) == _words(re.sub(labels, "", theirs))
    assert [row["data-label"] for row in Reader(ours).named("td")] == ["B", "B"]


def _words(page):
    """The table's markup, white space between tags and attributes aside."""
    table = re.search(r"<table.*</table>", page, re.DOTALL)[0]
    return re.sub(r"\s*([<>])\s*", r"\1", " ".join(table.split()))


def test_a_meter_never_leaves_its_track(draw):
    for value, maximum, width in ((5, 10, "50.0%"), (12, 10, "100.0%"), (1, 0, "0%")):
        bars = Reader(draw(PARTS + "{{ c.meter(v, m, 'L') }}", v=value, m=maximum)).named("rect")
        assert bars[1]["width"] in {width, width.replace(".0", "")}


def test_numbers_below_nought_keep_their_sign_in_front_in_any_direction(app):
    with app.test_request_context():
        g.language = "en"
        refresh()
        assert components.plain_number(-1234.5) == "\u200e\u22121,234.5"
        assert components.plain_number(-0.001) == "0"
        assert components.whole_percent(None) == "–"


def test_a_slug_keeps_every_script_and_is_never_empty():
    assert components.slug("Ünïted  Voices / 2026") == "ünïted-voices-2026"
    assert components.slug("خبرة معيشية") == "خبرة-معيشية"
    assert components.slug("***") == "item"


def test_ids_of_one_page_differ(app):
    with app.test_request_context():
        assert components.fresh_id("chart") != components.fresh_id("chart")


# What is absent


def test_an_absent_name_is_false_but_never_printed(draw):
    assert draw("{% if nothing %}x{% endif %}{% for one in nothing %}x{% endfor %}") == ""
    with pytest.raises(UndefinedError, match="misspelt"):
        draw("{{ misspelt }}")
    with pytest.raises(UndefinedError, match="naem"):
        draw("{{ person.naem }}", person=Markup("x"))
    assert draw("{{ row.missing }}{{ 'x' if false }}", row={}) == ""


# The sheet


def _palette(dark: bool) -> dict[str, str]:
    sheet = (FOLDER / "hearth.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\n ?\s?\}", sheet, re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks[: 2 if dark else 1]:
        found.update(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b", block))
    return found


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(one * 2 for one in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ("page", "surface", "sunken")
TEXT = [
    *[(text, ground) for ground in GROUNDS for text in ("ink", "muted", "brand", "brand-strong", "bad", "good")],
    ("accent", "page"), ("accent", "surface"),
    ("ink", "sunken"), ("brand", "brand-wash"), ("ink", "brand-wash"), ("muted", "brand-wash"), ("on-brand", "brand"),
    ("on-brand", "brand-strong"), ("on-deep", "deep"), ("on-deep-soft", "deep"), ("ink", "neutral-wash"),
    ("on-c", "bad"), ("on-c", "bad-strong"), ("on-c", "warn"), ("on-c", "good"),
    *[(tone, f"{tone}-wash") for tone in ("info", "good", "warn", "bad", "accent")],
    *[("ink", f"{tone}-wash") for tone in ("info", "good", "warn", "bad", "accent")],
    *[("on-c", f"c{i}") for i in range(1, 6)],
]  # fmt: skip
GRAPHICS = [(one, ground) for one in ("edge", "ring", "c1", "c2", "c3", "c4", "c5", "c6") for ground in GROUNDS[:2]]


@pytest.mark.parametrize("dark", [False, True])
def test_colours_keep_the_contrast_that_wcag_asks_for(dark):
    palette = _palette(dark)
    low = [(a, b) for a, b in TEXT if _contrast(palette[a], palette[b]) < 4.5]
    low += [(a, b) for a, b in GRAPHICS if _contrast(palette[a], palette[b]) < 3]
    assert low == []


def test_the_sheet_is_small_and_knows_no_left_or_right():
    sheet = (FOLDER / "hearth.css").read_text("utf-8")
    assert len(gzip.compress(sheet.encode(), 9)) <= 10_240
    sided = r"(?:margin|padding|border|inset)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|text-align: (?:left|right)"
    assert re.findall(sided, sheet) == []
    assert "http" not in re.sub(r"\[href\^=http\]", "", sheet)
