"""Offer a place: the row, the message, the reminder and the deadline."""

from datetime import datetime
from uuid import UUID

from services.cohorts.domain import offer as rules
from services.cohorts.domain.links import new_nonce
from services.cohorts.storage.tables import Application, Offer, Round
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.tell_decision import OFFERED, of_offer
from shared.contracts.cohorts import ApplicationProgressed

REMINDER, DEADLINE = "offer_reminder", "offer_deadline"


def make_offer(
    uow: CohortsUnit,
    round_: Round,
    application: Application,
    *,
    respond_by: datetime,
    feedback: str = "",
    replaces: UUID | None = None,
) -> Offer:
    """Offer an application a place until `respond_by`, and tell its owner."""
    offer = Offer(
        round_id=round_.id,
        application_id=application.id,
        person_id=application.person_id,
        nonce=new_nonce(),
        state=rules.OPEN,
        respond_by=respond_by,
        made_at=uow.now,
        replaces_id=replaces,
        revision=1,
    )
    uow.offers.add(offer)
    uow.session.flush()
    application.stage = OFFERED
    put_on_the_clock(uow, offer)
    _tell(uow, round_, application, offer, feedback)
    return offer


def put_on_the_clock(uow: CohortsUnit, offer: Offer) -> None:
    """Remind before the deadline, and look at the offer when it has passed."""
    reminder = rules.reminder_at(max(offer.made_at, uow.now), offer.respond_by)
    if reminder is not None:
        uow.schedule(REMINDER, str(offer.id), reminder)
    uow.schedule(DEADLINE, str(offer.id), offer.respond_by)


def take_off_the_clock(uow: CohortsUnit, offer: Offer) -> None:
    """An offer that is answered needs neither."""
    uow.cancel(REMINDER, str(offer.id))
    uow.cancel(DEADLINE, str(offer.id))


def _tell(uow: CohortsUnit, round_: Round, application: Application, offer: Offer, feedback: str) -> None:
    uow.publish(of_offer(uow, round_, application, offer, feedback))
    uow.publish(
        ApplicationProgressed(
            application_id=application.id, round_id=round_.id, person_id=application.person_id, stage=OFFERED
        )
    )
