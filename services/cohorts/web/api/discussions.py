"""The discussion by API: for reviewers whose own review is in, blind; and for staff."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.discuss import (
    Discussion,
    StaffThread,
    my_discussions,
    remove_post,
    say_as_staff,
    say_in_discussion,
    see_discussion,
    see_thread,
    see_threads,
    take_back_post,
)
from services.cohorts.use_cases.write_review import Written, revise_review
from services.cohorts.web.api.review_schemas import ReviewSchema, WrittenSchema
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web import access
from shared.web.api import ApiSchema, Page, page_schema, require_match, tagged

blueprint = Blueprint("api_discussions", __name__, url_prefix="/cohorts/api/v1", description="The panel's discussion")


class ListedSchema(Schema):
    """A thread that I may read."""

    assignment_id = fields.UUID()
    reference = fields.String()
    posts = fields.Integer()
    flags = fields.Integer()
    lowest = fields.Float(allow_none=True)
    highest = fields.Float(allow_none=True)
    mine = fields.Float(allow_none=True)


class SaidSchema(Schema):
    """A post. `who`: a letter for reviewers, empty for the programme team."""

    id = fields.UUID()
    who = fields.String()
    mine = fields.Boolean()
    text = fields.String()
    at = fields.AwareDateTime()
    removed = fields.Boolean()


class OpinionSchema(Schema):
    """A review of the same application, its reviewer a letter."""

    who = fields.String()
    mine = fields.Boolean()
    overall = fields.Float(allow_none=True)
    scores = fields.Dict()
    comment = fields.String()
    flagged = fields.Boolean()
    flag_reason = fields.String()


class DiscussionSchema(Schema):
    """One application's discussion for one of its reviewers."""

    assignment_id = fields.UUID(attribute="application.assignment_id")
    reference = fields.String(attribute="application.reference")
    answers = fields.List(fields.Dict(), attribute="application.answers")
    opinions = fields.List(fields.Nested(OpinionSchema))
    posts = fields.List(fields.Nested(SaidSchema))
    open = fields.Boolean()
    closes_at = fields.AwareDateTime(allow_none=True)


class SaySchema(ApiSchema):
    """What to say. `confirmed`: it names nobody, although it looks as if it did."""

    text = fields.String(required=True)
    confirmed = fields.Boolean(load_default=False)


class RevisedSchema(WrittenSchema):
    """New scores, and what changed one's mind."""

    why = fields.String(required=True)


class StaffPostSchema(Schema):
    """A post for staff. `names`: it names the applicant, so that the panel sees a mask there."""

    id = fields.UUID(attribute="post.id")
    by_name = fields.String(attribute="post.by_name")
    panel_member_id = fields.UUID(attribute="post.panel_member_id", allow_none=True)
    text = fields.String(attribute="post.text")
    at = fields.AwareDateTime(attribute="post.at")
    removed_at = fields.AwareDateTime(attribute="post.removed_at", allow_none=True)
    names = fields.Boolean()


class ThreadSchema(Schema):
    """One application's thread for staff."""

    application_id = fields.UUID(attribute="application.id")
    reference = fields.String(attribute="application.reference")
    posts = fields.List(fields.Nested(StaffPostSchema))


@blueprint.route("/my/discussions", methods=["GET"])
@blueprint.response(200, page_schema(ListedSchema))
@access.role("reviewer")
def mine() -> Page:
    """Threads that I may read, those to talk about first."""
    with units().begin(write=False) as uow:
        return Page(my_discussions(uow, actor()))


@blueprint.route("/reviews/<uuid:assignment_id>/discussion", methods=["GET"])
@blueprint.response(200, DiscussionSchema)
@access.role("reviewer")
def one(assignment_id: UUID) -> Discussion:
    """The discussion of an application on my list, once my own review is in."""
    with units().begin(write=False) as uow:
        return see_discussion(uow, actor(), assignment_id)


@blueprint.route("/reviews/<uuid:assignment_id>/discussion", methods=["POST"])
@blueprint.arguments(SaySchema)
@blueprint.response(201, DiscussionSchema)
@access.role("reviewer")
def say(wanted: dict[str, Any], assignment_id: UUID) -> Discussion:
    """Say something."""
    with units().begin() as uow:
        say_in_discussion(uow, actor(), assignment_id, wanted["text"], confirmed=wanted["confirmed"])
        return see_discussion(uow, actor(), assignment_id)


@blueprint.route("/reviews/<uuid:assignment_id>/discussion/<uuid:post_id>", methods=["DELETE"])
@blueprint.response(204)
@access.role("reviewer")
def take_back(assignment_id: UUID, post_id: UUID) -> None:
    """Take my own post back."""
    with units().begin() as uow:
        take_back_post(uow, actor(), assignment_id, post_id)


@blueprint.route("/reviews/<uuid:assignment_id>/revision", methods=["PUT"])
@blueprint.arguments(RevisedSchema)
@blueprint.response(200, ReviewSchema)
@access.role("reviewer")
def revise(wanted: dict[str, Any], assignment_id: UUID) -> Response:
    """Change my scores in the discussion, with a reason; what they were is kept. Needs If-Match."""
    why = wanted.pop("why")
    with units().begin() as uow:
        require_match(see_discussion(uow, actor(), assignment_id).review.revision)
        review = revise_review(uow, actor(), assignment_id, Written(**wanted), why, None)
        return tagged(jsonify(ReviewSchema().dump(review)), review.revision)


@blueprint.route("/rounds/<uuid:round_id>/discussions", methods=["GET"])
@blueprint.response(200, page_schema(ThreadSchema))
@staff_only
def threads(round_id: UUID) -> Page:
    """Every thread of a round in which something was said."""
    with units().begin(write=False) as uow:
        return Page(see_threads(uow, round_id))


@blueprint.route("/applications/<uuid:application_id>/discussion", methods=["GET"])
@blueprint.response(200, ThreadSchema)
@staff_only
def thread(application_id: UUID) -> StaffThread:
    """One application's thread."""
    with units().begin(write=False) as uow:
        return see_thread(uow, application_id)


@blueprint.route("/applications/<uuid:application_id>/discussion", methods=["POST"])
@blueprint.arguments(SaySchema)
@blueprint.response(201, ThreadSchema)
@staff_only
def say_for_the_team(wanted: dict[str, Any], application_id: UUID) -> StaffThread:
    """Say something as the programme team."""
    with units().begin() as uow:
        say_as_staff(uow, actor(), application_id, wanted["text"])
        return see_thread(uow, application_id)


@blueprint.route("/posts/<uuid:post_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def take_out(post_id: UUID) -> None:
    """Take a post out of its thread. Staff go on seeing it."""
    with units().begin() as uow:
        remove_post(uow, actor(), post_id)
