"""Selection rates by group by API, for staff: the same counts are kept back as on the page."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.see_impact import Impact, see_impact
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import staff_only

blueprint = Blueprint("api_impact", __name__, url_prefix="/cohorts/api/v1", description="Selection rates, for staff")


class ImpactArguments(Schema):
    """`?run=` to see a selection in place of what was decided."""

    run = fields.UUID(load_default=None)


class RateSchema(Schema):
    """A group at a stage. Intervals are 95%: Wilson for the rate, Newcombe for the difference from the highest."""

    label = fields.String()
    count = fields.Integer(allow_none=True)
    n = fields.Integer(allow_none=True)
    rate = fields.Float(allow_none=True)
    interval = fields.List(fields.Float(), allow_none=True)
    ratio = fields.Float(allow_none=True)
    difference = fields.List(fields.Float(), allow_none=True)
    below = fields.Boolean()
    beyond_chance = fields.Boolean()


@blueprint.route("/rounds/<uuid:round_id>/impact", methods=["GET"])
@blueprint.arguments(ImpactArguments, location="query")
@blueprint.response(200)
@staff_only
def impact(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Rates by attribute and stage, of those at the stage before. A null count is under five, or protects one."""
    with units().begin(write=False) as uow:
        seen = see_impact(uow, round_id, wanted["run"])
    return jsonify(stages=list(seen.stages), attributes=[_table(seen, number) for number in range(len(seen.tables))])


def _table(seen: Impact, number: int) -> dict[str, Any]:
    table = seen.tables[number]
    return {
        "label": table.label,
        "totals": list(table.totals),
        "stages": [
            {"stage": name, "rates": RateSchema(many=True).dump(seen.at(table, stage))}
            for stage, name in enumerate(seen.stages)
            if stage
        ],
    }
