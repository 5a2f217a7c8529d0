"""Saved targets by API, for staff."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.domain.choosing import Question
from services.cohorts.use_cases.save_targets import remove_targets, save_targets
from services.cohorts.web.api.schemas import TargetSchema
from services.cohorts.web.api.selections import wish_in
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import ApiSchema, Page, once, page_schema

blueprint = Blueprint("api_target_sets", __name__, url_prefix="/cohorts/api/v1", description="Saved targets, for staff")


class NewTargetSet(ApiSchema):
    """Targets to keep by name, in order of importance."""

    name = fields.String(required=True)
    size = fields.Integer(required=True, strict=True)
    targets = fields.List(fields.Nested(TargetSchema), required=True)


class TargetSetSchema(Schema):
    """Saved targets."""

    id = fields.UUID()
    round_id = fields.UUID()
    name = fields.String()
    size = fields.Integer()
    targets = fields.List(fields.Dict())
    saved_by_name = fields.String()
    saved_at = fields.AwareDateTime()


TargetSetList = page_schema(TargetSetSchema)


@blueprint.route("/target-sets", methods=["GET"])
@blueprint.response(200, TargetSetList)
@staff_only
def target_sets() -> Page:
    """Every saved set, of every round."""
    with units().begin(write=False) as uow:
        return Page([kept for kept, _ in uow.target_sets.all()])


@blueprint.route("/rounds/<uuid:round_id>/target-sets", methods=["POST"])
@blueprint.arguments(NewTargetSet)
@blueprint.response(201, TargetSetSchema)
@staff_only
def keep(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Keep targets by name; the same name again replaces them. Takes an Idempotency-Key."""
    question = Question(wanted["size"], tuple(wish_in(target) for target in wanted["targets"]))
    who = actor()
    return once(units(), lambda uow: save_targets(uow, who, round_id, wanted["name"], question), TargetSetSchema())


@blueprint.route("/target-sets/<uuid:set_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def remove(set_id: UUID) -> None:
    """Throw a set away."""
    with units().begin() as uow:
        remove_targets(uow, set_id)
