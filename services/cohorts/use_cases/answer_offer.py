"""The person who was offered a place looks at the offer and answers it, by the link in their email."""

from dataclasses import dataclass

from services.cohorts.domain import offer as rules
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.links import named_by
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Cohort, Offer, Participant, Round
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.invite_to_sessions import invite_to_sessions
from services.cohorts.use_cases.invite_to_surveys import invite_to_surveys
from services.cohorts.use_cases.make_offers import take_off_the_clock
from shared.contracts.cohorts import ApplicationProgressed, OfferAnswered, ParticipantEnrolled
from shared.errors import Conflict, Invalid, NotFound

_UNKNOWN = "This link does not lead to an offer. Please use the whole link from your email."


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as its owner sees it. `open` says whether it can still be answered."""

    offer: Offer
    round: Round
    open: bool
    first_name: str


def open_offer(uow: CohortsUnit, token: str) -> OfferView:
    """The offer that a link leads to; raises NotFound for any other token."""
    offer = _by_token(uow, token)
    person = uow.people.find(offer.person_id)
    still_open = offer.state == rules.OPEN and uow.now <= offer.respond_by
    return OfferView(offer, uow.rounds.get(offer.round_id), still_open, person.name if person else "")


def answer_offer(uow: CohortsUnit, token: str, wanted: str) -> Offer:
    """Accept or decline. The same answer again changes nothing.

    Raises:
        NotFound: the token is not a good one.
        Invalid: the answer is neither accepted nor declined.
        Gone: the offer has ended or its time has passed.
        Conflict: it was answered the other way, or every place is taken.
    """
    if wanted not in rules.ANSWERS:
        raise Invalid({"answer": ["Choose whether you take the place."]})
    offer = _by_token(uow, token)
    # First the cohort's lock, which guards the last place, then the offer's: everybody takes them in this order.
    cohort = uow.cohorts.of_round(offer.round_id, lock=True)
    offer = uow.offers.get(offer.id, lock=True)
    if cohort is None:
        raise NotFound(_UNKNOWN)
    if not rules.answer(offer.state, offer.respond_by, wanted, uow.now):
        return offer
    if wanted == rules.ACCEPTED:
        _enrol(uow, cohort, offer)
    _keep(uow, offer, wanted)
    return offer


def _by_token(uow: CohortsUnit, token: str) -> Offer:
    named = named_by(token)
    offer = uow.offers.find(named) if named else None
    if named is None or offer is None:
        raise NotFound(_UNKNOWN)
    if not uow.links.matches(token, offer.id, offer.nonce):
        raise NotFound(_UNKNOWN)
    return offer


def _enrol(uow: CohortsUnit, cohort: Cohort, offer: Offer) -> None:
    if uow.cohorts.size(cohort.id) >= cohort.places:
        raise Conflict("Every place is taken just now. Please write to the programme team: they can help.", code="full")
    uow.cohorts.add(
        Participant(
            cohort_id=cohort.id, person_id=offer.person_id, application_id=offer.application_id, joined_at=uow.now
        )
    )
    uow.session.flush()
    uow.publish(
        ParticipantEnrolled(
            person_id=offer.person_id,
            cohort_id=cohort.id,
            cohort_title=cohort.title,
            application_id=offer.application_id,
            round_id=offer.round_id,
        )
    )
    invite_to_sessions(uow, cohort, offer.person_id)
    invite_to_surveys(uow, cohort, offer.person_id)


def _keep(uow: CohortsUnit, offer: Offer, wanted: str) -> None:
    step(offer, None)
    offer.state, offer.answered_at, offer.lapse_proposed_at = wanted, uow.now, None
    take_off_the_clock(uow, offer)
    application = uow.applications.get(offer.application_id, lock=True)
    application.stage = wanted
    round_ = uow.rounds.get(offer.round_id)
    uow.publish(
        OfferAnswered(
            offer_id=offer.id,
            application_id=offer.application_id,
            round_id=offer.round_id,
            round_title=round_.title,
            person_id=offer.person_id,
            reference=application.reference,
            answer=wanted,
            answered_at=uow.now,
        )
    )
    uow.publish(
        ApplicationProgressed(
            application_id=offer.application_id, round_id=offer.round_id, person_id=offer.person_id, stage=wanted
        )
    )
    # The record is for ever and names no applicant: the id leads to the name for as long as there is one.
    uow.record.write(Actor(offer.person_id, "the applicant"), f"offer_{wanted}", offer.round_id, offer=str(offer.id))
