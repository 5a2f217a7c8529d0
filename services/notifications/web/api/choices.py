"""What the signed-in person wants to get; and the hook that mail servers post reports to."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import fields

from services.notifications.domain.bounces import LONGEST
from services.notifications.domain.preferences import Preferences, offered
from services.notifications.domain.signing import body_is_signed
from services.notifications.use_cases.choose_messages import choose
from services.notifications.use_cases.take_in_report import take_in_report
from services.notifications.web.context import here, units
from shared.errors import Forbidden, Invalid, NotFound
from shared.web import access
from shared.web.api import ApiSchema
from shared.web.identity import known

blueprint = Blueprint("api_choices", __name__, url_prefix="/notifications/api/v1", description="Preferences, reports")
TOLERANCE = 300
"""Seconds that the moment in a signature may be away from now: an old post cannot be sent again much later."""


class PreferencesSchema(ApiSchema):
    """What somebody wants: categories, and quiet hours on their own clock."""

    wanted = fields.List(fields.String(), required=True)
    zone = fields.String(load_default="")
    quiet_from = fields.String(load_default="")
    quiet_until = fields.String(load_default="")


def _shown(kept: Preferences, roles: list[str]) -> dict[str, Any]:
    start, end = kept.quiet or (None, None)
    return {
        "wanted": [each.value for each in offered(roles) if kept.wants(each, roles)],
        "zone": kept.zone or "",
        "quiet_from": f"{start:%H:%M}" if start else "",
        "quiet_until": f"{end:%H:%M}" if end else "",
    }


@blueprint.route("/preferences", methods=["GET"])
@blueprint.response(200, PreferencesSchema)
@access.signed_in
def preferences() -> dict[str, Any]:
    """What I get, and when."""
    me = known().person_id
    with units().begin(write=False) as uow:
        return _shown(uow.wishes.of(str(me)), uow.roles([me]).get(me, []))


@blueprint.route("/preferences", methods=["PUT"])
@blueprint.arguments(PreferencesSchema)
@blueprint.response(200, PreferencesSchema)
@access.signed_in
def change(given: dict[str, Any]) -> dict[str, Any]:
    """Choose what I get, and when."""
    me = known().person_id
    with units().begin() as uow:
        hours = {name: given[name] for name in ("zone", "quiet_from", "quiet_until")}
        return _shown(choose(uow, me, given["wanted"], hours), uow.roles([me]).get(me, []))


@blueprint.route("/reports", methods=["POST"])
@blueprint.response(200)
@access.public_without_csrf
def report() -> ResponseReturnValue:
    """Take in a bounce or complaint: the raw message, signed.

    `Hearth-Signature: t=<seconds since 1970>, v1=<hex>`; v1 is HMAC-SHA256, under the hook's secret, of
    `hearth hook`, a zero byte, the seconds, a dot and the body. `Hearth-Recipient` may name who it was delivered to.
    """
    secret = here().config.bounces.hook_secret
    if not secret:
        raise NotFound("There is no such address.")
    if (request.content_length or 0) > LONGEST:
        raise Invalid({"body": ["A report is not that long."]})
    body = request.get_data(cache=False)
    moment, signature = _signature(request.headers.get("Hearth-Signature", ""))
    if abs(here().clock().timestamp() - moment) > TOLERANCE or not body_is_signed(secret, moment, body, signature):
        raise Forbidden("The signature is not right, or too old.", code="bad-signature")
    recipient = request.headers.get("Hearth-Recipient", "")
    with units().begin() as uow:
        return jsonify(report=take_in_report(uow, body, "hook", *([recipient] if recipient else [])))


def _signature(text: str) -> tuple[int, str]:
    parts = dict(part.strip().partition("=")[::2] for part in text.split(","))
    moment = parts.get("t", "")
    return (int(moment) if moment.isascii() and moment.isdigit() and len(moment) < 12 else 0), parts.get("v1", "")
