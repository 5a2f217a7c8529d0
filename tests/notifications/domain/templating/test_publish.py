"""What can be published, what cannot, and what a published version is."""

import pytest

from services.notifications.domain.templating.publish import Published, publish
from services.notifications.domain.templating.render import render
from services.notifications.domain.templating.samples import sample_values
from shared.errors import Invalid

HEAD = "---\nkind: {kind}\nlanguage: en\nsubject: {subject}\npreheader: {preheader}\n---\n"
NEEDED = "{{sign_in_url}}\n\n{{code}}\n\n"


def source(body: str, kind: str = "sign_in", subject: str = "Hello", preheader: str = "") -> str:
    return HEAD.format(kind=kind, subject=subject, preheader=preheader) + body


def text_of(body: str, kind: str = "sign_in", **values: object) -> str:
    rendered = render(publish(source(body, kind)), {**sample_values(kind), **values})
    return rendered.text.split("----\n")[0]


def html_of(body: str, kind: str = "sign_in", **values: object) -> str:
    rendered = render(publish(source(body, kind)), {**sample_values(kind), **values})
    return rendered.html.split('<td class="content"')[1].split('<td class="foot"')[0]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("{{sign_in_url}}", "{{code}} is missing"),
        (NEEDED + "{{unknown}}", "{{unknown}} is not known"),
        (NEEDED + "{{ name }}", "braces"),
        (NEEDED + "{{name", "braces"),
        (NEEDED + "{{name|safe}}", "braces"),
        (NEEDED + "{{#each x}}", "braces"),
        (NEEDED + "`{{name}}`", "braces"),
        (NEEDED + "{{list:sessions}}", "{{list:sessions}} is not known"),
        (NEEDED + "{{list:nothing}}", "{{list:nothing}} is not known"),
        (NEEDED + "text {{list:sessions}}", "stands alone"),
        (NEEDED + "[x]({{name}})", "no link can lead to it"),
        (NEEDED + "[x]({{unknown_url}})", "{{unknown_url}} is not known"),
        (NEEDED + "[x]({{list:sessions}})", "no link can lead to it"),
        (NEEDED + "[x](javascript:alert(1))", "http(s)"),
        (NEEDED + "[x](https://evil.example/{{name}})", "http(s)"),
        (NEEDED + "[x](/relative)", "http(s)"),
        (NEEDED + "![x](https://x.example/a.png)", "Pictures"),
        (NEEDED + "<b>bold</b>", "HTML"),
        (NEEDED + "<script>x</script>", "HTML"),
        (NEEDED + "<!-- x -->", "HTML"),
    ],
)
def test_refuses_with_a_sentence(body: str, sentence: str) -> None:
    with pytest.raises(Invalid) as caught:
        publish(source(body))
    assert any(sentence in text for text in caught.value.problems["body"]), caught.value.problems


@pytest.mark.parametrize("line", ["{{sign_in_url}}", "{{unknown}}", "{{list:sessions}}", "{{ name }}", "<b>"])
@pytest.mark.parametrize("where", ["subject", "preheader"])
def test_subject_and_preheader_are_single_lines_of_text(line: str, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        publish(source(NEEDED, **{where: line}))  # type: ignore[arg-type]
    assert list(caught.value.problems) == [where]


@pytest.mark.parametrize(("field", "text"), [("kind", "kind: nothing"), ("language", "language: tlh")])
def test_refuses_what_hearth_does_not_know(field: str, text: str) -> None:
    lines = source(NEEDED).replace("kind: sign_in", text if field == "kind" else "kind: sign_in")
    lines = lines.replace("language: en", text if field == "language" else "language: en")
    with pytest.raises(Invalid) as caught:
        publish(lines)
    assert list(caught.value.problems) == [field]


def test_refuses_a_text_that_is_too_long_for_an_email() -> None:
    with pytest.raises(Invalid, match="too long"):
        publish(source(NEEDED + "a\n\n" * 3_000))


def test_refuses_a_subject_that_nobody_would_see_whole() -> None:
    with pytest.raises(Invalid, match="longer than"):
        publish(source(NEEDED, subject="x" * 151))


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        publish(source("{{a}} {{b}}", subject="{{c}}"))
    assert (len(caught.value.problems["body"]), len(caught.value.problems["subject"])) == (4, 1)


def test_a_version_survives_storage_and_notices_tampering() -> None:
    published = publish(source(NEEDED + "{{name}}\n\n[Go]({{sign_in_url}})"))
    stored = published.as_json()
    assert Published.from_json(stored) == published
    assert publish(source(NEEDED + "{{name}}\n\n[Go]({{sign_in_url}})")).hash == published.hash
    assert publish(source(NEEDED + "{{name}}\n\n[Ga]({{sign_in_url}})")).hash != published.hash
    with pytest.raises(ValueError, match="hash"):
        Published.from_json({**stored, "text": [*stored["text"], "more"]})


def test_markdown_in_both_forms() -> None:
    body = NEEDED + "## Two\n\nA *fine* **day**  \nhere & there\n\n- one\n- two\n\n1. a\n2. b\n\n> said\n\n---\n\nEnd"
    text = text_of(body)
    assert "Two\n\nA fine day\nhere & there\n\n- one\n- two\n\n1. a\n2. b\n\nsaid\n\n----" in text + "----"
    html = html_of(body)
    for piece in ("<em>fine</em>", "<strong>day</strong><br>", "here &amp; there", "<ul", "<ol", "<blockquote", "<hr"):
        assert piece in html


def test_a_link_alone_is_a_button_and_its_address_has_its_own_line() -> None:
    body = NEEDED + "[Sign in now]({{sign_in_url}})"
    url = sample_values("sign_in")["sign_in_url"]
    assert f"Sign in now:\n{url}\n" in text_of(body)
    assert 'class="button"' in html_of(body) and f'<a href="{url}"' in html_of(body)


def test_the_first_button_is_louder_than_the_others() -> None:
    html = html_of(NEEDED + "[One]({{sign_in_url}})\n\n[Two]({{sign_in_url}})")
    assert html.index('class="button"') < html.index('class="button quiet"')


def test_a_link_in_a_sentence_shows_its_address_in_text() -> None:
    body = NEEDED + "Look [here](https://x.example/?a=1&b=2) or <https://y.example/>."
    assert "Look here (https://x.example/?a=1&b=2) or https://y.example/." in text_of(body)
    assert '<a href="https://x.example/?a=1&amp;b=2"' in html_of(body)


def test_a_code_alone_is_shown_large() -> None:
    assert 'class="code-line"' in html_of(NEEDED)
    assert 'class="code-line"' not in html_of("{{sign_in_url}} {{code}}")


def test_what_is_empty_is_left_out_with_its_heading() -> None:
    body = "{{reference}}\n\n## News\n\nSoon: {{heard_by}}\n\n## Said\n\n{{feedback}}\n\n"
    body += "{{list:feedback_points}}\n\n## End\n\nBye"
    empty = {"heard_by": None, "feedback": "", "feedback_points": []}
    text, html = (form(body, "decision_waitlist", **empty) for form in (text_of, html_of))
    assert [word for word in ("News", "Soon", "Said") if word in text or word in html] == []
    assert "End" in text and "End" in html
    points = {**empty, "feedback_points": [{"topic": "Idea", "comment": "Good"}]}
    text, html = (form(body, "decision_waitlist", **points) for form in (text_of, html_of))
    assert "Said\n\n- Idea\n  Good\n" in text
    assert "Said" in html and "Idea" in html and "News" not in html


def test_an_empty_item_leaves_the_list() -> None:
    body = "{{reference}}\n\n- always\n- by {{heard_by}}\n- {{feedback}}"
    text = text_of(body, "decision_waitlist", heard_by=None, feedback="")
    assert "- always\n" in text and text.count("- ") == 1
    assert html_of(body, "decision_waitlist", heard_by=None, feedback="").count("<li") == 1
