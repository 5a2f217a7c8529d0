"""What times set off."""

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import announce_round, draft_reminders, keep_interest, keep_round, remind_drafts
from shared.service import DueHandlers

DUE: DueHandlers[ApplicationsUnitOfWork] = {
    draft_reminders.REMINDER: remind_drafts.remind_draft,
    keep_round.CLOSING: keep_round.close_on_time,
    announce_round.OPENING: announce_round.announce_opening,
    keep_interest.FORGET: keep_interest.forget_interest,
}
