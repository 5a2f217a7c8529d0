"""A service's retention schedule by API: what is kept how long, what would go now, and another time for a kind."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from shared import retention
from shared.errors import NotFound
from shared.unit_of_work import Units
from shared.web import access
from shared.web.api.base import ApiSchema
from shared.web.identity import known


class RetentionKindSchema(Schema):
    """A kind of data; `days` is null for what is kept without end."""

    kind = fields.String()
    about = fields.String()
    days = fields.Integer(allow_none=True)
    least = fields.Integer(metadata={"description": "The shortest time that may be chosen"})
    due = fields.Integer(metadata={"description": "How much would go now"})
    changed_by = fields.String()
    reason = fields.String()


class RetentionScheduleSchema(Schema):
    """The whole schedule."""

    items = fields.List(fields.Nested(RetentionKindSchema))


class RetentionChangeSchema(ApiSchema):
    """Another time, and why."""

    days = fields.Integer(required=True, allow_none=True, validate=validate.Range(min=1, max=retention.LONGEST))
    reason = fields.String(required=True)


def retention_api(service: str, units: Callable[[], Units[Any]], kinds: tuple[retention.Kind, ...]) -> Blueprint:
    """Routes below /<service>/api/v1/retention: staff look, administrators change."""
    blueprint = Blueprint(
        "api_retention", __name__, url_prefix=f"/{service}/api/v1", description="What is kept how long"
    )

    def shown(uow: Any) -> list[dict[str, Any]]:
        return [
            {
                "kind": each.kind.name,
                "about": each.kind.about,
                "days": each.days,
                "least": each.kind.least,
                "due": each.due,
                "changed_by": each.changed_by,
                "reason": each.reason,
            }
            for each in retention.plan(uow, kinds)
        ]

    @blueprint.route("/retention", methods=["GET"])
    @blueprint.response(200, RetentionScheduleSchema)
    @access.role("staff", "administrator")
    def look() -> dict[str, Any]:
        """Every kind of data with its time, and how much of it would go now. Changes nothing."""
        with units().begin(write=False) as uow:
            return {"items": shown(uow)}

    @blueprint.route("/retention/<kind>", methods=["PUT"])
    @blueprint.arguments(RetentionChangeSchema)
    @blueprint.response(200, RetentionKindSchema)
    @access.role("administrator")
    def change(wanted: dict[str, Any], kind: str) -> dict[str, Any]:
        """Keep a kind for another time, from the next day on; the reason stays beside it."""
        if all(kind != each.name for each in kinds):
            raise NotFound("There is no such kind of data.")
        days = "" if wanted["days"] is None else str(wanted["days"])
        with units().begin() as uow:
            retention.change(uow, kinds, kind, days, wanted["reason"], known().name)
            return next(each for each in shown(uow) if each["kind"] == kind)

    return blueprint
