"""Selection rates by equality answers by API, for staff: worked out once, with small counts kept back."""

from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.applications.use_cases.count_equality import EqualityRates, count_equality, see_equality_rates
from services.applications.web.context import units
from shared.web import access
from shared.web.api.rates import shown_rates
from shared.web.identity import known

blueprint = Blueprint(
    "api_equality", __name__, url_prefix="/applications/api/v1/rounds/<uuid:round_id>", description="Equality rates"
)
_STAFF = ("staff", "administrator")


@blueprint.route("/equality-rates", methods=["GET"])
@blueprint.response(200)
@access.role(*_STAFF)
def rates(round_id: UUID) -> Response:
    """The rates; or, while there are none, what they wait for (`waiting`, empty when they can be worked out)."""
    with units().begin(write=False) as uow:
        return _shown(see_equality_rates(uow, round_id))


@blueprint.route("/equality-rates", methods=["PUT"])
@blueprint.response(200)
@access.role(*_STAFF)
def count(round_id: UUID) -> Response:
    """Work them out, for good: once a round, when it has closed and no offer waits for its answer."""
    with units().begin() as uow:
        count_equality(uow, round_id, known().name)
        return _shown(see_equality_rates(uow, round_id))


def _shown(seen: EqualityRates) -> Response:
    body = {"waiting": seen.waiting, "at": seen.row.at.isoformat() if seen.row else None}
    return jsonify(body | (shown_rates(seen.rates) if seen.rates else {"stages": [], "attributes": []}))
