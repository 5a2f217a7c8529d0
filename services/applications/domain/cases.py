"""Review requests and complaints: their states, their clock in working days, who may decide, what is published."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.applications.domain.rounds import last_moment
from shared.errors import Conflict, Forbidden, Invalid

REVIEW, COMPLAINT = "review", "complaint"
OPEN, ASSIGNED, DECIDED, CLOSED, WITHDRAWN = "open", "assigned", "decided", "closed", "withdrawn"
WAITING: Final = frozenset({OPEN, ASSIGNED, DECIDED})
OUTCOMES: Final = ("upheld", "partly", "not_upheld")
GROUNDS: Final = {
    REVIEW: {
        "rules": "The published rules were not followed",
        "facts": "Something that I wrote was read wrongly",
        "eligible": "I was told that I cannot apply, and I think I can",
        "unfair": "I was not treated fairly",
    },
    COMPLAINT: {
        "treatment": "How somebody treated me",
        "process": "How the round was run",
        "access": "I could not take part because of my needs",
        "data": "How my data was handled",
        "other": "Something else",
    },
}
"""What a case is about, by kind."""
LONGEST: Final = 10_000
SMALL: Final = 5

MOVES: Final = {
    OPEN: frozenset({ASSIGNED, WITHDRAWN}),
    ASSIGNED: frozenset({ASSIGNED, DECIDED, WITHDRAWN}),
    # A decision that was not released may still change, and go to another officer.
    DECIDED: frozenset({ASSIGNED, DECIDED, CLOSED, WITHDRAWN}),
    CLOSED: frozenset[str](),
    WITHDRAWN: frozenset[str](),
}


@dataclass(frozen=True)
class Settings:
    """How many working days each kind may take, in how many a review may be asked for, and days that are none."""

    review_days: int = 15
    complaint_days: int = 20
    window_days: int = 20
    holidays: frozenset[date] = field(default_factory=frozenset)

    def days(self, kind: str) -> int:
        """The working days that a case of this kind may take."""
        return self.review_days if kind == REVIEW else self.complaint_days


def parse_settings(review_days: object, complaint_days: object, window_days: object, holidays: str) -> Settings:
    """Settings as they were typed; holidays one to a line, such as 2027-12-27. Raises Invalid naming the field."""
    problems: dict[str, list[str]] = {}
    numbers = {
        name: _days(name, value, problems)
        for name, value in (
            ("review_days", review_days),
            ("complaint_days", complaint_days),
            ("window_days", window_days),
        )
    }
    days = set()
    for number, line in enumerate(holidays.split(), start=1):
        try:
            days.add(date.fromisoformat(line))
        except ValueError:
            problems["holidays"] = [f"Line {number} is not a day such as 2027-12-27."]
    if problems:
        raise Invalid(problems)
    return Settings(**numbers, holidays=frozenset(days))


def _days(name: str, value: object, problems: dict[str, list[str]]) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 250):
        problems[name] = ["Write a number of working days from 1 to 250."]
        return 1
    return int(text[:4])


def working_day(start: date, days: int, holidays: Collection[date]) -> date:
    """The day that is `days` working days after `start`: Monday to Friday, holidays left out."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in holidays
    return day


def respond_by(opened_at: datetime, zone: str, kind: str, settings: Settings) -> datetime:
    """The first moment that is too late to answer: the end of the last working day, in the round's zone."""
    day = working_day(opened_at.astimezone(ZoneInfo(zone)).date(), settings.days(kind), settings.holidays)
    return last_moment(datetime(day.year, day.month, day.day, 23, 59), zone)


def in_time(decided_at: datetime, now: datetime, zone: str, settings: Settings) -> bool:
    """Whether a review may still be asked for."""
    last = working_day(decided_at.astimezone(ZoneInfo(zone)).date(), settings.window_days, settings.holidays)
    return now.astimezone(ZoneInfo(zone)).date() <= last


def working_days_left(now: datetime, by: datetime, zone: str, holidays: Collection[date]) -> int:
    """Working days from today until the deadline's day; below nought when it has passed."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = (by - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
    first, end, sign = (today, last, 1) if today <= last else (last, today, -1)
    days = (first + timedelta(days=number) for number in range(1, (end - first).days + 1))
    return sign * sum(day.weekday() < 5 and day not in holidays for day in days)


def move(state: str, wanted: str) -> str:
    """`wanted`; raises Conflict when a case in `state` cannot go there."""
    if wanted not in MOVES[state]:
        raise Conflict(f"A case that is {state} cannot become {wanted}.", code="case-state")
    return wanted


def check_words(kind: str, ground: str, text: str) -> None:
    """Raise Invalid for a case that says nothing, too much, or of an unknown kind."""
    problems: dict[str, list[str]] = {}
    if kind not in GROUNDS:
        problems["kind"] = ["Choose what you want to ask for."]
    elif ground not in GROUNDS[kind]:
        problems["ground"] = ["Choose what it is about."]
    if not text.strip():
        problems["text"] = ["Tell us what happened."]
    elif len(text) > LONGEST:
        problems["text"] = ["This is too long. Please use 10,000 characters at most."]
    if problems:
        raise Invalid(problems)


def check_officer(officer: object, roles: Iterable[str], owner: object, panel: Collection[object]) -> None:
    """Raise Forbidden for somebody who must not decide: no officer, on the round's panel, or the one who asked."""
    if "officer" not in set(roles):
        raise Forbidden("Only an officer decides about cases.")
    if officer in panel:
        raise Forbidden("You are or were on the panel of this round, so you cannot see or decide this case.")
    if officer == owner:
        raise Forbidden("This is your own case.")


def published(counts: Mapping[str, int]) -> dict[str, int | None]:
    """How many cases ended how, fit to be published: None for numbers from 1 to 4, and for what would give them away.

    `counts` maps outcomes, and "open", to numbers; "all" is added. With one number hidden, the next smallest is hidden
    too; when there is no other, the sum.
    """
    whole = sum(counts.values())
    if 0 < whole < SMALL:
        return {**dict.fromkeys(counts), "all": None}
    hidden = {name for name, count in counts.items() if 0 < count < SMALL}
    others = sorted((count, name) for name, count in counts.items() if name not in hidden and count > 0)
    # Two small numbers whose sum is known are still a guess of at most a few: hide until the hidden sum is no secret.
    if hidden and (len(hidden) == 1 or sum(counts[name] for name in hidden) < SMALL):
        if not others:
            return {**{name: None if name in hidden else counts[name] for name in counts}, "all": None}
        hidden.add(others[0][1])
    return {**{name: None if name in hidden else count for name, count in counts.items()}, "all": whole}
