"""Days as people write them, in the reader's language."""

from datetime import date

from babel.dates import format_date
from flask_babel import get_locale


def said_day(text: str | None) -> str:
    """ "Monday 22 March 2027" for "2027-03-22"; empty for none."""
    if not text:
        return ""
    try:
        return format_date(date.fromisoformat(text), "EEEE d MMMM y", locale=get_locale())
    except ValueError:
        return text
