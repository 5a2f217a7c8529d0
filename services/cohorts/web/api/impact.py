"""Selection rates by group by API, for staff: the same counts are kept back as on the page."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.see_impact import see_impact
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api.rates import shown_rates

blueprint = Blueprint("api_impact", __name__, url_prefix="/cohorts/api/v1", description="Selection rates, for staff")


class ImpactArguments(Schema):
    """`?run=` to see a selection in place of what was decided."""

    run = fields.UUID(load_default=None)


@blueprint.route("/rounds/<uuid:round_id>/impact", methods=["GET"])
@blueprint.arguments(ImpactArguments, location="query")
@blueprint.response(200)
@staff_only
def impact(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Rates by attribute and stage, of those at the stage before. A null count is under five, or protects one."""
    with units().begin(write=False) as uow:
        seen = see_impact(uow, round_id, wanted["run"])
    return jsonify(shown_rates(seen.rates))
