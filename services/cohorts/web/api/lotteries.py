"""Lotteries by API: for staff, and what is public for everybody."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.storage.tables import LotteryDraw
from services.cohorts.use_cases.draw_lottery import draw_lottery
from services.cohorts.use_cases.promise_lottery import (
    Promise,
    Wanted,
    compute_chances,
    end_lottery,
    keep_chances,
    promise_lottery,
)
from services.cohorts.web.api.schemas import QuestionSchema
from services.cohorts.web.api.selections import question_in
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web import access
from shared.web.api import ApiSchema, Page, once, page_schema

blueprint = Blueprint("api_lotteries", __name__, url_prefix="/cohorts/api/v1", description="Public lotteries")


class LotterySchema(Schema):
    """A lottery as everybody may see it: the secret is not in here before the draw."""

    id = fields.UUID()
    round_id = fields.UUID()
    title = fields.String()
    state = fields.String()
    promised_at = fields.AwareDateTime()
    before_closing = fields.Boolean()
    commitment = fields.String()
    source = fields.String()
    source_at = fields.AwareDateTime(allow_none=True)
    aim = fields.String()
    scope = fields.String()
    size = fields.Integer()
    worked_out_at = fields.AwareDateTime(allow_none=True)
    file_hash = fields.String()
    figures = fields.Dict()
    seed = fields.String()
    drawn_at = fields.AwareDateTime(allow_none=True)
    drawn = fields.List(fields.String())


class StaffLotterySchema(LotterySchema):
    """And what staff see besides."""

    run_id = fields.UUID(allow_none=True)
    band_width = fields.Float()
    targets = fields.List(fields.Dict())
    pinned_in = fields.List(fields.Dict())
    pinned_out = fields.List(fields.Dict())
    revision = fields.Integer()


class PromiseSchema(ApiSchema):
    """A name, and the public number that is half of the seed, if there is to be one."""

    title = fields.String(required=True)
    source = fields.String(load_default="")
    source_at = fields.AwareDateTime(load_default=None, allow_none=True)


class ChancesSchema(QuestionSchema):
    """The question with the aim (maximin or leximin) and the scope (pool, or band with its width in points)."""

    aim = fields.String(load_default="leximin")
    scope = fields.String(load_default="pool")
    width = fields.Float(load_default=0.0)


class DrawSchema(ApiSchema):
    """The file that is drawn from, by its hash, and the public number if one was named."""

    file_hash = fields.String(required=True)
    source_value = fields.String(load_default="")


LotteryList = page_schema(StaffLotterySchema)


@blueprint.route("/rounds/<uuid:round_id>/lotteries", methods=["GET"])
@blueprint.response(200, LotteryList)
@staff_only
def lotteries(round_id: UUID) -> Page:
    """The round's lotteries, the newest first."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(uow.lotteries.of_round(round_id))


@blueprint.route("/rounds/<uuid:round_id>/lotteries", methods=["POST"])
@blueprint.arguments(PromiseSchema)
@blueprint.response(201, StaffLotterySchema)
@staff_only
def promise(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Fix a secret and publish its hash. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: promise_lottery(uow, who, round_id, Promise(**wanted)), StaffLotterySchema())


@blueprint.route("/lotteries/<uuid:lottery_id>", methods=["GET"])
@blueprint.response(200, LotterySchema)
@access.public
def one(lottery_id: UUID) -> Response:
    """What everybody may see of a lottery."""
    with units().begin(write=False) as uow:
        return jsonify(LotterySchema().dump(uow.lotteries.get(lottery_id)))


@blueprint.route("/lotteries/<uuid:lottery_id>/chances", methods=["PUT"])
@blueprint.arguments(ChancesSchema)
@blueprint.response(200, StaffLotterySchema)
@staff_only
def chances(wanted: dict[str, Any], lottery_id: UUID) -> Response:
    """Work the chances out and publish them."""
    asked = Wanted(question_in(wanted), wanted["aim"], wanted["scope"], wanted["width"])
    with units().begin(write=False) as uow:
        worked = compute_chances(uow, lottery_id, asked)
    with units().begin() as uow:
        return _answer(keep_chances(uow, actor(), worked))


@blueprint.route("/lotteries/<uuid:lottery_id>/draw", methods=["PUT"])
@blueprint.arguments(DrawSchema)
@blueprint.response(200, StaffLotterySchema)
@staff_only
def draw(wanted: dict[str, Any], lottery_id: UUID) -> Response:
    """Show the seed and draw from the published file."""
    with units().begin() as uow:
        return _answer(draw_lottery(uow, actor(), lottery_id, wanted["source_value"], wanted["file_hash"]))


@blueprint.route("/lotteries/<uuid:lottery_id>", methods=["DELETE"])
@blueprint.response(200, StaffLotterySchema)
@staff_only
def end(lottery_id: UUID) -> Response:
    """End a lottery that will not be drawn. It stays, and says so."""
    with units().begin() as uow:
        return _answer(end_lottery(uow, actor(), lottery_id))


def _answer(row: LotteryDraw) -> Response:
    return jsonify(StaffLotterySchema().dump(row))
