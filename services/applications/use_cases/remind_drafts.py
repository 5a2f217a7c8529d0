"""Remind people of a draft before the deadline."""

from uuid import UUID

from services.applications.domain.rounds import MINUTE
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.extend_deadline import closes_for, may_send
from services.applications.use_cases.resume_draft import resume_link
from shared.contracts.applications import DraftReminderDue
from shared.service import Due


def remind_draft(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """Ask for the reminder to be sent, if the draft is still one and can still be sent."""
    row = uow.applications.get(UUID(due.payload["application_id"]))
    round_ = uow.rounds.get(row.round_id)
    if row.state != "draft" or not may_send(uow, round_, row.person_id):
        return
    uow.publish(
        DraftReminderDue(
            application_id=row.id,
            round_id=round_.id,
            round_title=round_.title,
            person_id=row.person_id,
            resume_link=resume_link(uow, row),
            closes_at=closes_for(uow, round_, row.person_id) - MINUTE,
            zone=round_.zone,
            days_left=int(due.payload["days_left"]),
        )
    )
