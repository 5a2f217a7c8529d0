"""Who is asking."""

from flask_smorest import Blueprint

from services.applications.web.api.schemas import MeSchema
from shared.web import access
from shared.web.identity import Identity, known

blueprint = Blueprint("api_people", __name__, url_prefix="/applications/api/v1", description="People")


@blueprint.route("/me", methods=["GET"])
@blueprint.response(200, MeSchema)
@access.signed_in
def me() -> Identity:
    """The signed-in person."""
    return known()
