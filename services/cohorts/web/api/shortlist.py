"""What staff note on the shortlist, by API: marks on applications, and saved views."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from services.cohorts.storage.tables import SavedView
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.mark_applications import KINDS, mark_applications, take_back_mark
from services.cohorts.use_cases.save_view import forget_view, save_view
from services.cohorts.web.api.schemas import MarkSchema
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import ApiSchema, Page, once, page_schema

blueprint = Blueprint("api_shortlist", __name__, url_prefix="/cohorts/api/v1", description="The shortlist's notes")


class MarksSchema(ApiSchema):
    """A flag or a note for all these applications."""

    applications = fields.List(fields.UUID(), required=True, validate=validate.Length(1, 1_000))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    text = fields.String(required=True)


class PutSchema(Schema):
    """The marks that were put."""

    marks = fields.List(fields.Nested(MarkSchema))


class ViewSchema(ApiSchema):
    """An order and filters under a name: `query` is what stands after the ? of the list's address."""

    id = fields.UUID(dump_only=True)
    name = fields.String(required=True)
    query = fields.String(load_default="")
    shared = fields.Boolean(load_default=False)
    owner_name = fields.String(dump_only=True)


ViewList = page_schema(ViewSchema)


@blueprint.route("/rounds/<uuid:round_id>/shortlist/marks", methods=["POST"])
@blueprint.arguments(MarksSchema)
@blueprint.response(201, PutSchema)
@staff_only
def put(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Put a mark on all of them, or on none. Takes an Idempotency-Key."""
    who = actor()

    def work(uow: CohortsUnit) -> dict[str, Any]:
        ids, kind, text = wanted["applications"], wanted["kind"], wanted["text"]
        return {"marks": mark_applications(uow, who, round_id, ids, kind, text)}

    return once(units(), work, PutSchema())


@blueprint.route("/marks/<uuid:mark_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def take_back(mark_id: UUID) -> None:
    """Let a mark no longer stand; the record keeps that it did."""
    with units().begin() as uow:
        take_back_mark(uow, actor(), mark_id)


@blueprint.route("/rounds/<uuid:round_id>/shortlist/views", methods=["GET"])
@blueprint.response(200, ViewList)
@staff_only
def views(round_id: UUID) -> Page:
    """One's own saved views and the shared ones."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(uow.shortlist.views(round_id, actor().person_id))


@blueprint.route("/rounds/<uuid:round_id>/shortlist/views", methods=["POST"])
@blueprint.arguments(ViewSchema)
@blueprint.response(201, ViewSchema)
@staff_only
def keep(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Keep one; one's own of the same name is replaced."""
    who = actor()

    def work(uow: CohortsUnit) -> SavedView:
        return save_view(uow, who, round_id, wanted["name"], wanted["query"], shared=wanted["shared"])

    return once(units(), work, ViewSchema())


@blueprint.route("/views/<uuid:view_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def forget(view_id: UUID) -> None:
    """Throw one of one's own away."""
    with units().begin() as uow:
        forget_view(uow, actor(), view_id)
