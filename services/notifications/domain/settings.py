"""The programme's own rules for sending, as staff set them on a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, TypeVar

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.moments import zone
from services.notifications.domain.quiet_hours import QuietHours
from shared.errors import Invalid

T = TypeVar("T")
NEVER_HELD = frozenset({"sign_in"})
"""What somebody waits for in front of their screen."""
FIRST_DIGEST = date(2026, 1, 5)


@dataclass(frozen=True)
class Settings:
    """`quiet` is on the clock of the programme's `zone` unless a person has their own. `held` are the kinds that wait
    for staff to let them go. The digest goes at `digest_at` every fourteen days counted from `digest_first`."""

    zone: str = "Europe/London"
    quiet: tuple[time, time] | None = None
    held: frozenset[str] = field(default_factory=frozenset)
    dry_run: bool = False
    digest: bool = False
    digest_first: date = FIRST_DIGEST
    digest_at: time = time(9, 0)

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The programme's quiet hours."""
        return QuietHours(*self.quiet, self.zone) if self.quiet else None

    def as_json(self) -> dict[str, Any]:
        """The form in which they are kept, shown by the API and read back by `read`."""
        return {
            "zone": self.zone,
            "quiet_from": _clock(self.quiet[0]) if self.quiet else "",
            "quiet_until": _clock(self.quiet[1]) if self.quiet else "",
            "held": sorted(self.held),
            "dry_run": self.dry_run,
            "digest": self.digest,
            "digest_first": self.digest_first.isoformat(),
            "digest_at": _clock(self.digest_at),
        }


def read(values: Mapping[str, Any]) -> Settings:
    """Settings from their JSON form; what is left out is as at the beginning. Raises Invalid naming the fields."""
    problems: dict[str, list[str]] = {}

    def taken(step: Callable[[Mapping[str, Any]], T], otherwise: T) -> T:
        try:
            return step(values)
        except _Wrong as wrong:
            problems[wrong.field] = [wrong.sentence]
            return otherwise

    made = Settings(
        zone=taken(_zone, "Europe/London"),
        quiet=taken(_quiet, None),
        held=taken(_held, frozenset()),
        dry_run=bool(values.get("dry_run")),
        digest=bool(values.get("digest")),
        digest_first=taken(_first, FIRST_DIGEST),
        digest_at=taken(_at, time(9, 0)),
    )
    if problems:
        raise Invalid(problems)
    return made


class _Wrong(Exception):
    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def read_clock(text: object, field: str) -> time:
    """A time of day written as 21:00. Raises Invalid naming the field."""
    try:
        return _read(text, field)
    except _Wrong as wrong:
        raise Invalid({wrong.field: [wrong.sentence]}) from None


def _read(text: object, field: str) -> time:
    try:
        found = time.fromisoformat(str(text).strip())
    except ValueError:
        raise _Wrong(field, "Write a time of day like 21:00.") from None
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _clock(value: time) -> str:
    return f"{value:%H:%M}"


def _zone(values: Mapping[str, Any]) -> str:
    name = str(values.get("zone") or "Europe/London").strip()
    try:
        zone(name)
    except ValueError:
        raise _Wrong("zone", "Choose a time zone of the list, such as Europe/London.") from None
    return name


def _quiet(values: Mapping[str, Any]) -> tuple[time, time] | None:
    start, end = (str(values.get(name) or "").strip() for name in ("quiet_from", "quiet_until"))
    if not start and not end:
        return None
    pair = _read(start, "quiet_from"), _read(end, "quiet_until")
    if pair[0] == pair[1]:
        raise _Wrong("quiet_until", "Quiet hours need an end that is not their beginning. Leave both empty for none.")
    return pair


def _held(values: Mapping[str, Any]) -> frozenset[str]:
    given = values.get("held") or []
    if not isinstance(given, list | tuple | set | frozenset) or not set(given) <= KINDS.keys() - NEVER_HELD:
        raise _Wrong("held", "Choose among the kinds of messages that can wait.")
    return frozenset(given)


def _first(values: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(str(values.get("digest_first") or FIRST_DIGEST))
    except ValueError:
        raise _Wrong("digest_first", "Write a day like 2027-02-01.") from None


def _at(values: Mapping[str, Any]) -> time:
    return _read(values.get("digest_at") or "09:00", "digest_at")
