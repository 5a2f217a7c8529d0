"""Offers by API: for staff, and for whoever holds an offer's link."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.storage.tables import Offer
from services.cohorts.use_cases.answer_offer import OfferView, answer_offer, open_offer
from services.cohorts.use_cases.end_offers import confirm_lapse, extend_offer
from services.cohorts.use_cases.offer_out_of_turn import offer_out_of_turn
from services.cohorts.use_cases.propose_backfill import confirm_backfill, propose_backfill
from services.cohorts.web.api.offer_schemas import (
    AnswerSchema,
    BackfillSchema,
    OfferList,
    OfferSchema,
    OutOfTurnSchema,
    OwnOfferSchema,
    RespondBySchema,
)
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web import access
from shared.web.api import Page, once, require_match, tagged

blueprint = Blueprint("api_offers", __name__, url_prefix="/cohorts/api/v1", description="Offers")


@blueprint.route("/rounds/<uuid:round_id>/offers", methods=["GET"])
@blueprint.response(200, OfferList)
@staff_only
def offers(round_id: UUID) -> Page:
    """The round's offers, those that wait for staff first."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page([offer for offer, _ in uow.offers.of_round(round_id)])


@blueprint.route("/rounds/<uuid:round_id>/offers", methods=["POST"])
@blueprint.arguments(OutOfTurnSchema)
@blueprint.response(201, OfferSchema)
@staff_only
def out_of_turn(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Offer a free place to one person, with the reason. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: offer_out_of_turn(uow, who, round_id, **wanted), OfferSchema())


@blueprint.route("/offers/<uuid:offer_id>", methods=["GET"])
@blueprint.response(200, OfferSchema)
@staff_only
def one(offer_id: UUID) -> Response:
    """One offer, with the ETag."""
    with units().begin(write=False) as uow:
        return _answer(uow.offers.get(offer_id))


@blueprint.route("/offers/<uuid:offer_id>/lapse", methods=["PUT"])
@blueprint.response(200, OfferSchema)
@staff_only
def lapse(offer_id: UUID) -> Response:
    """Confirm that it lapsed. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.offers.get(offer_id, lock=True).revision)
        return _answer(confirm_lapse(uow, actor(), offer_id, None))


@blueprint.route("/offers/<uuid:offer_id>", methods=["PATCH"])
@blueprint.arguments(RespondBySchema)
@blueprint.response(200, OfferSchema)
@staff_only
def extend(wanted: dict[str, Any], offer_id: UUID) -> Response:
    """Give more time to answer. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.offers.get(offer_id, lock=True).revision)
        return _answer(extend_offer(uow, actor(), offer_id, wanted["respond_by"], None))


def _answer(offer: Offer) -> Response:
    return tagged(jsonify(OfferSchema().dump(offer)), offer.revision)


@blueprint.route("/rounds/<uuid:round_id>/backfill", methods=["GET"])
@blueprint.response(200)
@staff_only
def backfill(round_id: UUID) -> Response:
    """Who would get the free places."""
    with units().begin(write=False) as uow:
        found = propose_backfill(uow, round_id)
        replacements = [
            {"application_id": str(r.application.id), "reference": r.application.reference, "reason": r.reason}
            for r in found.replacements
        ]
    return jsonify(
        free=found.free,
        waiting=found.waiting,
        fingerprint=found.fingerprint,
        replacements=replacements,
        relaxation=list(found.answer.relaxation) if found.answer else [],
    )


@blueprint.route("/rounds/<uuid:round_id>/backfill", methods=["POST"])
@blueprint.arguments(BackfillSchema)
@blueprint.response(201, OfferList)
@staff_only
def fill(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Make the offers of that proposal. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: Page(confirm_backfill(uow, who, round_id, **wanted)), OfferList())


@blueprint.route("/own-offers/<token>", methods=["GET"])
@blueprint.response(200, OwnOfferSchema)
@access.public
def own(token: str) -> dict[str, Any]:
    """The offer that a link leads to."""
    with units().begin(write=False) as uow:
        return _own(open_offer(uow, token))


@blueprint.route("/own-offers/<token>/answer", methods=["PUT"])
@blueprint.arguments(AnswerSchema)
@blueprint.response(200, OwnOfferSchema)
@access.public_without_csrf
def answer(wanted: dict[str, Any], token: str) -> dict[str, Any]:
    """Accept or decline. The signed token is the proof."""
    with units().begin() as uow:
        answer_offer(uow, token, wanted["answer"])
        return _own(open_offer(uow, token))


def _own(view: OfferView) -> dict[str, Any]:
    offer = view.offer
    return {"programme": view.round.title, "state": offer.state, "respond_by": offer.respond_by, "open": view.open}
