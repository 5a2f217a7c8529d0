"""What times set off."""

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import (
    add_file,
    announce_round,
    copy_data,
    decide_case,
    draft_reminders,
    keep_interest,
    keep_round,
    open_case,
    remind_drafts,
    rescore_round,
)
from shared.service import DueHandlers

DUE: DueHandlers[ApplicationsUnitOfWork] = {
    open_case.OVERDUE: decide_case.tell_overdue,
    copy_data.END: copy_data.end_copy,
    draft_reminders.REMINDER: remind_drafts.remind_draft,
    add_file.SCANNING: add_file.scan_file,
    add_file.FORGETTING: add_file.drop_bytes,
    keep_round.CLOSING: keep_round.close_on_time,
    announce_round.OPENING: announce_round.announce_opening,
    keep_interest.FORGET: keep_interest.forget_interest,
    rescore_round.RESCORE: rescore_round.continue_rescore,
}
