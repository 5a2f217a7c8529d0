"""The shipped templates: all there, all publishable, all readable, neutral where a stranger may see."""

import re

import pytest

from services.notifications.domain.kinds import KINDS, Audience
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.catalogue import names, shipped, source_text
from services.notifications.domain.templating.render import render
from services.notifications.domain.templating.samples import sample_values

ALL = sorted(name.removesuffix(".md").rsplit(".", 1) for name in names())


def test_every_kind_in_every_language_that_its_readers_need() -> None:
    expected = {
        (kind.name, lang)
        for kind in KINDS.values()
        for lang in (["en"] if kind.audience is Audience.REVIEWER else LANGUAGES)
    }
    assert set(shipped()) == expected


def test_machine_made_translations_say_so() -> None:
    assert all(template.draft is (lang != "en") for (_, lang), template in shipped().items())


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_renders_full_and_with_the_least_possible(kind: str, lang: str) -> None:
    values = sample_values(kind, lang)
    full = render(shipped()[kind, lang], values)
    least = {name: values[name] for name, spec in KINDS[kind].all_placeholders().items() if not spec.optional}
    small = render(shipped()[kind, lang], least)
    for rendered in (full, small):
        assert 0 < len(rendered.subject) <= 78
        assert len(rendered.html.encode()) < 30_000
        assert not re.search(r"\{\{|\}\}|\n\n\n", rendered.text)
        assert not re.search(r"\{\{|<style>\s*</style>|\ue000", rendered.html)
        assert rendered.html.index("charset") < 1024
    assert "prefers-color-scheme: dark" in full.html
    for name, value in values.items():
        if name.endswith("_url") and f"{{{{{name}}}}}" in source_text(kind, lang):
            assert value in full.text and value in full.html


@pytest.mark.parametrize(("kind", "lang"), ALL)
def test_says_the_same_things_as_the_english_one(kind: str, lang: str) -> None:
    def used(code: str) -> list[str]:
        return sorted(set(re.findall(r"\{\{[a-z_:]+\}\}", source_text(kind, code))))

    assert used(lang) == used("en")


def test_subjects_give_nothing_away() -> None:
    said = " ".join(template.subject[0] for template in shipped().values() if isinstance(template.subject[0], str))
    assert not re.search(r"refugee|asylum|migra|unsuccessful|waiting list|offer|لاجئ|پناهنده|ffoadur", said, re.I)
    decisions = {
        render(shipped()[kind, "en"], sample_values(kind)).subject for kind in KINDS if kind.startswith("decision")
    }
    assert len(decisions) == 1


def readability(text: str) -> float:
    """The automated readability index: about the American school grade."""
    sentences = max(1, len(re.findall(r"[.!?](?=\s)", text)))
    words = re.findall(r"[\w'’-]+", text)
    return 4.71 * sum(map(len, words)) / len(words) + 0.5 * len(words) / sentences - 21.43


def prose(kind: str) -> str:
    """The sentences of the English text, without what is only filled in."""
    body = source_text(kind, "en").split("---\n")[2]
    lines = re.sub(r"\{\{list:\w+\}\}|\(\{\{\w+\}\}\)|[#*\[\]]", "", body).split("\n")
    return re.sub(r"\{\{\w+\}\}", "it", " ".join(line for line in lines if line.endswith((".", "?")))) + " "


def test_is_easy_to_read() -> None:
    """Grade 4 is about the age of nine."""
    texts = {name: prose(name) for name, kind in KINDS.items() if kind.audience is not Audience.REVIEWER}
    assert readability(" ".join(texts.values())) < 4
    hard = {name: grade for name, text in texts.items() if text.count(". ") > 2 and (grade := readability(text)) > 5}
    assert hard == {}


def test_no_source_for_what_is_not_shipped() -> None:
    with pytest.raises(KeyError):
        source_text("reviewer_invited", "ar")
    with pytest.raises(KeyError):
        source_text("../kinds", "en")
