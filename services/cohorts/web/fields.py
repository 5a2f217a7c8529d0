"""Read what a form sent: numbers, dates and times, with words for what cannot be read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.errors import Invalid, NotFound

Form = Mapping[str, str]


def text(form: Form, name: str) -> str:
    """A trimmed text with plain line ends; "" when absent."""
    return form.get(name, "").replace("\r\n", "\n").strip()


def number(form: Form, name: str, problems: dict[str, list[str]], default: int | None = None) -> int:
    """A whole number; 0 with a problem noted when it is none. An empty field gives `default` if there is one."""
    given = text(form, name)
    if not given and default is not None:
        return default
    try:
        return int(given)
    except ValueError:
        problems[name] = ["Write a whole number, in figures."]
        return 0


def revision(form: Form) -> int | None:
    """The version that the form was made on; None when the form does not say."""
    given = text(form, "revision")
    return int(given) if given.isdigit() else None


def day(form: Form, name: str, problems: dict[str, list[str]], *, optional: bool = False) -> date | None:
    """A date from its three fields; None with a problem noted when it is none."""
    parts = [text(form, f"{name}-{part}") for part in ("year", "month", "day")]
    if optional and not any(parts):
        return None
    try:
        year, month, of_month = (int(part) for part in parts)
        return date(year, month, of_month)
    except ValueError:
        problems[name] = ["Write a real date, such as 27 3 2027."]
        return None


def wall_time(form: Form, name: str, problems: dict[str, list[str]], default: str = "") -> time | None:
    """A time of day, such as 14:30; None with a problem noted when it is none."""
    given = text(form, name) or default
    try:
        return time.fromisoformat(given.replace(".", ":").zfill(5))
    except ValueError:
        problems[name] = ["Write a time from 00:00 to 23:59, such as 14:30."]
        return None


def end_of_day(when: date | None, zone: str) -> datetime | None:
    """The last minute of a day in a zone: "by Friday" includes Friday."""
    if when is None:
        return None
    return datetime.combine(when, time(23, 59), ZoneInfo(zone)).astimezone(UTC)


def kept_time(before: datetime | None, wanted: datetime | None, zone: str) -> datetime | None:
    """`before`, where a form shows the same day: what was begun or ended by hand at noon stays at noon."""
    there = ZoneInfo(zone)
    if before and wanted and before.astimezone(there).date() == wanted.astimezone(there).date():
        return before
    return wanted


def checked(problems: Mapping[str, list[str]]) -> None:
    """Raise Invalid when there is any problem."""
    if problems:
        raise Invalid(problems)


def identifier(value: str) -> UUID:
    """An id out of a form; NotFound for what is none."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound("There is no such thing.") from None
