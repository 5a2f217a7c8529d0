"""A place for one named person, with the reason on the record: after an upheld review, say. Never beyond the places."""

from datetime import datetime
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.tables import Application, Offer
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.make_offers import make_offer
from services.cohorts.use_cases.stage_decisions import RELEASED
from shared.errors import Conflict, Invalid

_LONGEST = 400


def offer_out_of_turn(
    uow: CohortsUnit, actor: Actor, round_id: UUID, *, reference: str, reason: str, respond_by: datetime
) -> Offer:
    """Offer this application a free place.

    Raises:
        Conflict: the decisions are not released, or no place is free.
        Invalid: no such application, one that had its offer or is withdrawn, no reason, or a time in the past.
    """
    cohort = uow.cohorts.of_round(round_id, lock=True)
    release = uow.releases.of_round(round_id)
    if cohort is None or release is None or release.state != RELEASED:
        raise Conflict("Places can be offered once the decisions are released.")
    application = _checked(uow, round_id, reference.strip().upper(), reason.strip(), respond_by)
    if uow.offers.places_taken(round_id) >= cohort.places:
        raise Conflict("Every place is held just now. Wait until one is free, or raise the number of places first.")
    offer = make_offer(uow, uow.rounds.get(round_id), application, respond_by=respond_by)
    uow.record.write(actor, "offer_out_of_turn", round_id, offer=str(offer.id), reason=reason.strip())
    return offer


def _checked(uow: CohortsUnit, round_id: UUID, reference: str, reason: str, respond_by: datetime) -> Application:
    problems: dict[str, list[str]] = {}
    application = uow.applications.by_reference(round_id, reference)
    if application is None:
        problems["reference"] = ["There is no application with this reference in this round."]
    elif application.state != IN_POOL:
        problems["reference"] = ["This application was withdrawn."]
    elif uow.offers.of_application(application.id) is not None:
        problems["reference"] = ["This person had an offer already. Extend it, if it is still open."]
    if not 1 <= len(reason) <= _LONGEST:
        problems["reason"] = [f"Say why, in up to {_LONGEST} characters: it stays on the record."]
    if respond_by <= uow.now:
        problems["respond_by"] = ["Choose a day that is still to come."]
    if problems or application is None:
        raise Invalid(problems)
    return application
