"""When reviewers are reminded, and of what. Whoever has finished is left in peace."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.cohorts.domain.phases import SCORING, Phases

SOON, LAST, OVERDUE = "soon", "last", "overdue"
NOT_DECLARED, NOT_STARTED, ASKED = "not_declared", "not_started", "asked"
ROUND_REMINDERS = (SOON, OVERDUE, LAST)
MEMBER_REMINDERS = (NOT_DECLARED, NOT_STARTED)

SOON_BEFORE = timedelta(days=3)
LAST_BEFORE = timedelta(days=1)
OVERDUE_AFTER = timedelta(days=1)
DECLARE_AFTER = timedelta(days=5)
START_AFTER = timedelta(days=7)
QUIET = timedelta(hours=20)
"""Nobody is reminded twice within this, whatever the reason."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How far one reviewer is: reviews on their list, begun, and done (handed in or abstained from)."""

    assigned: int
    begun: int
    done: int

    @property
    def left(self) -> int:
        """How many are still to be done."""
        return max(self.assigned - self.done, 0)


def round_reminders(phases: Phases, now: datetime) -> dict[str, datetime]:
    """The reminders that go to everybody on a panel, by what they are about; only those still to come."""
    times: dict[str, datetime] = {}
    asked, due, closes = phases.asked_by, phases.scoring_due_at, phases.scoring_closes_at
    if asked is not None:
        times[SOON] = asked - SOON_BEFORE
    if due is not None and (closes is None or due + OVERDUE_AFTER < closes):
        times[OVERDUE] = due + OVERDUE_AFTER
    if due is not None and closes is not None and due + OVERDUE_AFTER < closes - LAST_BEFORE:
        times[LAST] = closes - LAST_BEFORE
    opens = phases.scoring_opens_at
    return {name: at for name, at in times.items() if at > now and (opens is None or at > opens)}


def wanted_reminder(
    reason: str, phases: Phases, now: datetime, *, declared: bool, reading: Reading, last: datetime | None
) -> str | None:
    """What to remind a reviewer of now, if of anything: not_declared, or `reason`.

    None for whoever has nothing left to do, has started (where the reason is that they had not), was reminded within
    `QUIET`, or cannot do anything in this phase.
    """
    if last is not None and now - last < QUIET:
        return None
    if not declared:
        return NOT_DECLARED if reason != NOT_STARTED else None
    if reason == NOT_DECLARED or phases.at(now) != SCORING or not reading.left:
        return None
    if reason == NOT_STARTED and (reading.begun or reading.done):
        return None
    return reason
