"""Remind reviewers: by the clock, or when staff ask. Whoever has nothing left to do hears nothing."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import LEFT, READY
from services.cohorts.domain.reminding import (
    ASKED,
    DECLARE_AFTER,
    NOT_DECLARED,
    NOT_STARTED,
    START_AFTER,
    Reading,
    wanted_reminder,
)
from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import ReviewerReminderDue
from shared.errors import Conflict

MEMBER_REMINDER = "panel_member_reminder"


def expect_declaration(uow: CohortsUnit, member: PanelMember) -> None:
    """Look after some days whether an invited member has answered."""
    uow.schedule(MEMBER_REMINDER, f"{member.id}:{NOT_DECLARED}", uow.now + DECLARE_AFTER)


def expect_start(uow: CohortsUnit, member: PanelMember) -> None:
    """Look after some days whether a member has begun to read."""
    uow.schedule(MEMBER_REMINDER, f"{member.id}:{NOT_STARTED}", uow.now + START_AFTER)


def remind_round(uow: CohortsUnit, round_id: UUID, reason: str) -> int:
    """Remind everybody on a panel who has something left to do; how many."""
    if uow.rounds.find(round_id) is None:
        return 0
    return _remind(uow, round_id, uow.panels.serving(round_id), reason)


def remind_member(uow: CohortsUnit, member_id: UUID, reason: str) -> int:
    """Remind one member, if there is a reason to; how many were."""
    member = uow.session.get(PanelMember, member_id)
    if member is None or member.state == LEFT:
        return 0
    return _remind(uow, member.round_id, [member], reason)


def remind_now(uow: CohortsUnit, actor: Actor, round_id: UUID, member_id: UUID | None = None) -> int:
    """Staff remind one member, or everybody who has something left to do; how many were reminded.

    Raises:
        Conflict: nobody needs a reminder, or whoever does had one today.
    """
    everybody = uow.panels.serving(round_id)
    members = [member for member in everybody if member_id is None or member.id == member_id]
    sent = _remind(uow, round_id, members, ASKED)
    if not sent:
        raise Conflict(
            "Nobody was reminded: they have finished, cannot score now, have not opened their account yet, or had a "
            "reminder in the last 20 hours."
        )
    uow.record.write(actor, "reviewers_reminded", round_id, count=sent)
    return sent


def _remind(uow: CohortsUnit, round_id: UUID, members: list[PanelMember], reason: str) -> int:
    round_, phases = uow.rounds.get(round_id), uow.rounds.phases(round_id)
    readings = readings_of(uow, round_id)
    sent = 0
    for member in members:
        reading = readings.get(member.id, Reading(0, 0, 0))
        declared = member.state == READY
        about = wanted_reminder(reason, phases, uow.now, declared=declared, reading=reading, last=member.reminded_at)
        if about is None or member.person_id is None:
            continue
        member.reminded_at, sent = uow.now, sent + 1
        uow.publish(
            ReviewerReminderDue(
                panel_member_id=member.id,
                person_id=member.person_id,
                round_id=round_id,
                round_title=round_.title,
                reason=about,
                left=reading.left,
                count=reading.assigned,
                due=phases.asked_by if about != "last" else phases.scoring_closes_at,
                zone=round_.zone,
                link=uow.links.panel(),
            )
        )
    return sent


def readings_of(uow: CohortsUnit, round_id: UUID) -> dict[UUID, Reading]:
    """How far each member with a list is."""
    loads, progress = uow.assignments.loads(round_id), uow.reviews.progress(round_id)
    readings = {}
    for member, load in loads.items():
        submitted, begun, abstained = progress.get(member, (0, 0, 0))
        readings[member] = Reading(load, begun, submitted + abstained)
    return readings
