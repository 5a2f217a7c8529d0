"""Remind people of a draft before the deadline."""

from uuid import UUID

from services.applications.domain.rounds import is_open
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_round import last_minute, life_of
from services.applications.use_cases.resume_draft import resume_link
from shared.contracts.applications import DraftReminderDue
from shared.service import Due


def remind_draft(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """Ask for the reminder to be sent, if the draft is still one and the round is still open."""
    row = uow.applications.get(UUID(due.payload["application_id"]))
    round_ = uow.rounds.get(row.round_id)
    if row.state != "draft" or not is_open(life_of(round_), uow.now):
        return
    uow.publish(
        DraftReminderDue(
            application_id=row.id,
            round_id=round_.id,
            round_title=round_.title,
            person_id=row.person_id,
            resume_link=resume_link(uow, row),
            closes_at=last_minute(round_),
            zone=round_.zone,
            days_left=int(due.payload["days_left"]),
        )
    )
