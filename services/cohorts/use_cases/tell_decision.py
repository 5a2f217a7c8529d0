"""The event that tells somebody their decision: the same one when it is looked at beforehand and when it goes out."""

from datetime import datetime
from uuid import UUID

from services.cohorts.storage.tables import Application, Decision, Offer, Release, Round
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import DecisionReleased

OFFERED = "offered"
_NOT_MADE_YET = UUID(int=0)


def outcome_told(round_: Round, application: Application, outcome: str, feedback: str) -> DecisionReleased:
    """What somebody without an offer is told."""
    return DecisionReleased(
        application_id=application.id,
        round_id=round_.id,
        round_title=round_.title,
        person_id=application.person_id,
        reference=application.reference,
        outcome=outcome,
        feedback=feedback,
        zone=round_.zone,
    )


def offer_told(
    round_: Round, application: Application, feedback: str, *, offer_id: UUID, link: str, respond_by: datetime
) -> DecisionReleased:
    """What somebody with an offer is told; `link` is their secret."""
    return DecisionReleased(
        application_id=application.id,
        round_id=round_.id,
        round_title=round_.title,
        person_id=application.person_id,
        reference=application.reference,
        outcome=OFFERED,
        feedback=feedback,
        zone=round_.zone,
        offer_id=offer_id,
        offer_link=link,
        respond_by=respond_by,
    )


def of_offer(
    uow: CohortsUnit, round_: Round, application: Application, offer: Offer, feedback: str
) -> DecisionReleased:
    """What goes out with an offer that is made."""
    link = uow.links.offer(offer.id, offer.nonce)
    return offer_told(round_, application, feedback, offer_id=offer.id, link=link, respond_by=offer.respond_by)


def as_staged(
    uow: CohortsUnit, round_: Round, release: Release, decision: Decision, application: Application
) -> DecisionReleased:
    """What a staged decision would say. An offer's link is not made yet: the one here opens nothing."""
    if decision.outcome != OFFERED:
        return outcome_told(round_, application, decision.outcome, decision.feedback)
    link = uow.links.offer(_NOT_MADE_YET, "")
    return offer_told(
        round_, application, decision.feedback, offer_id=_NOT_MADE_YET, link=link, respond_by=release.respond_by
    )
