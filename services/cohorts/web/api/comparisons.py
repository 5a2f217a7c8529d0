"""Two selections beside each other by API, for staff."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.compare_runs import compare_runs
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import staff_only

blueprint = Blueprint("api_comparisons", __name__, url_prefix="/cohorts/api/v1", description="What-if, for staff")


class ComparedPersonSchema(Schema):
    """Somebody whom the two treat differently."""

    application_id = fields.UUID(attribute="row.application.id")
    reference = fields.String(attribute="row.application.reference")
    reason_in_a = fields.String(attribute="here.reason", dump_default=None)
    reason_in_b = fields.String(attribute="there.reason", dump_default=None)


class ComparedGroupSchema(Schema):
    """One group, or one target, in both."""

    label = fields.String()
    a = fields.Integer(allow_none=True)
    b = fields.Integer(allow_none=True)
    share_a = fields.Float()
    share_b = fields.Float()
    pool = fields.Float(allow_none=True)
    aim_a = fields.String()
    aim_b = fields.String()


class ComparisonSchema(Schema):
    """Selections a and b: who differs, and `points` = b's total less a's."""

    a = fields.UUID(attribute="a.id")
    b = fields.UUID(attribute="b.id")
    both = fields.Integer()
    only_a = fields.List(fields.Nested(ComparedPersonSchema))
    only_b = fields.List(fields.Nested(ComparedPersonSchema))
    points = fields.Float(allow_none=True)
    groups = fields.List(fields.Nested(ComparedGroupSchema))
    targets = fields.List(fields.Nested(ComparedGroupSchema))
    notes = fields.List(fields.String())


class OtherSchema(Schema):
    """`?with=` the other selection."""

    other = fields.UUID(data_key="with", required=True)


@blueprint.route("/selections/<uuid:run_id>/comparison", methods=["GET"])
@blueprint.arguments(OtherSchema, location="query")
@blueprint.response(200, ComparisonSchema)
@staff_only
def compare(wanted: dict[str, Any], run_id: UUID) -> Response:
    """This selection (a) beside another of its round (b)."""
    with units().begin(write=False) as uow:
        return jsonify(ComparisonSchema().dump(compare_runs(uow, run_id, wanted["other"])))
