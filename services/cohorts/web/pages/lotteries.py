"""For everybody: a lottery's promise, chances and draw, the file to replay it from, and one's own ticket."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.cohorts.use_cases.draw_lottery import look_up_ticket
from services.cohorts.web import fields
from services.cohorts.web.context import units
from shared.errors import Conflict, NotFound
from shared.web import access
from shared.web.download import as_attachment
from shared.web.limits import Limit

_LOOK_UPS = Limit(10, 60)
pages = Blueprint("lotteries", __name__, url_prefix="/cohorts/lotteries")


@pages.get("/<uuid:lottery_id>")
@access.public
def lottery(lottery_id: UUID) -> ResponseReturnValue:
    """What is published of a lottery."""
    return _page(lottery_id, {}, {})


def _page(lottery_id: UUID, found: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.lotteries.get(lottery_id)
        release = uow.releases.of_round(row.round_id)
        return render_template(
            "cohorts/lotteries/lottery.html",
            lottery=row,
            round=uow.rounds.get(row.round_id),
            released=release is not None and release.state == "released",
            found=found,
            reference=request.form.get("reference", ""),
            errors=errors,
        )


@pages.post("/<uuid:lottery_id>")
@access.public
def ticket(lottery_id: UUID) -> ResponseReturnValue:
    """Somebody's own ticket, by their reference: once everybody has been told. Nobody tries references out."""
    _LOOK_UPS.check(request.remote_addr or "", _("You looked up many tickets. Please wait a minute and try again."))
    try:
        with units().begin(write=False) as uow:
            name, chance, drawn = look_up_ticket(uow, lottery_id, fields.text(request.form, "reference"))
    except (Conflict, NotFound) as error:
        with units().begin(write=False) as uow:
            uow.lotteries.get(lottery_id)
        return _page(lottery_id, {}, {"reference": [error.message]}), 422
    return _page(lottery_id, {"ticket": name, "chance": chance, "drawn": drawn}, {})


@pages.get("/<uuid:lottery_id>/lottery.json")
@access.public
def file(lottery_id: UUID) -> Response:
    """The anonymised file, byte for byte as its hash says. NotFound before the chances are worked out."""
    with units().begin(write=False) as uow:
        row = uow.lotteries.get(lottery_id)
    if not row.published:
        raise NotFound("The chances are not worked out yet.")
    return as_attachment(Response(row.published, mimetype="application/json"), "lottery.json")
