"""Offers that end without an answer: the clock proposes, a person confirms. Or their application is withdrawn."""

from datetime import datetime
from uuid import UUID

from services.cohorts.domain import offer as rules
from services.cohorts.domain.actor import CLOCK, Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Offer
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.leave_sessions import leave_cohort
from services.cohorts.use_cases.make_offers import put_on_the_clock, take_off_the_clock
from shared.contracts.cohorts import ApplicationProgressed, OfferLapsed, OfferReminderDue
from shared.errors import Conflict, Invalid


def remind_offer(uow: CohortsUnit, offer_id: UUID) -> None:
    """Remind somebody whose offer still waits for its answer."""
    offer = uow.offers.find(offer_id, lock=True)
    if offer is None or offer.state != rules.OPEN or offer.respond_by <= uow.now:
        return
    round_ = uow.rounds.get(offer.round_id)
    uow.publish(
        OfferReminderDue(
            offer_id=offer.id,
            application_id=offer.application_id,
            round_title=round_.title,
            person_id=offer.person_id,
            reference=uow.applications.get(offer.application_id).reference,
            offer_link=uow.links.offer(offer.id, offer.nonce),
            respond_by=offer.respond_by,
            zone=round_.zone,
        )
    )


def propose_lapse(uow: CohortsUnit, offer_id: UUID) -> None:
    """Mark an unanswered offer whose time has passed, for staff to look at. It has not lapsed yet."""
    offer = uow.offers.find(offer_id, lock=True)
    if offer is None or offer.state != rules.OPEN or offer.lapse_proposed_at is not None:
        return
    if uow.now < offer.respond_by:
        put_on_the_clock(uow, offer)
        return
    offer.lapse_proposed_at = uow.now
    step(offer, None)
    uow.record.write(CLOCK, "lapse_proposed", offer.round_id, offer=str(offer.id))


def confirm_lapse(uow: CohortsUnit, actor: Actor, offer_id: UUID, revision: int | None) -> Offer:
    """A person confirms that an unanswered offer has lapsed; its owner is told, and the place is free.

    Raises:
        Conflict: it was answered meanwhile, or its time has not passed.
        Stale: the offer has changed since it was looked at.
    """
    offer = uow.offers.get(offer_id, lock=True)
    rules.check_can_lapse(offer.state, offer.respond_by, uow.now)
    step(offer, revision)
    offer.state, offer.lapse_proposed_at = rules.LAPSED, None
    take_off_the_clock(uow, offer)
    application = uow.applications.get(offer.application_id, lock=True)
    application.stage = rules.LAPSED
    round_ = uow.rounds.get(offer.round_id)
    uow.publish(
        OfferLapsed(
            offer_id=offer.id,
            application_id=application.id,
            round_id=round_.id,
            round_title=round_.title,
            person_id=offer.person_id,
            reference=application.reference,
            respond_by=offer.respond_by,
            zone=round_.zone,
        )
    )
    uow.publish(
        ApplicationProgressed(
            application_id=application.id, round_id=round_.id, person_id=offer.person_id, stage=rules.LAPSED
        )
    )
    uow.record.write(actor, "lapse_confirmed", round_.id, offer=str(offer.id))
    return offer


def extend_offer(uow: CohortsUnit, actor: Actor, offer_id: UUID, respond_by: datetime, revision: int | None) -> Offer:
    """Give somebody more time to answer.

    Raises:
        Conflict: the offer is no longer open.
        Invalid: the new time is not later.
    """
    offer = uow.offers.get(offer_id, lock=True)
    if offer.state != rules.OPEN:
        raise Conflict(f"This offer is already {offer.state}.")
    if respond_by <= max(uow.now, offer.respond_by):
        raise Invalid({"respond_by": ["Choose a time later than the one they have now."]})
    step(offer, revision)
    offer.respond_by, offer.lapse_proposed_at = respond_by, None
    put_on_the_clock(uow, offer)
    uow.record.write(actor, "offer_extended", offer.round_id, offer=str(offer.id), respond_by=respond_by.isoformat())
    return offer


def end_offer(uow: CohortsUnit, offer: Offer, state: str) -> None:
    """End an open or accepted offer (locked by the caller) because its application is gone."""
    accepted = offer.state == rules.ACCEPTED
    step(offer, None)
    offer.state, offer.lapse_proposed_at = state, None
    take_off_the_clock(uow, offer)
    if accepted:
        leave_cohort(uow, offer.round_id, offer.person_id)
    uow.record.write(CLOCK, f"offer_{state}", offer.round_id, offer=str(offer.id))
