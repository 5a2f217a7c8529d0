"""What events set off."""

from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases import (
    send_digest,
    tell_about_cases,
    tell_about_data,
    tell_applicants,
    tell_interested,
    tell_outcomes,
    tell_panels,
    tell_sessions,
    tell_surveys,
)
from services.notifications.use_cases.copy_data import copy_data
from services.notifications.use_cases.keep_contact import keep_contact
from services.notifications.use_cases.keep_erased import erase_person
from shared.contracts import applications, cohorts
from shared.service import Handlers

HANDLERS: Handlers[NotificationsUnitOfWork] = {
    applications.PersonalDataRequested: copy_data,
    applications.PersonalDataReady: tell_about_data.data_ready,
    applications.ErasureRequested: erase_person,
    applications.ErasureCompleted: tell_about_data.erasure_done,
    applications.EmailChangeRequested: tell_about_data.email_change,
    applications.EmailChanged: tell_about_data.email_changed,
    applications.CaseOpened: tell_about_cases.opened,
    applications.CaseAssigned: tell_about_cases.assigned,
    applications.CaseOverdue: tell_about_cases.overdue,
    applications.CaseClosed: tell_about_cases.closed,
    applications.PersonRegistered: keep_contact,
    applications.PersonChanged: keep_contact,
    applications.RoundPublished: send_digest.keep_round,
    applications.SignInRequested: tell_applicants.sign_in,
    applications.ApplicationStarted: tell_applicants.draft_saved,
    applications.DraftReminderDue: tell_applicants.draft_reminder,
    applications.ApplicationSubmitted: tell_applicants.received,
    applications.ApplicationWithdrawn: tell_applicants.withdrawn,
    applications.InterestRegistered: tell_interested.ask_to_confirm,
    applications.RoundAnnounced: tell_interested.round_announced,
    applications.DeadlineExtended: tell_applicants.more_time,
    applications.HelperInvited: tell_applicants.helper_asked,
    applications.HelperEnded: tell_applicants.helper_thanked,
    cohorts.ReviewerInvited: tell_outcomes.reviewer_invited,
    cohorts.ReviewsAssigned: tell_outcomes.reviews_assigned,
    cohorts.ReviewerReminderDue: tell_outcomes.reviewer_reminder,
    cohorts.PanelTermsChanged: tell_panels.terms_changed,
    cohorts.DiscussionContinued: tell_panels.discussion_continued,
    cohorts.DecisionReleased: tell_outcomes.decision,
    cohorts.OfferReminderDue: tell_outcomes.offer_reminder,
    cohorts.OfferAnswered: tell_outcomes.offer_answered,
    cohorts.OfferLapsed: tell_outcomes.offer_lapsed,
    cohorts.SessionPublished: tell_sessions.session_published,
    cohorts.SessionReminderDue: tell_sessions.session_reminder,
    cohorts.SurveyInvited: tell_surveys.survey_invited,
    cohorts.SurveyReminderDue: tell_surveys.survey_reminder,
}
