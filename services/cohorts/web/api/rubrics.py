"""A round's rubric by API."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.domain.rubric_editing import Wanted
from services.cohorts.use_cases.edit_rubric import RubricView, edit_rubric, see_rubric
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import ApiSchema, require_match, tagged

blueprint = Blueprint("api_rubrics", __name__, url_prefix="/cohorts/api/v1", description="Rubrics, for staff")


class CriterionInSchema(ApiSchema):
    """A criterion. Leave `id` out for a new one; `anchors` describe the scores 1 to 5 in order."""

    id = fields.String(load_default="")
    label = fields.String(required=True)
    description = fields.String(load_default="")
    weight = fields.Float(load_default=1.0)
    anchors = fields.List(fields.String(), required=True)
    independent = fields.Boolean(load_default=True)


class RubricInSchema(ApiSchema):
    """A whole rubric."""

    criteria = fields.List(fields.Nested(CriterionInSchema), required=True)


class CriterionOutSchema(Schema):
    """A criterion as reviewers score by it."""

    id = fields.String()
    label = fields.String()
    description = fields.String()
    weight = fields.Float()
    anchors = fields.List(fields.String())
    independent = fields.Boolean()


class CriteriaPairSchema(Schema):
    """Two independent criteria, and how closely their scores move together."""

    first = fields.String()
    second = fields.String()
    correlation = fields.Float()
    n = fields.Integer()


class RubricSchema(Schema):
    """A round's rubric. `frozen`: scoring has begun, so that it stands."""

    criteria = fields.List(fields.Nested(CriterionOutSchema))
    revision = fields.Integer()
    frozen = fields.Boolean()
    together = fields.List(fields.Nested(CriteriaPairSchema), attribute="halo.pairs")


@blueprint.route("/rounds/<uuid:round_id>/rubric", methods=["GET"])
@blueprint.response(200, RubricSchema)
@staff_only
def one(round_id: UUID) -> Response:
    """The rubric, with its ETag."""
    with units().begin(write=False) as uow:
        return _answer(see_rubric(uow, round_id))


@blueprint.route("/rounds/<uuid:round_id>/rubric", methods=["PUT"])
@blueprint.arguments(RubricInSchema)
@blueprint.response(200, RubricSchema)
@staff_only
def edit(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Put another rubric in place, until scoring begins. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.rounds.get(round_id).rubric_revision)
        return _answer(edit_rubric(uow, actor(), round_id, [Wanted(**one) for one in wanted["criteria"]], None))


def _answer(seen: RubricView) -> Response:
    return tagged(jsonify(RubricSchema().dump(seen)), seen.revision)
