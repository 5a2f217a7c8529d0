"""Around reviews by API: a reviewer's own notes and progress; what staff look after."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.keep_notes import keep_notes, my_notes
from services.cohorts.use_cases.see_own_progress import see_own_progress
from services.cohorts.use_cases.see_reviewing import handed_back, see_changes
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web import access
from shared.web.api import ApiSchema, Page, page_schema, require_match, tagged

blueprint = Blueprint("api_reviewing", __name__, url_prefix="/cohorts/api/v1", description="Around reviews")


class NotesSchema(ApiSchema):
    """A reviewer's notes to themselves."""

    text = fields.String(required=True)


class UseSchema(Schema):
    """How I have used a criterion: how often each score from 1 to 5."""

    criterion = fields.String(attribute="criterion.label")
    counts = fields.List(fields.Integer())
    mean = fields.Float(allow_none=True)


class OwnProgressSchema(Schema):
    """My progress on one panel."""

    member_id = fields.UUID()
    round = fields.String(attribute="panel.round.title")
    submitted = fields.Integer()
    begun = fields.Integer()
    abstained = fields.Integer()
    flagged = fields.Integer()
    left = fields.Integer()
    due_at = fields.AwareDateTime(allow_none=True)
    a_week = fields.Integer(allow_none=True)
    mean = fields.Float(allow_none=True)
    uses = fields.List(fields.Nested(UseSchema))


class HandedBackSchema(Schema):
    """An application that a reviewer gave back, and who would read it instead."""

    application_id = fields.UUID(attribute="application.id")
    reference = fields.String(attribute="application.reference")
    reviewer = fields.String()
    reason = fields.String(attribute="assignment.reason")
    proposed = fields.List(fields.String())
    reviewers = fields.Integer()


class ReviewLineChangeSchema(Schema):
    """One criterion that a change touched."""

    label = fields.String()
    before = fields.Integer(allow_none=True)
    after = fields.Integer(allow_none=True)
    reason_before = fields.String()
    reason_after = fields.String()


class ReviewChangeSchema(Schema):
    """What became of a review after it was first handed in."""

    reference = fields.String(attribute="application.reference")
    reviewer = fields.String()
    action = fields.String(attribute="version.action")
    phase = fields.String(attribute="version.phase")
    note = fields.String(attribute="version.note")
    at = fields.AwareDateTime(attribute="version.at")
    before = fields.Float(allow_none=True)
    after = fields.Float(attribute="version.overall", allow_none=True)
    lines = fields.List(fields.Nested(ReviewLineChangeSchema))


@blueprint.route("/reviews/<uuid:assignment_id>/notes", methods=["GET"])
@blueprint.response(200, NotesSchema)
@access.role("reviewer")
def notes(assignment_id: UUID) -> Response:
    """My notes to myself, with their ETag ("0" before the first)."""
    with units().begin(write=False) as uow:
        text, revision = my_notes(uow, actor(), assignment_id)
    return tagged(jsonify(text=text), revision)


@blueprint.route("/reviews/<uuid:assignment_id>/notes", methods=["PUT"])
@blueprint.arguments(NotesSchema)
@blueprint.response(200, NotesSchema)
@access.role("reviewer")
def keep(wanted: dict[str, Any], assignment_id: UUID) -> Response:
    """Keep my notes. Needs If-Match."""
    with units().begin() as uow:
        require_match(my_notes(uow, actor(), assignment_id)[1])
        row = keep_notes(uow, actor(), assignment_id, wanted["text"], None)
        return tagged(jsonify(text=row.text), row.revision)


@blueprint.route("/my/progress", methods=["GET"])
@blueprint.response(200, page_schema(OwnProgressSchema))
@access.role("reviewer")
def progress() -> Page:
    """My own progress on every panel."""
    with units().begin(write=False) as uow:
        return Page(see_own_progress(uow, actor()))


@blueprint.route("/rounds/<uuid:round_id>/handed-back", methods=["GET"])
@blueprint.response(200, page_schema(HandedBackSchema))
@staff_only
def returned(round_id: UUID) -> Page:
    """What reviewers handed back, with who would read it instead."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(handed_back(uow, round_id))


@blueprint.route("/rounds/<uuid:round_id>/review-changes", methods=["GET"])
@blueprint.response(200, page_schema(ReviewChangeSchema))
@staff_only
def changes(round_id: UUID) -> Page:
    """Every change of a review that had been handed in."""
    with units().begin(write=False) as uow:
        return Page(see_changes(uow, round_id))
