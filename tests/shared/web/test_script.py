"""The small script and the sheet in a real browser: nothing typed is lost, nothing is sent twice, nothing overflows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, abort, jsonify, redirect, render_template_string, request
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from shared.web import style_guide

pytestmark = pytest.mark.browser

HEAD = '{% extends "hearth/layout.html" %}{% import "hearth/forms.html" as f with context %}' + (
    '{% import "hearth/components.html" as c %}{% block content %}<h1>Test</h1>'
)
PAGES = {
    "autosave": """
{% call f.form(autosave_url='/save', revision=1, key='draft', action='/sent') %}
{{ f.textarea('story', 'Story', words=5) }}{{ f.button('Send') }}
{% endcall %}""",
    "guard": """
{% call f.form(guard=True, action='/sent') %}{{ f.text_input('a', 'A') }}{% endcall %}
<a href='/guard'>Away</a>""",
    "errors": """
{{ f.error_summary({'a': 'Enter A'}) }}
{% call f.form() %}{{ f.text_input('a', 'A', error='Enter A') }}{% endcall %}""",
    "choices": """
{% set inner %}{{ f.text_input('why', 'Why') }}{% endset %}
{% call f.form() %}
{{ f.checkboxes('k', 'K', ['Bread', 'Milk', {'value': 'none', 'text': 'None', 'exclusive': true}]) }}
{{ f.radios('r', 'R', [{'value': 'yes', 'text': 'Yes', 'reveal': inner}, 'no']) }}
{% endcall %}""",
    "filter": """
{% call f.filter_form() %}
{{ f.select('region', 'Region', [('', 'All'), ('ne', 'North East')], region) }}{{ f.button('Show') }}
{% endcall %}
<div id='results'>Region {{ region or 'all' }}</div>""",
    "keys": """
{% call c.review_keys(next_id='next') %}
{% call f.form() %}
{{ f.score_radios('impact', 'Impact', [(1, 'One'), (2, 'Two'), (3, 'Three')]) }}
{{ f.score_radios('ready', 'Ready', [(1, 'One'), (2, 'Two'), (3, 'Three')]) }}
{{ f.textarea('why', 'Why') }}
{% endcall %}
<a id='next' href='/guard'>Next</a>
{% endcall %}""",
    "plain": "",
}


@dataclass
class Site:
    """A running site and what it was sent; `mood` decides how /save answers."""

    address: str = ""
    mood: str = "good"
    saved: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    renewed: int = 0


def _application(site: Site) -> Flask:
    app = style_guide.alone()

    @app.get("/<name>")
    def show(name: str) -> str:
        if name not in PAGES:
            abort(404)
        settings = {"quick_exit": name == "autosave", "keep_alive": True, "identity": {"name": "A"}}
        return render_template_string(
            HEAD + PAGES[name] + "{% endblock %}",
            region=request.args.get("region"),
            quick_exit_url="/plain",
            **settings,
        )

    @app.post("/save")
    def save() -> Response | tuple[Response, int]:
        if site.mood == "elsewhere":
            return jsonify(message="changed"), 409
        if site.mood == "signed out":
            return redirect("/plain", 303)
        site.saved.append(request.form.to_dict())
        return jsonify(revision=len(site.saved) + 1)

    @app.post("/sent")
    def sent() -> Response:
        site.sent += 1
        return Response(status=204)

    @app.get("/identity/renew")
    def renew() -> Response:
        site.renewed += 1
        return Response(status=204)

    return app


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    server = make_server("127.0.0.1", 0, _application(site), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.port}"
    yield site
    server.shutdown()
    thread.join()


def kept(page: Page) -> str | None:
    return page.evaluate("localStorage.getItem('hearth-kept:draft')")


def write(page: Page, words: str) -> None:
    page.get_by_label("Story").fill(words)


# Looks


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("path", ["?errors=1", "?errors=1&language=ar", "/staff", "/staff?language=ar"])
def test_every_component_is_accessible_and_nothing_overflows(new_context, site, path, width, scheme):
    page = new_context(width=width, color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(f"{site.address}/assets/style-guide{path}")
    wanted = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": wanted}}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_buttons_and_choices_are_big_enough_for_a_thumb(narrow_page, site):
    narrow_page.goto(f"{site.address}/assets/style-guide")
    small = narrow_page.evaluate(
        "[...document.querySelectorAll('.govuk-button, .govuk-radios__item, .govuk-input, .govuk-select, .quick-exit')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []


def test_a_conditional_question_is_revealed_without_script(new_context, site):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.address}/choices")
    expect(page.get_by_label("Why")).to_be_hidden()
    page.get_by_label("Yes").check()
    expect(page.get_by_label("Why")).to_be_visible()


# Fields


def test_words_are_counted_and_too_many_are_named(page, site):
    page.goto(f"{site.address}/autosave")
    expect(page.locator(".word-count-now")).to_have_text("Words left: 5")
    write(page, "one two  three\nfour five six")
    expect(page.locator(".word-count-now")).to_have_text("Too long by this many words: 1")
    expect(page.get_by_label("Story")).to_have_class("govuk-textarea govuk-textarea--error")


def test_the_error_summary_has_the_focus_and_leads_to_the_field(page, site):
    page.goto(f"{site.address}/errors")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter A").click()
    expect(page.get_by_label("A", exact=True)).to_be_focused()


def test_none_of_these_stands_alone(page, site):
    page.goto(f"{site.address}/choices")
    page.get_by_label("Bread").check()
    page.get_by_label("None").check()
    expect(page.get_by_label("Bread")).not_to_be_checked()
    page.get_by_label("Milk").check()
    expect(page.get_by_label("None")).not_to_be_checked()


# Nothing typed is lost


def test_what_is_typed_is_saved_with_its_revision(page, site):
    page.goto(f"{site.address}/autosave")
    write(page, "first")
    expect(page.locator("[data-saved-status]")).to_contain_text("Saved at")
    write(page, "second")
    expect(page.locator("input[name=revision]")).to_have_value("3")
    assert [(one["story"], one["revision"], one["csrf_token"]) for one in site.saved] == [
        ("first", "1", "none"),
        ("second", "2", "none"),
    ]
    assert kept(page) is None


def test_offline_words_are_kept_and_put_back_after_a_reload(page, site):
    page.goto(f"{site.address}/autosave")
    page.route("**/save", lambda route: route.abort())
    write(page, "from the train")
    expect(page.locator("[data-saved-status]")).to_contain_text("kept on this device")
    assert json.loads(kept(page))["fields"] == [["story", "from the train"]]
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/save")
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Story")).to_have_value("from the train")
    expect(page.locator("[data-saved-status]")).to_contain_text("Saved at")
    assert site.saved[-1]["story"] == "from the train"
    assert kept(page) is None


def put(page, key, at):
    words = f"{{at: {at}, fields: [['story', 'old']]}}"
    page.evaluate(f"localStorage.setItem('hearth-kept:{key}', JSON.stringify({words}))")


def test_words_kept_on_the_device_can_be_thrown_away(page, site):
    page.goto(f"{site.address}/autosave")
    page.evaluate(
        "localStorage.setItem('hearth-kept:draft', JSON.stringify({at: Date.now(), fields: [['story', 'old']]}))"
    )
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("Story")).to_have_value("")
    assert kept(page) is None


@pytest.mark.parametrize(
    ("mood", "words"), [("elsewhere", "changed somewhere else"), ("signed out", "you have been signed out")]
)
def test_a_refused_save_says_why_and_keeps_the_words(page, site, mood, words):
    site.mood = mood
    page.goto(f"{site.address}/autosave")
    write(page, "mine")
    expect(page.locator("[data-saved-status]")).to_contain_text(words)
    assert json.loads(kept(page))["fields"] == [["story", "mine"]]
    assert site.saved == []
    expect(page.get_by_role("button", name="See both")).to_have_count(1 if mood == "elsewhere" else 0)


def test_words_go_by_themselves_when_the_connection_is_back(page, site):
    page.goto(f"{site.address}/autosave")
    page.route("**/save", lambda route: route.abort())
    write(page, "from the tunnel")
    expect(page.locator("[data-saved-status]")).to_contain_text("kept on this device")
    page.unroute("**/save")
    expect(page.locator("[data-saved-status]")).to_contain_text("Saved at", timeout=15_000)
    assert site.saved[-1]["story"] == "from the tunnel" and kept(page) is None


def test_words_sent_are_kept_until_a_page_answers_and_old_ones_are_forgotten(page, site):
    page.goto(f"{site.address}/autosave")
    page.evaluate(
        "localStorage.setItem('hearth-kept:other', JSON.stringify({at: 0, fields: [['story', 'last year']]}))"
    )
    page.get_by_label("Story").fill("sent into the dark")
    with page.expect_response("**/sent"):
        page.get_by_role("button", name="Send").click()
    assert json.loads(kept(page))["fields"] == [["story", "sent into the dark"]]
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.address}/plain")
    assert page.evaluate("localStorage.length") == 0


def test_leaving_with_unsaved_words_asks_first(page, site):
    page.goto(f"{site.address}/guard")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("A", exact=True).fill("words")
    page.get_by_role("link", name="Away").click()
    expect(page.get_by_label("A", exact=True)).to_have_value("")
    assert asked == ["beforeunload"]


def test_a_form_pressed_twice_is_sent_once(page, site):
    page.goto(f"{site.address}/autosave")
    with page.expect_response("**/sent"):
        page.get_by_role("button", name="Send").dblclick()
    page.goto(f"{site.address}/plain")
    assert site.sent == 1


# Leaving, filtering, scoring


@pytest.mark.parametrize("way", ["link", "keys"])
def test_leaving_quickly_leaves_nothing_behind(page, site, way):
    page.goto(f"{site.address}/plain")
    page.goto(f"{site.address}/autosave")
    page.route("**/save", lambda route: route.abort())
    write(page, "secret")
    expect(page.locator("[data-saved-status]")).to_contain_text("kept on this device")
    if way == "link":
        page.get_by_role("link", name="Leave this site").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("**/plain")
    assert kept(page) is None
    page.go_back()
    assert "autosave" not in page.url


def test_a_filter_changes_the_list_in_place(page, site):
    page.goto(f"{site.address}/filter")
    page.evaluate("window.stayed = true")
    page.get_by_label("Region").select_option("ne")
    expect(page.locator("#results")).to_have_text("Region ne")
    assert page.url.endswith("/filter?region=ne")
    assert page.evaluate("window.stayed")


def test_digits_score_and_n_goes_on_unless_switched_off(page, site):
    page.goto(f"{site.address}/keys")
    page.keyboard.press("2")
    page.keyboard.press("3")
    scored = "[...document.querySelectorAll('[data-criterion] input:checked')].map(e => e.name + e.value)"
    assert page.evaluate(scored) == ["impact3"]  # the focus stays in the criterion just scored
    page.get_by_label("Why").press("1")
    assert page.evaluate(scored) == ["impact3"]
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.keyboard.press("1")
    page.keyboard.press("n")
    assert page.evaluate(scored) == ["impact3"]
    assert page.url.endswith("/keys")
    page.get_by_label("Keyboard shortcuts").check()
    page.keyboard.press("n")
    page.wait_for_url("**/guard")


def test_an_open_page_keeps_the_sign_in_fresh(page, site):
    page.clock.install()
    page.goto(f"{site.address}/plain")
    with page.expect_response("**/identity/renew"):
        page.clock.fast_forward("04:01")
    assert site.renewed == 1
