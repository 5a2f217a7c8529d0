"""Hours in which nothing that can wait is sent, by the clock on the wall, and right on days when it is changed."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.notifications.domain.moments import zone


@dataclass(frozen=True)
class QuietHours:
    """From `start` to before `end` on the clock of `zone` (IANA name), over midnight if `end` is the earlier one.

    Equal times mean no quiet hours at all.
    """

    start: time
    end: time
    zone: str = "Europe/London"

    def quiet(self, moment: datetime) -> bool:
        """Whether the clock shows a quiet time at `moment` (aware)."""
        shown = moment.astimezone(zone(self.zone)).time()
        if self.start <= self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def next_allowed(self, now: datetime) -> datetime:
        """`now`, or the moment at which the quiet hours around it end (UTC).

        An end that the clock shows twice is the next of the two; one that it skips is the same time before the change,
        which the clock then shows an hour later.
        """
        if not self.quiet(now):
            return now
        local = now.astimezone(zone(self.zone))
        days = [local.date() + timedelta(days=n) for n in range(3)]
        ends = (
            datetime.combine(day, self.end, zone(self.zone)).replace(fold=fold).astimezone(UTC)
            for day in days
            for fold in (0, 1)
        )
        return min(end for end in ends if end > now and not self.quiet(end))
