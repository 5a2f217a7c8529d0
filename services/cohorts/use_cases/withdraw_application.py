"""An applicant took their application back: it leaves the pool, the reading lists and its offer."""

from services.cohorts.domain.offer import HOLDING, WITHDRAWN
from services.cohorts.storage.repositories import applications as pool
from services.cohorts.storage.repositories.panels import REMOVED
from services.cohorts.storage.tables import Application
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.end_offers import end_offer
from shared.contracts.applications import ApplicationWithdrawn
from shared.errors import NotYet


def withdraw_application(uow: CohortsUnit, event: ApplicationWithdrawn) -> None:
    """Take an application out of everything that is still to come.

    Raises:
        NotYet: the round has not been heard of.
    """
    if uow.rounds.find(event.round_id) is None:
        raise NotYet("the round has not arrived")
    row = uow.applications.find(event.application_id)
    if row is not None and row.sequence >= uow.sequence:
        return
    if row is None:
        row = _marker(uow, event)
    row.state, row.sequence = pool.WITHDRAWN, uow.sequence
    for assignment in uow.assignments.of_application(row.id):
        assignment.state, assignment.reason = REMOVED, "the application was withdrawn"
    offer = uow.offers.of_application(row.id, lock=True)
    if offer is not None and offer.state in HOLDING:
        end_offer(uow, offer, WITHDRAWN)
    uow.session.flush()


def _marker(uow: CohortsUnit, event: ApplicationWithdrawn) -> Application:
    """A row that remembers the withdrawal, should the application itself arrive late."""
    row = Application(
        id=event.application_id,
        round_id=event.round_id,
        person_id=event.person_id,
        reference=event.reference,
        submitted_at=uow.now,
        language="",
        stage=pool.WITHDRAWN,
        visible={},
        attributes={},
        breakdown=[],
        flags=0,
        review_count=0,
    )
    uow.applications.add(row)
    return row
