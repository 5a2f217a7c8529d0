"""Keep an application for choosing: what a panel may see on one side, whose it is on the other."""

from typing import Any

from services.cohorts.domain.panel import email_domain, organisation_key
from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.tables import Application, ApplicationIdentity
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.follow_organisations import follow_application
from shared.contracts.applications import ApplicationReadyForReview
from shared.errors import NotYet

ORGANISATION = "organisation"
RECEIVED = "received"


def keep_application(uow: CohortsUnit, event: ApplicationReadyForReview) -> None:
    """Take an application into its round's pool, unless something newer was heard of it.

    Raises:
        NotYet: the round has not been heard of.
    """
    if uow.rounds.find(event.round_id) is None:
        raise NotYet("the round has not arrived")
    row = uow.applications.find(event.application_id)
    if row is not None and row.sequence >= uow.sequence:
        return
    if row is None:
        row = Application(id=event.application_id, stage=RECEIVED, breakdown=[], flags=0, review_count=0)
        uow.applications.add(row)
    _fill(uow, row, event)
    uow.session.flush()
    _keep_identity(uow, event)


def _fill(uow: CohortsUnit, row: Application, event: ApplicationReadyForReview) -> None:
    for name in ("round_id", "person_id", "reference", "submitted_at", "language"):
        setattr(row, name, getattr(event, name))
    row.visible = dict(event.visible)
    row.attributes = {name: _value(value) for name, value in event.attributes.items() if name != ORGANISATION}
    row.state, row.sequence = IN_POOL, uow.sequence


def _value(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return [str(one) for one in value]
    return None if value is None else str(value)


def _keep_identity(uow: CohortsUnit, event: ApplicationReadyForReview) -> None:
    row = uow.applications.identity(event.application_id)
    if row is None:
        row = ApplicationIdentity(application_id=event.application_id)
        uow.applications.add(row)
    organisation = str(event.attributes.get(ORGANISATION) or event.identifying.get(ORGANISATION) or "").strip()
    row.organisation, row.organisation_key = organisation[:400], organisation_key(organisation)[:400]
    row.email_domain = email_domain(str(event.identifying.get("email_domain") or event.identifying.get("email") or ""))
    row.answers = dict(event.identifying)
    follow_application(uow, event.round_id, event.identifying, organisation)
