"""Staff: how messages are sent, what waits, what became of everything, addresses not written to, news, tests."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import fields, validate

from services.notifications.storage.sending_tables import BatchRow, NewsRow
from services.notifications.use_cases.choose_messages import set_up
from services.notifications.use_cases.decide_batch import cancel_batch, cancel_message, release_batch
from services.notifications.use_cases.keep_news import keep_news, withdraw_news
from services.notifications.use_cases.keep_suppressions import add_suppression, import_suppressions, lift_suppression
from services.notifications.use_cases.see_outcomes import see_outcomes
from services.notifications.use_cases.send_test import send_sample
from services.notifications.web.api.messages import MessageSchema
from services.notifications.web.context import units
from shared.message_kinds import title_of
from shared.web import access
from shared.web.api import (
    ApiSchema,
    Page,
    PageArguments,
    cursor_of,
    once,
    page_schema,
    read_cursor,
    require_match,
    tagged,
)  # fmt: skip
from shared.web.identity import known

blueprint = Blueprint("api_sending", __name__, url_prefix="/notifications/api/v1", description="Sending, for staff")
staff = access.role("staff", "administrator")


class HistorySchema(ApiSchema):
    """Something that happened to a message."""

    at = fields.AwareDateTime(format="iso")
    what = fields.String()
    reason = fields.String()
    by = fields.UUID(allow_none=True)


class SuppressionSchema(ApiSchema):
    """An address that must not be written to."""

    email = fields.String(required=True)
    reason = fields.String(load_default="")
    source = fields.String(dump_only=True)
    since = fields.AwareDateTime(format="iso", dump_only=True)
    until = fields.AwareDateTime(format="iso", allow_none=True, dump_only=True)


class SuppressionArguments(PageArguments):
    """Filters."""

    q = fields.String(load_default="")


class ListSchema(ApiSchema):
    """Addresses, one on each line, or a CSV."""

    addresses = fields.String(required=True)


class ImportedSchema(ApiSchema):
    """What came of a list."""

    added = fields.Integer()
    known = fields.Integer()
    wrong = fields.List(fields.Integer(), metadata={"description": "Numbers of lines that are no address"})


class BatchSchema(ApiSchema):
    """Messages that were held together."""

    id = fields.UUID()
    kind = fields.String()
    title = fields.Function(lambda row: title_of(row.kind), metadata={"type": "string", "readOnly": True})
    state = fields.String()
    held_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    send_at = fields.AwareDateTime(format="iso", allow_none=True)


class ReleaseSchema(ApiSchema):
    """When to let a batch go; nothing means now."""

    send_at = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)


class SettingsSchema(ApiSchema):
    """How messages are sent."""

    zone = fields.String(required=True)
    quiet_from = fields.String(load_default="")
    quiet_until = fields.String(load_default="")
    held = fields.List(fields.String(), load_default=list)
    dry_run = fields.Boolean(load_default=False)
    digest = fields.Boolean(load_default=False)
    digest_first = fields.String(load_default="")
    digest_at = fields.String(load_default="")


class NewsSchema(ApiSchema):
    """An item of the digest."""

    id = fields.UUID(dump_only=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    link = fields.String(load_default="")
    language = fields.String(load_default="", allow_none=True)
    show_from = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    withdrawn = fields.Boolean(dump_only=True)
    revision = fields.Integer(dump_only=True)


class SampleSchema(ApiSchema):
    """A template to send to oneself with invented values."""

    kind = fields.String(required=True)
    language = fields.String(load_default="en", validate=validate.Length(max=20))


@blueprint.route("/messages/<uuid:message_id>/history", methods=["GET"])
@blueprint.response(200, HistorySchema(many=True))
@staff
def history(message_id: UUID) -> Any:
    """What happened to a message beside its plain way from the queue to the next server."""
    with units().begin(write=False) as uow:
        return uow.history.of(uow.messages.get(message_id).id)


@blueprint.route("/messages/<uuid:message_id>/cancellation", methods=["POST"])
@blueprint.response(201, MessageSchema)
@staff
def cancel(message_id: UUID) -> Response:
    """Stop a message that has not gone. Takes an Idempotency-Key."""
    return once(units(), lambda uow: cancel_message(uow, message_id, known().person_id), MessageSchema())


@blueprint.route("/outcomes", methods=["GET"])
@blueprint.response(200)
@staff
def outcomes() -> Response:
    """What became of the messages of the last 30 days, by day and by kind."""
    with units().begin(write=False) as uow:
        seen = see_outcomes(uow, 30)
    return jsonify(
        totals=dict(seen.totals),
        by_day=[{"day": day.isoformat(), **counts} for day, counts in seen.by_day],
        by_kind=[{"kind": kind, "title": title_of(kind), **counts} for kind, counts in seen.by_kind],
        held=seen.held,
        suppressed=seen.suppressed,
        dry_run=seen.dry_run,
    )


@blueprint.route("/suppressions", methods=["GET"])
@blueprint.arguments(SuppressionArguments, location="query")
@blueprint.response(200, page_schema(SuppressionSchema))
@staff
def suppressions(wanted: dict[str, Any]) -> Page:
    """Addresses that are not written to, by address."""
    keys, limit = read_cursor(wanted["cursor"], 1), wanted["limit"]
    with units().begin(write=False) as uow:
        rows = uow.suppressions.listed(uow.now, wanted["q"].replace("\x00", ""), str(keys[0]) if keys else "", limit)
    return Page(rows[:limit], cursor_of(rows[limit - 1].email) if len(rows) > limit else None)


@blueprint.route("/suppressions", methods=["POST"])
@blueprint.arguments(SuppressionSchema)
@blueprint.response(201)
@staff
def suppress(given: dict[str, Any]) -> dict[str, str]:
    """Stop writing to an address."""
    with units().begin() as uow:
        return {"email": add_suppression(uow, given["email"], given["reason"], known().person_id)}


@blueprint.route("/suppressions/<email>", methods=["DELETE"])
@blueprint.response(204)
@staff
def lift(email: str) -> None:
    """Let an address be written to again."""
    with units().begin() as uow:
        lift_suppression(uow, email, known().person_id)


@blueprint.route("/suppressions/import", methods=["POST"])
@blueprint.arguments(ListSchema)
@blueprint.response(200, ImportedSchema)
@staff
def take_over(given: dict[str, Any]) -> Any:
    """Stop writing to a list of addresses."""
    with units().begin() as uow:
        return import_suppressions(uow, given["addresses"], known().person_id)


@blueprint.route("/batches", methods=["GET"])
@blueprint.response(200, BatchSchema(many=True))
@staff
def batches() -> list[BatchRow]:
    """Batches, newest first."""
    with units().begin(write=False) as uow:
        return [row for row, _, _ in uow.batches.listed()]


@blueprint.route("/batches/<uuid:held_id>/messages", methods=["GET"])
@blueprint.response(200, MessageSchema(many=True))
@staff
def batch_messages(held_id: UUID) -> Any:
    """A batch's messages, without their words."""
    with units().begin(write=False) as uow:
        return uow.batches.messages(uow.batches.get(held_id).id)


@blueprint.route("/batches/<uuid:held_id>/release", methods=["POST"])
@blueprint.arguments(ReleaseSchema)
@blueprint.response(200)
@staff
def release(given: dict[str, Any], held_id: UUID) -> dict[str, int]:
    """Let a batch go, now or at `send_at`."""
    with units().begin() as uow:
        return {"messages": release_batch(uow, held_id, known().person_id, given["send_at"])}


@blueprint.route("/batches/<uuid:held_id>/cancellation", methods=["POST"])
@blueprint.response(200)
@staff
def stop_batch(held_id: UUID) -> dict[str, int]:
    """Stop every message of a batch."""
    with units().begin() as uow:
        return {"messages": cancel_batch(uow, held_id, known().person_id)}


@blueprint.route("/settings", methods=["GET"])
@blueprint.response(200, SettingsSchema)
@staff
def settings() -> Response:
    """How messages are sent, with an ETag."""
    with units().begin(write=False) as uow:
        return tagged(jsonify(uow.settings.get().as_json()), uow.settings.revision)


@blueprint.route("/settings", methods=["PUT"])
@blueprint.arguments(SettingsSchema)
@blueprint.response(200, SettingsSchema)
@staff
def change_settings(given: dict[str, Any]) -> Response:
    """Change how messages are sent; needs If-Match."""
    with units().begin() as uow:
        require_match(uow.settings.revision)
        kept = set_up(uow, given, uow.settings.revision, known().person_id)
        return tagged(jsonify(kept.as_json()), uow.settings.revision)


@blueprint.route("/news", methods=["GET"])
@blueprint.response(200, NewsSchema(many=True))
@staff
def news() -> list[NewsRow]:
    """Items of the digest, newest first."""
    with units().begin(write=False) as uow:
        return uow.news.listed()


@blueprint.route("/news", methods=["POST"])
@blueprint.arguments(NewsSchema)
@blueprint.response(201, NewsSchema)
@staff
def add_news(given: dict[str, Any]) -> Response:
    """Write an item. Takes an Idempotency-Key."""
    return once(units(), lambda uow: keep_news(uow, _texts(given), given["show_from"], known().person_id), NewsSchema())


@blueprint.route("/news/<uuid:news_id>", methods=["PUT"])
@blueprint.arguments(NewsSchema)
@blueprint.response(200, NewsSchema)
@staff
def change_news(given: dict[str, Any], news_id: UUID) -> NewsRow:
    """Change an item; needs If-Match."""
    with units().begin() as uow:
        row = uow.news.get(news_id, lock=True)
        require_match(row.revision)
        at = given["show_from"] or row.show_from
        return keep_news(uow, _texts(given), at, known().person_id, (news_id, row.revision))


@blueprint.route("/news/<uuid:news_id>/withdrawal", methods=["POST"])
@blueprint.response(200, NewsSchema)
@staff
def withdraw(news_id: UUID) -> NewsRow:
    """Leave an item out of the digests to come."""
    with units().begin() as uow:
        return withdraw_news(uow, news_id, known().person_id)


@blueprint.route("/tests", methods=["POST"])
@blueprint.arguments(SampleSchema)
@blueprint.response(201, MessageSchema)
@staff
def test(given: dict[str, Any]) -> Response:
    """Send a template to oneself, with invented values. Takes an Idempotency-Key."""
    return once(
        units(), lambda uow: send_sample(uow, known().person_id, given["kind"], given["language"]), MessageSchema()
    )


def _texts(given: dict[str, Any]) -> dict[str, str]:
    return {name: str(given[name] or "") for name in ("title", "text", "link", "language")}
