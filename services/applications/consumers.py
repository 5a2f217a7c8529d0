"""What events set off."""

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import follow_up
from shared.contracts.cohorts import ApplicationProgressed, ParticipantEnrolled, ReviewerInvited
from shared.contracts.notifications import MessageDelivered, MessageFailed, MessageHandedOver
from shared.service import Handlers

HANDLERS: Handlers[ApplicationsUnitOfWork] = {
    ReviewerInvited: follow_up.welcome_reviewer,
    ApplicationProgressed: follow_up.keep_status,
    ParticipantEnrolled: follow_up.enrol,
    MessageHandedOver: follow_up.keep_handed_over,
    MessageDelivered: follow_up.keep_delivered,
    MessageFailed: follow_up.keep_failed,
}
