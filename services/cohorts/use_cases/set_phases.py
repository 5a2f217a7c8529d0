"""The dates of a panel's phases: set by staff, followed by the clock, which records each turn and tells reviewers."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.cohorts.domain.actor import CLOCK, Actor
from services.cohorts.domain.phases import CLOSED, DISCUSSION, PREPARING, SCORING, Phases, check_dates
from services.cohorts.domain.reminding import ROUND_REMINDERS, round_reminders
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import RoundPlan
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.calibrate_reviews import schedule_calibration
from services.cohorts.use_cases.tell_reviewers import tell_reviewer
from shared.errors import Conflict

TURN, REMINDER = "panel_turn", "panel_reminder"


def set_phases(uow: CohortsUnit, actor: Actor, round_id: UUID, wanted: Phases, revision: int | None) -> RoundPlan:
    """Settle when the panel's phases begin and end.

    Raises:
        Invalid: the dates are not in order.
        Stale: somebody else has changed the round's plan since `revision`.
    """
    check_dates(wanted)
    row = uow.rounds.plan(round_id, lock=True)
    step(row, revision)
    before = uow.rounds.phases(round_id).at(uow.now)
    row.scoring_opens_at, row.scoring_due_at = wanted.scoring_opens_at, wanted.scoring_due_at
    row.review_closes_at, row.discussion_closes_at = wanted.scoring_closes_at, wanted.discussion_closes_at
    uow.session.flush()
    follow_phases(uow, round_id)
    schedule_calibration(uow, round_id, wanted.scoring_closes_at)
    uow.record.write(actor, "phases_set", round_id, **_told(wanted))
    if wanted.at(uow.now) != before:
        take_turn(uow, round_id, wanted.at(uow.now), actor)
    return row


def begin_next(uow: CohortsUnit, actor: Actor, round_id: UUID, revision: int | None) -> str:
    """Begin the panel's next phase now, whatever its date was; which one that is.

    Raises:
        Conflict: the panel is closed, and nothing comes after that.
        Stale: somebody else has changed the round's plan since `revision`.
    """
    now, phases = uow.now, uow.rounds.phases(round_id)
    phase = phases.at(now)
    if phase == CLOSED:
        raise Conflict("This panel has closed. To go on, give a later date to scoring or to the discussion.")
    if phase == PREPARING:
        wanted = replace(phases, scoring_opens_at=now)
    elif phase == SCORING:
        due = phases.scoring_due_at
        wanted = replace(phases, scoring_closes_at=now, scoring_due_at=due if due and due <= now else None)
    else:
        wanted = replace(phases, discussion_closes_at=now)
    set_phases(uow, actor, round_id, wanted, revision)
    return wanted.at(now)


def _told(phases: Phases) -> dict[str, str | None]:
    names = ("scoring_opens_at", "scoring_due_at", "scoring_closes_at", "discussion_closes_at")
    dates: dict[str, datetime | None] = {name: getattr(phases, name) for name in names}
    return {name: at.isoformat() if at else None for name, at in dates.items()}


def follow_phases(uow: CohortsUnit, round_id: UUID) -> None:
    """Put the turns and reminders that are still to come on the clock, and take off those that no longer are."""
    phases = uow.rounds.phases(round_id)
    turns = {phase: at for phase, at in phases.turns() if at > uow.now}
    reminders = round_reminders(phases, uow.now)
    for kind, times, names in (
        (TURN, turns, (SCORING, DISCUSSION, CLOSED)),
        (REMINDER, reminders, ROUND_REMINDERS),
    ):
        for name in names:
            key = f"{round_id}:{name}"
            if name in times:
                uow.schedule(kind, key, times[name])
            else:
                uow.cancel(kind, key)


def take_turn(uow: CohortsUnit, round_id: UUID, phase: str, actor: Actor = CLOCK) -> None:
    """A phase has begun: it goes on record, and whoever has a list is told when scoring opens."""
    if uow.rounds.find(round_id) is None or uow.rounds.phases(round_id).at(uow.now) != phase:
        return
    uow.record.write(actor, "phase_began", round_id, phase=phase)
    if phase == SCORING:
        for member in uow.panels.serving(round_id):
            if uow.assignments.of_member(member.id):
                tell_reviewer(uow, member)
