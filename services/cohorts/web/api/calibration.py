"""Calibration by API: leniency, raw beside adjusted scores, and what to talk about."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.calibrate_reviews import calibrate_reviews
from services.cohorts.use_cases.see_calibration import see_calibration
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import Page, page_schema

blueprint = Blueprint("api_calibration", __name__, url_prefix="/cohorts/api/v1", description="Calibration, for staff")


class LeniencySchema(Schema):
    """One reviewer: points above (or below) the average reviewer of the same work; null where it was refused."""

    member_id = fields.UUID()
    name = fields.String()
    leniency = fields.Float(allow_none=True)
    standard_error = fields.Float(allow_none=True)
    n = fields.Integer()


class RefusedSchema(Schema):
    """Why there are no adjusted scores. `islands`: groups of reviewers' names who share no application."""

    reason = fields.String()
    message = fields.String()
    islands = fields.List(fields.List(fields.String()))


class TriageSchema(Schema):
    """An application to talk about; the figures are null where it was flagged only."""

    application_id = fields.UUID(attribute="application.id")
    reference = fields.String(attribute="application.reference")
    flags = fields.Integer()
    spread = fields.Float(allow_none=True)
    expected = fields.Float(allow_none=True)
    chance = fields.Float(allow_none=True)
    n = fields.Integer(allow_none=True)


class CriterionSchema(Schema):
    """How far reviewers differ on one criterion."""

    label = fields.String()
    method = fields.String()
    leniency_sd = fields.Float(allow_none=True)
    noise_sd = fields.Float(allow_none=True)


class CalibrationSchema(Schema):
    """A round's newest calibration. `method`: full, shrunk, raw, refused, or none before the first."""

    run_id = fields.UUID(allow_none=True)
    at = fields.AwareDateTime(allow_none=True)
    by = fields.String()
    cause = fields.String()
    method = fields.String()
    note = fields.String()
    reviews = fields.Integer()
    fresh = fields.Boolean()
    leniency_sd = fields.Float(allow_none=True)
    noise_sd = fields.Float(allow_none=True)
    refused = fields.Nested(RefusedSchema, allow_none=True)
    reviewers = fields.List(fields.Nested(LeniencySchema))
    criteria = fields.List(fields.Nested(CriterionSchema))
    disagreements = fields.List(fields.Nested(TriageSchema))


class CalibratedScoreSchema(Schema):
    """One application's raw score beside the adjusted one, with its place by each."""

    application_id = fields.UUID(attribute="application.id")
    reference = fields.String(attribute="application.reference")
    raw = fields.Float(attribute="score.raw")
    adjusted = fields.Float(attribute="score.adjusted", allow_none=True)
    standard_error = fields.Float(attribute="score.standard_error", allow_none=True)
    n = fields.Integer(attribute="score.n")
    raw_place = fields.Integer()
    place = fields.Integer(allow_none=True)


CalibratedScoreList = page_schema(CalibratedScoreSchema)


@blueprint.route("/rounds/<uuid:round_id>/calibration", methods=["GET"])
@blueprint.response(200, CalibrationSchema)
@staff_only
def one(round_id: UUID) -> dict[str, Any]:
    """The newest calibration of a round."""
    return _shown(round_id)


@blueprint.route("/rounds/<uuid:round_id>/calibration", methods=["POST"])
@blueprint.response(201, CalibrationSchema)
@staff_only
def run(round_id: UUID) -> Response:
    """Calibrate every review that is handed in now. The answer says if that was refused, and why."""
    with units().begin() as uow:
        calibrate_reviews(uow, actor(), round_id)
    answer = jsonify(CalibrationSchema().dump(_shown(round_id)))
    answer.status_code = 201
    return answer


@blueprint.route("/rounds/<uuid:round_id>/calibration/scores", methods=["GET"])
@blueprint.response(200, CalibratedScoreList)
@staff_only
def scores(round_id: UUID) -> Page:
    """Every application's raw and adjusted score, the highest adjusted first."""
    with units().begin(write=False) as uow:
        return Page(list(see_calibration(uow, round_id).rows))


def _shown(round_id: UUID) -> dict[str, Any]:
    with units().begin(write=False) as uow:
        seen = see_calibration(uow, round_id)
    run = seen.run
    refused = dict(run.refused, islands=seen.islands) if run and run.refused else None
    return {
        "run_id": run.id if run else None,
        "at": run.at if run else None,
        "by": run.by_name if run else "",
        "cause": run.cause if run else "",
        "method": run.method if run else "none",
        "note": run.note if run else "",
        "reviews": run.reviews if run else 0,
        "fresh": seen.fresh,
        "leniency_sd": run.leniency_sd if run else None,
        "noise_sd": run.noise_sd if run else None,
        "refused": refused,
        "reviewers": seen.reviewers,
        "criteria": seen.criteria,
        "disagreements": seen.triage,
    }
