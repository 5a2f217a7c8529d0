"""The language of a page: what the person chose, else what their browser asks for, else English."""

from pathlib import Path

from babel import Locale
from flask import Flask, g, request
from flask_babel import Babel, get_locale

from shared.web import cookies

LANGUAGES = {"en": "English", "cy": "Cymraeg", "ar": "العربية", "fa-AF": "دری"}
"""Languages Hearth speaks, by BCP 47 tag, each named in itself."""

_OWN = Path(__file__).parent / "translations"


def _choose() -> str:
    return (chosen_language() or "en").replace("-", "_")


def chosen_language() -> str | None:
    """The tag of the language for this request."""
    if "language" not in g:
        cookie = cookies.read(request, cookies.LANGUAGE)
        g.language = cookie if cookie in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), "en")
    language: str | None = g.language
    return language


def direction(language: str) -> str:
    """ "rtl" or "ltr", for the dir attribute."""
    return "rtl" if Locale.parse(language, sep="-").text_direction == "rtl" else "ltr"


def install(app: Flask, translations: Path | None = None) -> None:
    """Set up Babel with the shared catalogue and the service's own."""
    folders = [str(folder) for folder in (_OWN, translations) if folder is not None]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(folders)
    Babel(app, locale_selector=_choose)
    app.jinja_env.add_extension("jinja2.ext.i18n")


def language_links() -> list[dict[str, object]]:
    """The languages for the footer's form."""
    now = str(get_locale()).replace("_", "-")
    return [{"code": code, "text": name, "current": code == now} for code, name in LANGUAGES.items()]
