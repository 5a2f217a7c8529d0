"""The life of a round: its states, the moves between them, and when somebody may still send an application."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from shared.errors import Conflict, Invalid

MINUTE = timedelta(minutes=1)


class State(StrEnum):
    """Where a round stands. Staff move it; the deadline ends an open one by itself."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    ARCHIVED = "archived"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN, State.ARCHIVED}),
    State.OPEN: frozenset({State.PAUSED, State.CLOSED}),
    State.PAUSED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset({State.OPEN, State.ARCHIVED}),
    State.ARCHIVED: frozenset(),
}


@dataclass(frozen=True)
class Times:
    """When a round takes applications: wall-clock times without a zone, and the IANA zone they are meant in."""

    zone: str
    deadline: datetime
    opens: datetime | None = None

    @property
    def closes_at(self) -> datetime:
        """The first moment that is too late, in UTC."""
        return last_moment(self.deadline, self.zone)

    @property
    def opens_at(self) -> datetime | None:
        """The first moment that is not too early, in UTC, or None when it opens as soon as staff open it."""
        return instants(self.opens, self.zone)[0] if self.opens else None


def parse_times(zone: object, deadline: object, opens: object = None) -> Times:
    """Return the times written as `2027-02-28 23:59`. Raises Invalid naming `zone`, `deadline` or `opens`."""
    problems: dict[str, list[str]] = {}
    if not isinstance(zone, str) or zone not in available_timezones():
        problems["zone"] = ["Choose a time zone, such as Europe/London."]
    closing = _wall_time("deadline", deadline, problems)
    opening = None if opens in (None, "") else _wall_time("opens", opens, problems)
    if closing and opening and opening >= closing:
        problems["deadline"] = ["The deadline is before the opening."]
    if problems or closing is None:
        raise Invalid(problems)
    return Times(str(zone), closing, opening)


def _wall_time(field: str, value: object, problems: dict[str, list[str]]) -> datetime | None:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        if found.tzinfo is None and found.year >= 1970:
            return found.replace(second=0, microsecond=0)
    except ValueError:
        pass
    problems[field] = ["Write a date and a time without a zone, such as 2027-02-28 23:59."]
    return None


def instants(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the earliest and latest UTC instants that a wall-clock time may mean.

    They differ on the nights when clocks change: a time that comes twice, or one that is skipped.
    """
    both = sorted(wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return both[0], both[1]


def last_moment(wall: datetime, zone: str) -> datetime:
    """Return the first UTC instant after the minute `wall`, read in the applicant's favour.

    "23:59" lasts until midnight. On the night the clocks change the later of two readings counts.
    """
    return instants(wall, zone)[1] + MINUTE


def move(state: State, to: State) -> State:
    """Return `to` if a round in `state` may move there. Raises Conflict."""
    if to not in MOVES[state]:
        allowed = ", ".join(sorted(MOVES[state])) or "nothing else"
        raise Conflict(f"A round that is {state} cannot become {to}. It can become: {allowed}.")
    return to


@dataclass(frozen=True)
class Round:
    """What decides whether a round takes applications."""

    state: State
    times: Times


def state_at(round_: Round, now: datetime) -> State:
    """Return the state to show at `now` (aware): an open round counts as closed once its deadline is past."""
    return State.CLOSED if round_.state is State.OPEN and now >= round_.times.closes_at else round_.state


def is_open(round_: Round, now: datetime) -> bool:
    """Return whether anybody may start and send an application at `now` (aware)."""
    opens_at = round_.times.opens_at
    return state_at(round_, now) is State.OPEN and (opens_at is None or now >= opens_at)


def may_submit(round_: Round, now: datetime, extended_to: datetime | None = None) -> bool:
    """Return whether one person may send their application at `now`, given their own extension (aware), if any.

    An extension outlives the deadline and the closing of the round, not a pause and not the archive.
    """
    if is_open(round_, now):
        return True
    return extended_to is not None and state_at(round_, now) is State.CLOSED and now < extended_to
