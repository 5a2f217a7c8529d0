"""What times set off."""

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_round, remind_drafts, start_application
from shared.service import DueHandlers

DUE: DueHandlers[ApplicationsUnitOfWork] = {
    start_application.REMINDER: remind_drafts.remind_draft,
    keep_round.CLOSING: keep_round.close_on_time,
}
