"""Welcome packs and the directory of help, by API."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.keep_signposts import Entry, confirm_signpost, keep_signpost, remove_signpost
from services.cohorts.use_cases.keep_welcome_pack import acknowledge_pack, draft_pack, publish_pack
from services.cohorts.use_cases.take_in_signposts import TakenIn, export_signposts, take_in_signposts
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Conflict, NotFound
from shared.web import access
from shared.web.api import ApiSchema, Page, once, page_schema, require_match, tagged
from shared.web.download import table_file
from shared.web.identity import known

blueprint = Blueprint("api_welcome", __name__, url_prefix="/cohorts/api/v1", description="Welcome packs, directory")


class BodySchema(ApiSchema):
    """A welcome pack's text, in Markdown."""

    body = fields.String(required=True)


class PackSchema(Schema):
    """A version of a welcome pack."""

    id = fields.UUID()
    language = fields.String()
    version = fields.Integer()
    body = fields.String()
    published_at = fields.AwareDateTime(allow_none=True)
    published_by_name = fields.String()
    revision = fields.Integer()


class EntrySchema(ApiSchema):
    """An entry of the directory."""

    title = fields.String(required=True)
    about = fields.String(load_default="")
    topic = fields.String(required=True)
    link = fields.String(load_default="")
    phone = fields.String(load_default="")
    area = fields.String(load_default="")
    languages = fields.String(load_default="")
    owner_name = fields.String(required=True)
    review_on = fields.Date(required=True)


class TableSchema(ApiSchema):
    """A table of entries as CSV."""

    csv = fields.String(required=True)
    dry_run = fields.Boolean(load_default=False)


class BadRowSchema(Schema):
    """A line that could not be used, and why."""

    line = fields.Integer()
    reason = fields.String()


class TakenInSchema(Schema):
    """Titles of new and changed entries, how many lines said nothing new, and those that could not be used."""

    added = fields.List(fields.String())
    changed = fields.List(fields.String())
    same = fields.Integer()
    bad = fields.List(fields.Nested(BadRowSchema))


class SignpostSchema(Schema):
    """An entry as it stands. Who keeps it is for staff, and so not here."""

    id = fields.UUID()
    title = fields.String()
    about = fields.String()
    topic = fields.String()
    link = fields.String()
    phone = fields.String()
    area = fields.String()
    languages = fields.String()
    checked_on = fields.Date()
    revision = fields.Integer()


@blueprint.route("/rounds/<uuid:round_id>/welcome-packs/<language>", methods=["GET"])
@blueprint.response(200, PackSchema)
@staff_only
def pack(round_id: UUID, language: str) -> Response:
    """The newest version in a language, published or not, with the ETag."""
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        row = uow.welcome.newest(cohort.id, language) if cohort else None
    if row is None:
        raise NotFound("There is no welcome pack in this language yet.")
    return tagged(jsonify(PackSchema().dump(row)), row.revision)


@blueprint.route("/rounds/<uuid:round_id>/welcome-packs/<language>", methods=["PUT"])
@blueprint.arguments(BodySchema)
@blueprint.response(200, PackSchema)
@staff_only
def draft(wanted: dict[str, Any], round_id: UUID, language: str) -> Response:
    """Write the draft of the next version. Needs If-Match once there is a draft."""
    with units().begin() as uow:
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        newest = uow.welcome.newest(cohort.id, language)
        if newest is not None and newest.published_at is None:
            require_match(newest.revision)
        row = draft_pack(uow, actor(), cohort.id, language, wanted["body"], None)
    return tagged(jsonify(PackSchema().dump(row)), row.revision)


@blueprint.route("/welcome-packs/<uuid:pack_id>/published", methods=["PUT"])
@blueprint.response(200, PackSchema)
@staff_only
def publish(pack_id: UUID) -> Response:
    """Show it to the participants. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.welcome.get(pack_id, lock=True).revision)
        row = publish_pack(uow, actor(), pack_id, None)
    return tagged(jsonify(PackSchema().dump(row)), row.revision)


@blueprint.route("/my/welcome-packs/<uuid:pack_id>/read", methods=["PUT"])
@blueprint.response(204)
@access.signed_in
def read(pack_id: UUID) -> None:
    """I have read it."""
    with units().begin() as uow:
        acknowledge_pack(uow, known().person_id, pack_id)


@blueprint.route("/directory", methods=["GET"])
@blueprint.response(200, page_schema(SignpostSchema))
@access.public
def directory() -> Page:
    """Every entry of the directory of help."""
    with units().begin(write=False) as uow:
        return Page(uow.signposts.all())


@blueprint.route("/directory", methods=["POST"])
@blueprint.arguments(EntrySchema)
@blueprint.response(201, SignpostSchema)
@staff_only
def add(wanted: dict[str, Any]) -> Response:
    """Add an entry. Takes an Idempotency-Key."""
    return once(units(), lambda uow: keep_signpost(uow, Entry(**wanted)), SignpostSchema())


@blueprint.route("/directory/table", methods=["GET"])
@blueprint.response(200)
@staff_only
def table() -> Response:
    """The whole directory as CSV, with who keeps each entry and the day of its next look."""
    with units().begin(write=False) as uow:
        return table_file("csv", "directory", *export_signposts(uow))


@blueprint.route("/directory/table", methods=["POST"])
@blueprint.arguments(TableSchema)
@blueprint.response(200, TakenInSchema)
@staff_only
def take_in(wanted: dict[str, Any]) -> TakenIn:
    """Take a table in: lines that name no entry by `id`, or title and topic, are added. With `dry_run`, only look."""
    with units().begin() as uow:
        found = take_in_signposts(uow, wanted["csv"])
        if wanted["dry_run"]:
            uow.session.rollback()
    return found


@blueprint.route("/directory/<uuid:signpost_id>", methods=["PUT"])
@blueprint.arguments(EntrySchema)
@blueprint.response(200, SignpostSchema)
@staff_only
def change(wanted: dict[str, Any], signpost_id: UUID) -> Response:
    """Change an entry. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.signposts.get(signpost_id).revision)
        row = keep_signpost(uow, Entry(**wanted), signpost_id)
    return tagged(jsonify(SignpostSchema().dump(row)), row.revision)


@blueprint.route("/directory/<uuid:signpost_id>/checked", methods=["PUT"])
@blueprint.response(200, SignpostSchema)
@staff_only
def checked(signpost_id: UUID) -> Response:
    """It was looked at, and is right. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.signposts.get(signpost_id).revision)
        row = confirm_signpost(uow, signpost_id, None)
    return tagged(jsonify(SignpostSchema().dump(row)), row.revision)


@blueprint.route("/directory/<uuid:signpost_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def remove(signpost_id: UUID) -> None:
    """Take an entry out. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.signposts.get(signpost_id).revision)
        remove_signpost(uow, signpost_id)
