"""What an applicant or a participant meets is said in every language, and compiled catalogues are current."""

from collections.abc import Mapping
from functools import cache
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.applications.domain.messages import Message
from services.developer import translations
from services.developer.translations import LANGUAGES, PLACES, Place
from shared.web import i18n
from shared.web.spoken import in_own_words, say

STAFF = (
    "hearth/charts.html",
    "hearth/style_guide",
    "/staff",
    "web/pages/staff",
    "web/api/",
    "sign_in/set_up.html",
    "sign_in/recovery.html",
    "sign_in/second.html",
    "pages/second_step.py",
    "use_cases/second_factor.py",
    "cohorts/panel/",
    "pages/panel.py",
    "use_cases/declare_conflicts.py",
    "use_cases/hand_back_review.py",
    "use_cases/read_reviews.py",
    "use_cases/write_review.py",
)
"""Files with texts for staff and panel members alone: these may stay English for a while."""

EVERY = pytest.mark.parametrize("language", LANGUAGES)
EACH = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.folder.replace("/web/translations", ""))


@cache
def for_applicants(place: Place) -> list[str]:
    found = translations.extract(place)
    # A text with a plural stands in a catalogue under its singular.
    texts = [text for text, files in found.items() if not all(map(for_staff, files))]
    return [text[0] if isinstance(text, tuple) else str(text) for text in texts]


def for_staff(file: str) -> bool:
    return any(part in file for part in STAFF)


@EVERY
@EACH
def test_everything_an_applicant_meets_is_translated(place: Place, language: str) -> None:
    said = translations.read(place, language)
    texts = for_applicants(place)
    assert len(texts) > 30
    assert [text for text in texts if not (text in said and said[text].string)] == []


@EVERY
@EACH
def test_places_for_values_are_those_of_the_english(place: Place, language: str) -> None:
    assert translations.misplaced(translations.read(place, language)) == {}


@EVERY
@EACH
def test_the_compiled_catalogue_is_made_from_the_one_beside_it(place: Place, language: str) -> None:
    compiled = place.po(language).with_suffix(".mo").read_bytes()
    assert compiled == translations.as_mo(translations.read(place, language)), "run: hearth translations compile"


@EVERY
@EACH
def test_no_entry_is_fuzzy_for_such_an_entry_would_not_be_shown(place: Place, language: str) -> None:
    assert [message.id for message in translations.read(place, language) if message.id and message.fuzzy] == []


def test_a_place_that_is_lost_or_misspelt_is_found() -> None:
    catalog = translations.Catalog("cy")
    catalog.add("Saved at {time}", "Cadwyd am {amser}")
    catalog.add("%(n)s minutes", "%(n)s munud")
    assert list(translations.misplaced(catalog)) == ["Saved at {time}"]


def test_updating_keeps_translations_marks_and_header() -> None:
    place = PLACES[0]
    once = translations.as_po(translations.updated(place, "ar"))
    assert b'# draft\n#: shared/web/templates/hearth/layout.html\nmsgid "Sign out"\nmsgstr "\xd8' in once
    assert once.startswith(b"# What Hearth's pages say, in ar.\n# Made by a machine as a draft.")
    assert once.count(b"\nmsgid ") == len(translations.extract(place)) + 1


@pytest.fixture
def page() -> Flask:
    """A page of the applications service's languages."""
    app = Flask("page")
    app.config["PUBLIC_URL"] = "http://localhost"
    i18n.install(app, translations.ROOT / "services/applications/web/translations")
    return app


def spoken(app: Flask, language: str, problems: Mapping[str, list[str]]) -> dict[str, list[str]]:
    with app.test_request_context(f"/?language={language}"):
        return in_own_words(problems)


def test_a_sentence_with_values_is_said_in_the_readers_language(page: Flask) -> None:
    problem = Message("“%(label)s”: choose %(most)s answers at most.", label="المهارات", most=3)
    assert spoken(page, "ar", {"skills": [problem]}) == {"skills": ["«المهارات»: اختر 3 أجوبة على الأكثر."]}
    assert spoken(page, "en", {"skills": [problem]}) == {"skills": [str(problem)]}


def test_a_plain_sentence_is_said_and_one_without_translation_stands(page: Flask) -> None:
    with page.test_request_context("/?language=fa-AF"):
        assert say("Enter your email address.") == "آدرس ایمیل خود را بنویسید."
        assert say("Nobody has translated 100% of this.") == "Nobody has translated 100% of this."
        assert say("") == ""


@pytest.fixture
def client(tmp_path: object) -> FlaskClient:
    """A browser on the applications service."""
    from services.applications.app import build
    from tests.applications.parts import config_for, migrate

    url = f"sqlite:///{tmp_path}/applications.sqlite3"
    migrate(url)
    return build(config_for(url)).web.test_client()


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [
        ("ar", "rtl", ["تسجيل الدخول", "كيف يسير الأمر", "الخصوصية وبياناتك"]),
        ("fa-AF", "rtl", ["ورود", "چگونه کار می‌کند", "حریم شخصی و معلومات شما"]),
        ("cy", "ltr", ["Mewngofnodi", "Sut mae'n gweithio", "Preifatrwydd a'ch data"]),
    ],
)
def test_the_front_page_speaks_the_language_in_its_direction(
    client: FlaskClient, language: str, direction: str, words: list[str]
) -> None:
    shown = unescape(client.get("/", query_string={"language": language}).text)
    assert f'lang="{language}"' in shown and f'dir="{direction}"' in shown
    assert [word for word in words if word not in shown] == []
    assert "How it works" not in shown


def test_an_error_page_speaks_arabic(client: FlaskClient) -> None:
    shown = client.get("/nowhere-at-all", query_string={"language": "ar"}).text
    assert "هذه الصفحة ليست هنا" in shown
    assert "This page is not here" not in shown
