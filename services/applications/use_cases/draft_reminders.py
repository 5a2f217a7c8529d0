"""The reminders of a draft on the clock: put there at its start, moved with the deadline, taken off when it is sent."""

from datetime import timedelta

from services.applications.storage.tables import ApplicationRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork

REMINDER = "draft_reminder"
DAYS_BEFORE = (7, 2)


def schedule_reminders(uow: ApplicationsUnitOfWork, round_: RoundRow, row: ApplicationRow) -> None:
    """Put the reminders of a draft on the clock, those whose time has not passed; earlier ones are moved.

    They count from the person's own deadline, if they were given more time than the round.
    """
    own = uow.extensions.of(round_.id, row.person_id)
    closes_at = max(round_.closes_at, own.closes_at) if own else round_.closes_at
    for days in DAYS_BEFORE:
        at = closes_at - timedelta(days=days)
        if at > uow.now:
            uow.schedule(REMINDER, _key(row, days), at, {"application_id": str(row.id), "days_left": days})
        else:
            uow.cancel(REMINDER, _key(row, days))


def cancel_reminders(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> None:
    """Take them off again."""
    uow.cancel(REMINDER, *(_key(row, days) for days in DAYS_BEFORE))


def move_reminders(uow: ApplicationsUnitOfWork, round_: RoundRow) -> None:
    """The deadline has moved: so do the reminders of every draft."""
    for row in uow.applications.drafts_of(round_.id):
        schedule_reminders(uow, round_, row)


def _key(row: ApplicationRow, days: int) -> str:
    return f"{row.id}:{days}"
