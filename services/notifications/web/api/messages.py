"""Messages and what became of them, for staff."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields

from services.notifications.storage.tables import MessageRow
from services.notifications.use_cases.retry_message import retry_message
from services.notifications.web.context import units
from services.notifications.web.wishes import next_cursor, read_wish
from shared.message_kinds import title_of
from shared.web import access
from shared.web.api import ApiSchema, Page, PageArguments, once, page_schema

blueprint = Blueprint("api_messages", __name__, url_prefix="/notifications/api/v1/messages", description="Messages")


class MessageSchema(ApiSchema):
    """A message: never its words, which may hold a personal link."""

    id = fields.UUID()
    person_id = fields.UUID(allow_none=True)
    kind = fields.String()
    title = fields.Function(lambda row: title_of(row.kind), metadata={"type": "string", "readOnly": True})
    language = fields.String()
    about = fields.String()
    state = fields.String()
    attempts = fields.Integer()
    reason = fields.String()
    queued_at = fields.AwareDateTime(format="iso")
    next_at = fields.AwareDateTime(format="iso", allow_none=True)
    finished_at = fields.AwareDateTime(format="iso", allow_none=True)


class MessageArguments(PageArguments):
    """Filters."""

    state = fields.String(load_default="")
    kind = fields.String(load_default="")
    q = fields.String(load_default="")


@blueprint.route("", methods=["GET"])
@blueprint.arguments(MessageArguments, location="query")
@blueprint.response(200, page_schema(MessageSchema))
@access.role("staff", "administrator")
def listed(wanted: dict[str, Any]) -> Page:
    """Messages, newest first."""
    texts = {name: str(value) for name, value in wanted.items() if value and name != "limit"}
    wish = read_wish(texts, wanted["limit"])
    with units().begin(write=False) as uow:
        found = uow.messages.listed(wish)
    return Page(found[: wish.limit], next_cursor(found, wish))


@blueprint.route("/<uuid:message_id>", methods=["GET"])
@blueprint.response(200, MessageSchema)
@access.role("staff", "administrator")
def one(message_id: UUID) -> MessageRow:
    """One message."""
    with units().begin(write=False) as uow:
        return uow.messages.get(message_id)


@blueprint.route("/<uuid:message_id>/attempts", methods=["POST"])
@blueprint.response(201, MessageSchema)
@access.role("staff", "administrator")
def again(message_id: UUID) -> Response:
    """Try a failed one again. Takes an Idempotency-Key."""
    return once(units(), lambda uow: retry_message(uow, message_id), MessageSchema())
