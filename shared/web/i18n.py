"""The language of a page: what the person chose, else what their browser asks for, else English."""

from pathlib import Path

from babel import Locale
from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale
from flask_babel import gettext as _translate

from shared.web import cookies

LANGUAGES = {"en": "English", "cy": "Cymraeg", "ar": "العربية", "fa-AF": "دری"}
"""Languages Hearth speaks, by BCP 47 tag, each named in itself."""

_YEAR = 365 * 24 * 3600
_OWN = Path(__file__).parent / "translations"


def _choose() -> str:
    return (chosen_language() or "en").replace("-", "_")


def chosen_language() -> str | None:
    """The tag of the language for this request."""
    if "language" not in g:
        wished = (request.args.get("language"), cookies.read(request, cookies.LANGUAGE))
        known = [code for code in wished if code in LANGUAGES]
        g.language = known[0] if known else _asked_for()
    language: str | None = g.language
    return language


def _asked_for() -> str:
    """The first of the browser's languages that we speak, in whichever country it is spoken (`ar-SY` is `ar`)."""
    ours = {code.lower(): code for code in reversed(LANGUAGES)}
    ours |= {code.lower().partition("-")[0]: code for code in reversed(LANGUAGES)} | {"prs": "fa-AF"}
    for tag, quality in request.accept_languages:
        code = ours.get(tag.lower()) or ours.get(tag.lower().partition("-")[0])
        if code and quality > 0:
            return code
    return "en"


def remember(response: Response) -> Response:
    """After each request: keep a language that was just chosen by a link to a page, such as `?language=cy`."""
    code = request.args.get("language")
    if request.method != "GET" or response.mimetype != "text/html":
        return response
    if code in LANGUAGES and code != cookies.read(request, cookies.LANGUAGE):
        cookies.write(response, cookies.LANGUAGE, str(code), seconds=_YEAR)
    return response


def gettext(text: str, **values: object) -> str:
    """The text in the reader's language, with `%(name)s` filled in."""
    return str(_translate(text, **values))


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
    """The languages for the footer's links."""
    now = str(get_locale()).replace("_", "-")
    return [{"code": code, "text": name, "current": code == now} for code, name in LANGUAGES.items()]
