"""Somebody leaves a cohort or a group: their places go to who waits, and the sessions leave their calendar, and no
survey is asked of them any more."""

from uuid import UUID

from services.cohorts.storage.tables import Cohort, ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_sessions import publish_session, set_invited
from services.cohorts.use_cases.invite_to_surveys import leave_surveys
from services.cohorts.use_cases.take_places import let_go


def leave_cohort(uow: CohortsUnit, round_id: UUID, person_id: UUID) -> None:
    """Take a participant out of the cohort, its groups, and every session that is still to come."""
    cohort = uow.cohorts.of_round(round_id)
    if cohort is None:
        return
    uow.cohorts.remove(cohort.id, person_id)
    leave_surveys(uow, cohort, person_id)
    for group in uow.groups.of_person(person_id):
        if group.cohort_id == cohort.id:
            uow.groups.leave(group.id, person_id)
    for session in uow.sessions.to_come(cohort.id, uow.now):
        leave_session(uow, cohort, session, person_id)


def leave_session(uow: CohortsUnit, cohort: Cohort, session: ProgrammeSession, person_id: UUID) -> None:
    """Take somebody off one session, which is locked."""
    changed = let_go(uow, session, person_id)
    if set_invited(uow, session, person_id, False) or changed:
        publish_session(uow, session, cohort)
