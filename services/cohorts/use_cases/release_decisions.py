"""Tell everybody at once: one transaction, so that after a crash either all are told or none, and nobody twice."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.tables import Application, Cohort, Decision, Release, Round
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.approve_feedback import check_approved
from services.cohorts.use_cases.make_offers import make_offer
from services.cohorts.use_cases.stage_decisions import OFFERED, RELEASED
from services.cohorts.use_cases.tell_decision import outcome_told
from shared.contracts.cohorts import ApplicationProgressed
from shared.errors import Conflict


def release_decisions(uow: CohortsUnit, actor: Actor, release_id: UUID, revision: int | None) -> Release:
    """Release staged decisions. Released already: nothing happens again, and the release is returned as it is.

    Raises:
        Stale: the decisions have been changed since they were looked at.
        Conflict: the time to answer has already passed, or feedback waits to be approved.
    """
    release = uow.releases.get(release_id, lock=True)
    if release.state == RELEASED:
        return release
    step(release, revision)
    check_approved(uow, release)
    if release.respond_by <= uow.now:
        raise Conflict("The day to answer by has passed. Stage the decisions again with a later one.")
    round_ = uow.rounds.get(release.round_id)
    _open_cohort(uow, round_)
    rows = uow.releases.decisions(release.id)
    uow.applications.some((application.id for _, application in rows), lock=True)
    for decision, application in rows:
        # Somebody who withdrew while the decisions were staged is told nothing more.
        if application.state == IN_POOL:
            _tell(uow, round_, release, decision, application)
    release.state, release.released_at, release.released_by_name = RELEASED, uow.now, actor.name
    uow.session.flush()
    uow.record.write(actor, "decisions_released", round_.id, run=str(release.run_id), **uow.releases.counts(release.id))
    return release


def _open_cohort(uow: CohortsUnit, round_: Round) -> Cohort:
    places = uow.rounds.plan(round_.id, lock=True).places
    cohort = Cohort(round_id=round_.id, title=round_.title, zone=round_.zone, places=places, created_at=uow.now)
    uow.cohorts.add(cohort)
    uow.session.flush()
    return cohort


def _tell(uow: CohortsUnit, round_: Round, release: Release, decision: Decision, application: Application) -> None:
    decision.told_at = uow.now
    if decision.outcome == OFFERED:
        make_offer(uow, round_, application, respond_by=release.respond_by, feedback=decision.feedback)
        return
    application.stage = decision.outcome
    uow.publish(outcome_told(round_, application, decision.outcome, decision.feedback))
    uow.publish(
        ApplicationProgressed(
            application_id=application.id,
            round_id=round_.id,
            person_id=application.person_id,
            stage=decision.outcome,
        )
    )
