"""Staff: every conflict of interest on a round's panel, and where it is known from."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.see_conflicts import see_conflicts
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only

pages = Blueprint("staff_conflicts", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/conflicts")
@staff_only
def conflicts(round_id: UUID) -> ResponseReturnValue:
    """All conflicts, by reviewer."""
    with units().begin(write=False) as uow:
        return show("conflicts.html", uow, round_id, "staff_panel.members", conflicts=see_conflicts(uow, round_id))
