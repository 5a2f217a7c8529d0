"""Words that the domain says, in the reader's language; days as people write them."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date
from flask_babel import get_locale

from services.applications.domain.messages import Message
from shared.web.i18n import gettext as _


def in_own_words(problems: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Problems by field, translated where a translation is known."""
    return {field: [_said(text) for text in texts] for field, texts in problems.items()}


def _said(text: str) -> str:
    return _(text.template, **text.values) if isinstance(text, Message) else text


def said_day(text: str | None) -> str:
    """ "Monday 22 March 2027" for "2027-03-22"; empty for none."""
    if not text:
        return ""
    try:
        return format_date(date.fromisoformat(text), "EEEE d MMMM y", locale=get_locale())
    except ValueError:
        return text
