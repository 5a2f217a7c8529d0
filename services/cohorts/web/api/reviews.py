"""Reviewing by API: a reviewer's own lists and reviews. Blind, like the pages."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.storage.tables import Review
from services.cohorts.use_cases.declare_conflicts import declare
from services.cohorts.use_cases.hand_back_review import hand_back
from services.cohorts.use_cases.invite_reviewer import leave_panel
from services.cohorts.use_cases.read_reviews import my_panels, open_review
from services.cohorts.use_cases.write_review import Written, abstain, reopen_review, save_draft, submit_review
from services.cohorts.web.api.review_schemas import (
    DeclarationSchema,
    MyPanelList,
    ReadingSchema,
    ReasonSchema,
    ReviewSchema,
    WrittenSchema,
)
from services.cohorts.web.context import actor, units
from shared.web import access
from shared.web.api import Page, require_match, tagged

blueprint = Blueprint("api_reviews", __name__, url_prefix="/cohorts/api/v1", description="Reviewing, for the panel")


@blueprint.route("/my/panels", methods=["GET"])
@blueprint.response(200, MyPanelList)
@access.role("reviewer")
def panels() -> Page:
    """My panels, and what is on my list in each."""
    with units().begin(write=False) as uow:
        return Page(my_panels(uow, actor()))


@blueprint.route("/my/panels/<uuid:member_id>/declaration", methods=["PUT"])
@blueprint.arguments(DeclarationSchema)
@blueprint.response(204)
@access.role("reviewer")
def declaration(wanted: dict[str, Any], member_id: UUID) -> None:
    """Agree to the terms and declare conflicts."""
    with units().begin() as uow:
        declare(
            uow,
            actor(),
            member_id,
            organisations="\n".join(wanted["organisations"]),
            domains="\n".join(wanted["domains"]),
            agreed=wanted["agreed"],
        )


@blueprint.route("/my/panels/<uuid:member_id>", methods=["DELETE"])
@blueprint.response(204)
@access.role("reviewer")
def leave(member_id: UUID) -> None:
    """Leave a panel: what I have not handed in goes to somebody else."""
    with units().begin() as uow:
        leave_panel(uow, actor(), member_id)


@blueprint.route("/reviews/<uuid:assignment_id>", methods=["GET"])
@blueprint.response(200, ReadingSchema)
@access.role("reviewer")
def one(assignment_id: UUID) -> Response:
    """An application on my list, the rubric and my review, with the review's ETag ("0" before the first save)."""
    with units().begin(write=False) as uow:
        reading = open_review(uow, actor(), assignment_id)
    return tagged(jsonify(ReadingSchema().dump(reading)), reading.revision)


@blueprint.route("/reviews/<uuid:assignment_id>", methods=["PUT"])
@blueprint.arguments(WrittenSchema)
@blueprint.response(200, ReviewSchema)
@access.role("reviewer")
def draft(wanted: dict[str, Any], assignment_id: UUID) -> Response:
    """Save a draft. Needs If-Match."""
    with units().begin() as uow:
        require_match(open_review(uow, actor(), assignment_id).revision)
        return _answer(save_draft(uow, actor(), assignment_id, Written(**wanted), None))


@blueprint.route("/reviews/<uuid:assignment_id>/submission", methods=["PUT"])
@blueprint.arguments(WrittenSchema)
@blueprint.response(200, ReviewSchema)
@access.role("reviewer")
def submit(wanted: dict[str, Any], assignment_id: UUID) -> Response:
    """Save and hand in. Needs If-Match."""
    with units().begin() as uow:
        require_match(open_review(uow, actor(), assignment_id).revision)
        return _answer(submit_review(uow, actor(), assignment_id, Written(**wanted), None))


@blueprint.route("/reviews/<uuid:assignment_id>/submission", methods=["DELETE"])
@blueprint.response(200, ReviewSchema)
@access.role("reviewer")
def reopen(assignment_id: UUID) -> Response:
    """Take a review, or an abstention, back. Needs If-Match."""
    with units().begin() as uow:
        require_match(open_review(uow, actor(), assignment_id).revision)
        return _answer(reopen_review(uow, actor(), assignment_id, None))


@blueprint.route("/reviews/<uuid:assignment_id>/abstention", methods=["PUT"])
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, ReviewSchema)
@access.role("reviewer")
def give_no_score(wanted: dict[str, Any], assignment_id: UUID) -> Response:
    """Keep the application and give no score. Needs If-Match."""
    with units().begin() as uow:
        require_match(open_review(uow, actor(), assignment_id).revision)
        return _answer(abstain(uow, actor(), assignment_id, wanted["reason"], None))


@blueprint.route("/reviews/<uuid:assignment_id>/recusal", methods=["PUT"])
@blueprint.arguments(ReasonSchema)
@blueprint.response(204)
@access.role("reviewer")
def recuse(wanted: dict[str, Any], assignment_id: UUID) -> None:
    """Hand the application back."""
    with units().begin() as uow:
        hand_back(uow, actor(), assignment_id, wanted["reason"])


def _answer(review: Review) -> Response:
    return tagged(jsonify(ReviewSchema().dump(review)), review.revision)
