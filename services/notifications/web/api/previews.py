"""Messages before they are caused, for staff's own tools."""

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import fields

from services.notifications.domain.templating.render import render
from services.notifications.use_cases.preview_messages import preview_messages
from services.notifications.web.context import units
from shared.message_kinds import title_of
from shared.web import access
from shared.web.api import ApiSchema

blueprint = Blueprint("api_previews", __name__, url_prefix="/notifications/api/v1/previews", description="Previews")


class EventsSchema(ApiSchema):
    """Events as they would be published: `type`, `version` and `data` of each."""

    events = fields.List(fields.Dict(), required=True)


class PreviewSchema(ApiSchema):
    """One message as its reader would see it."""

    kind = fields.String()
    title = fields.String()
    language = fields.String()
    name = fields.String()
    subject = fields.String()
    text = fields.String()
    html = fields.String()


@blueprint.route("", methods=["POST"])
@blueprint.arguments(EventsSchema)
@blueprint.response(200, PreviewSchema(many=True))
@access.role("staff", "administrator")
def preview(wanted: dict[str, Any]) -> Response:
    """What these events would send. Nothing is sent, and nothing but a copy for two hours is kept."""
    with units().begin() as uow:
        batch = preview_messages(uow, wanted["events"])
        rows = [(row, render(uow.templates.get(row.template), row.values)) for row in uow.previews.of(batch)]
        shown = [
            {
                "kind": row.kind,
                "title": title_of(row.kind),
                "language": row.language,
                "name": row.name,
                "subject": rendered.subject,
                "text": rendered.text,
                "html": rendered.html,
            }
            for row, rendered in rows
        ]
    return jsonify(PreviewSchema(many=True).dump(shown))
