"""Fill places that came free: the best replacements from the waiting list that keep the round's targets."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.cohorts.domain import choosing
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Answer, Candidate, Pin
from services.cohorts.domain.offer import HOLDING
from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.tables import Application, Decision, Offer, Release
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.make_offers import make_offer
from services.cohorts.use_cases.run_selection import question_of
from services.cohorts.use_cases.stage_decisions import RELEASED, WAITLISTED
from shared.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Replacement:
    """Somebody from the waiting list who would be offered a place, and why."""

    application: Application
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who would get the free places. `answer` says how the targets come out; `fingerprint` names the proposal."""

    free: int
    waiting: int
    replacements: tuple[Replacement, ...]
    answer: Answer | None
    fingerprint: str


def propose_backfill(uow: CohortsUnit, round_id: UUID) -> Proposal:
    """The replacements that, with everybody who holds a place, meet the targets at the highest total score.

    When the waiting list can no longer meet every target, the least gives way, and `answer.relaxation` says what.

    Raises:
        Conflict: decisions are not released yet.
    """
    release = uow.releases.of_round(round_id)
    cohort = uow.cohorts.of_round(round_id)
    if release is None or release.state != RELEASED or cohort is None:
        raise Conflict("Places can be filled again once the decisions are released.")
    rows = uow.releases.decisions(release.id)
    offers = {offer.application_id: offer for offer, _ in uow.offers.of_round(round_id)}
    holding = [(d, a) for d, a in rows if a.id in offers and offers[a.id].state in HOLDING]
    waiting = [(d, a) for d, a in rows if d.outcome == WAITLISTED and a.id not in offers and a.state == IN_POOL]
    size = uow.runs.get(release.run_id).size
    free = max(0, min(size, cohort.places) - len(holding))
    wanted = min(free, len(waiting))
    if not wanted:
        return Proposal(free, len(waiting), (), None, "")
    return _solve(uow, release, holding, waiting, free, wanted)


_Rows = list[tuple[Decision, Application]]


def _solve(uow: CohortsUnit, release: Release, holding: _Rows, waiting: _Rows, free: int, wanted: int) -> Proposal:
    keys = uow.applications.keys(release.round_id)
    candidates = [
        Candidate(a.reference, round(d.score or 0.0, 4), a.attributes, keys.get(a.id, "")) for d, a in holding + waiting
    ]
    question = replace(
        question_of(uow.runs.get(release.run_id)),
        size=len(holding) + wanted,
        pinned_in=tuple(Pin(a.reference, "holds a place") for _, a in holding),
        pinned_out=(),
    )
    attributes = choosing.read_attributes(uow.rounds.get(release.round_id).attributes)
    answer = choosing.answer(candidates, attributes, question, str(release.round_id), nearest=True)
    chosen = tuple(
        Replacement(a, d.score or 0.0, answer.reasons[a.reference].text)
        for d, a in waiting
        if a.reference in answer.reasons and answer.reasons[a.reference].chosen
    )
    text = "|".join(sorted(str(r.application.id) for r in chosen))
    return Proposal(free, len(waiting), chosen, answer, hashlib.sha256(text.encode()).hexdigest()[:24])


def confirm_backfill(
    uow: CohortsUnit, actor: Actor, round_id: UUID, fingerprint: str, respond_by: datetime
) -> list[Offer]:
    """Make the offers that were proposed. Two members of staff at once cannot fill a place twice.

    Raises:
        Conflict: who holds a place has changed since the proposal was looked at.
        Invalid: the deadline is not in the future.
    """
    if respond_by <= uow.now:
        raise Invalid({"respond_by": ["Choose a day that is still to come."]})
    uow.cohorts.of_round(round_id, lock=True)
    proposal = propose_backfill(uow, round_id)
    if not proposal.replacements or proposal.fingerprint != fingerprint:
        raise Conflict("Somebody has answered, or the places have been filled, since you looked. Look again first.")
    round_ = uow.rounds.get(round_id)
    ended = _replaced(uow, round_id)
    offers = []
    for number, replacement in enumerate(proposal.replacements):
        replaces = ended[number].id if number < len(ended) else None
        offers.append(make_offer(uow, round_, replacement.application, respond_by=respond_by, replaces=replaces))
    uow.record.write(actor, "places_filled", round_id, offers=[str(offer.id) for offer in offers])
    return offers


def _replaced(uow: CohortsUnit, round_id: UUID) -> list[Offer]:
    """Offers that ended and that nothing has replaced yet."""
    offers = [offer for offer, _ in uow.offers.of_round(round_id)]
    taken = {offer.replaces_id for offer in offers}
    ended = [offer for offer in offers if offer.state not in HOLDING and offer.id not in taken]
    return sorted(ended, key=lambda offer: (offer.answered_at or offer.respond_by, offer.id))
