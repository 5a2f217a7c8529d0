"""What events set off."""

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import copy_data, decide_case, erase_person, follow_up
from services.applications.use_cases.keep_lottery import keep_lottery
from shared.contracts import cohorts, notifications
from shared.contracts.cohorts import ApplicationProgressed, ParticipantEnrolled, ReviewerInvited
from shared.contracts.notifications import MessageDelivered, MessageFailed, MessageHandedOver
from shared.service import Handlers

HANDLERS: Handlers[ApplicationsUnitOfWork] = {
    cohorts.ReviewsAssigned: decide_case.keep_seat,
    ReviewerInvited: follow_up.welcome_reviewer,
    ApplicationProgressed: follow_up.keep_status,
    ParticipantEnrolled: follow_up.enrol,
    cohorts.LotteryPublished: keep_lottery,
    MessageHandedOver: follow_up.keep_handed_over,
    MessageDelivered: follow_up.keep_delivered,
    MessageFailed: follow_up.keep_failed,
    cohorts.PersonalDataGathered: copy_data.keep_part,
    notifications.PersonalDataGathered: copy_data.keep_part,
    cohorts.PersonErased: erase_person.keep_confirmation,
    notifications.PersonErased: erase_person.keep_confirmation,
}
