"""What times set off."""

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import draft_reminders, keep_round, remind_drafts
from shared.service import DueHandlers

DUE: DueHandlers[ApplicationsUnitOfWork] = {
    draft_reminders.REMINDER: remind_drafts.remind_draft,
    keep_round.CLOSING: keep_round.close_on_time,
}
