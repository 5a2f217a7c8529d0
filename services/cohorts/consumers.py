"""What this service does about each event that it listens to, and nothing else."""

from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.copy_data import copy_data
from services.cohorts.use_cases.follow_organisations import follow_organisations
from services.cohorts.use_cases.keep_application import keep_application
from services.cohorts.use_cases.keep_cases import case_closed, case_opened
from services.cohorts.use_cases.keep_copies import keep_person, keep_round
from services.cohorts.use_cases.keep_delivery import keep_delivery
from services.cohorts.use_cases.keep_erased import erase_person
from services.cohorts.use_cases.keep_scores import keep_rescored, keep_round_scores, keep_score
from services.cohorts.use_cases.withdraw_application import withdraw_application
from shared.contracts.applications import (
    ApplicationReadyForReview,
    ApplicationScored,
    ApplicationWithdrawn,
    CaseClosed,
    CaseOpened,
    ErasureRequested,
    OrganisationsMerged,
    PersonalDataRequested,
    PersonChanged,
    PersonRegistered,
    RoundPublished,
    RoundRescored,
    ScoresPublished,
)
from shared.contracts.notifications import MessageDelivered, MessageFailed, MessageHandedOver
from shared.service import Handlers

HANDLERS: Handlers[CohortsUnit] = {
    CaseOpened: case_opened,
    CaseClosed: case_closed,
    RoundPublished: keep_round,
    PersonRegistered: keep_person,
    PersonChanged: keep_person,
    ApplicationReadyForReview: keep_application,
    ApplicationScored: keep_score,
    ScoresPublished: keep_round_scores,
    RoundRescored: keep_rescored,
    ApplicationWithdrawn: withdraw_application,
    OrganisationsMerged: follow_organisations,
    MessageHandedOver: keep_delivery,
    MessageDelivered: keep_delivery,
    MessageFailed: keep_delivery,
    PersonalDataRequested: copy_data,
    ErasureRequested: erase_person,
}
