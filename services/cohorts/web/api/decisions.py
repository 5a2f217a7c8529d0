"""Decisions by API: staged, with feedback, and released once."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.storage.tables import Application, CaseMark, Decision
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.approve_feedback import approve_feedback, write_feedback
from services.cohorts.use_cases.preview_decisions import events_after
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.stage_decisions import stage_decisions, take_back_decisions
from services.cohorts.web.api.schemas import (
    DecisionList,
    DecisionSchema,
    EventArguments,
    FeedbackSchema,
    ReleaseSchema,
    StageSchema,
)
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Invalid, NotFound
from shared.web.api import Page, PageArguments, cursor_of, once, read_cursor, require_match, tagged

blueprint = Blueprint("api_decisions", __name__, url_prefix="/cohorts/api/v1", description="Decisions, for staff")


@blueprint.route("/rounds/<uuid:round_id>/release", methods=["GET"])
@blueprint.response(200, ReleaseSchema)
@staff_only
def of_round(round_id: UUID) -> Response:
    """The round's decisions as a whole, with the ETag."""
    with units().begin(write=False) as uow:
        row = uow.releases.of_round(round_id)
    if row is None:
        raise NotFound("There are no decisions in this round yet.")
    return tagged(jsonify(ReleaseSchema().dump(row)), row.revision)


@blueprint.route("/rounds/<uuid:round_id>/release", methods=["POST"])
@blueprint.arguments(StageSchema)
@blueprint.response(201, ReleaseSchema)
@staff_only
def stage(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Make a selection the decision. Nobody is told yet. Takes an Idempotency-Key."""
    with units().begin(write=False) as uow:
        if uow.runs.get(wanted["run_id"]).round_id != round_id:
            raise Invalid({"run_id": ["This selection is of another round."]})
    who, run_id = actor(), wanted.pop("run_id")
    return once(units(), lambda uow: stage_decisions(uow, who, run_id, **wanted), ReleaseSchema())


@blueprint.route("/releases/<uuid:release_id>/decisions", methods=["GET"])
@blueprint.arguments(PageArguments, location="query")
@blueprint.response(200, DecisionList)
@staff_only
def decisions(wanted: dict[str, Any], release_id: UUID) -> Page:
    """Everybody's outcome, by rank."""
    keys = read_cursor(wanted["cursor"], 1)
    after = keys[0] if keys else 0
    if not isinstance(after, int):
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]})
    with units().begin(write=False) as uow:
        uow.releases.get(release_id)
        found = uow.releases.decisions(release_id, None, after, wanted["limit"] + 1)
        cases = uow.shortlist.cases(application.id for _, application in found)
    shown = found[: wanted["limit"]]
    following = cursor_of(shown[-1][0].rank) if len(found) > len(shown) else None
    return Page([_shown(*row, cases.get(row[1].id)) for row in shown], following)


def _one(uow: CohortsUnit, row: Decision) -> dict[str, Any]:
    application = uow.applications.get(row.application_id)
    return _shown(row, application, uow.shortlist.cases([application.id]).get(application.id))


def _shown(decision: Decision, application: Application, case: CaseMark | None) -> dict[str, Any]:
    names = (
        "id",
        "application_id",
        "outcome",
        "rank",
        "score",
        "feedback",
        "approved_at",
        "approved_by_name",
        "told_at",
        "revision",
    )
    return {**{name: getattr(decision, name) for name in names}, "reference": application.reference, "case": case}


@blueprint.route("/decisions/<uuid:decision_id>", methods=["GET"])
@blueprint.response(200, DecisionSchema)
@staff_only
def one(decision_id: UUID) -> Response:
    """One outcome, with the ETag."""
    with units().begin(write=False) as uow:
        row = uow.releases.decision(decision_id)
        body = _one(uow, row)
    return tagged(jsonify(DecisionSchema().dump(body)), row.revision)


@blueprint.route("/decisions/<uuid:decision_id>", methods=["PATCH"])
@blueprint.arguments(FeedbackSchema)
@blueprint.response(200, DecisionSchema)
@staff_only
def feedback(wanted: dict[str, Any], decision_id: UUID) -> Response:
    """Write feedback. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.releases.decision(decision_id, lock=True).revision)
        row = write_feedback(uow, actor(), decision_id, wanted["feedback"], None)
        body = _one(uow, row)
    return tagged(jsonify(DecisionSchema().dump(body)), row.revision)


@blueprint.route("/decisions/<uuid:decision_id>/approval", methods=["PUT"])
@blueprint.response(200, DecisionSchema)
@staff_only
def approve(decision_id: UUID) -> Response:
    """Say that the feedback may go to this person. Needs If-Match: the words that were looked at."""
    with units().begin() as uow:
        require_match(uow.releases.decision(decision_id, lock=True).revision)
        row = approve_feedback(uow, actor(), decision_id, None)
        body = _one(uow, row)
    return tagged(jsonify(DecisionSchema().dump(body)), row.revision)


@blueprint.route("/releases/<uuid:release_id>/events", methods=["GET"])
@blueprint.arguments(EventArguments, location="query")
@blueprint.response(200)
@staff_only
def events(wanted: dict[str, Any], release_id: UUID) -> Response:
    """What would be published for up to 100 decisions ranked after `after`: send it to the preview of messages."""
    with units().begin(write=False) as uow:
        return jsonify(events=events_after(uow, release_id, wanted["after"], 100))


@blueprint.route("/releases/<uuid:release_id>/released", methods=["PUT"])
@blueprint.response(200, ReleaseSchema)
@staff_only
def release(release_id: UUID) -> Response:
    """Tell everybody, once. Needs If-Match, except when it is done already."""
    with units().begin() as uow:
        row = uow.releases.get(release_id, lock=True)
        if row.state != "released":
            require_match(row.revision)
        row = release_decisions(uow, actor(), release_id, None)
    return tagged(jsonify(ReleaseSchema().dump(row)), row.revision)


@blueprint.route("/releases/<uuid:release_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def take_back(release_id: UUID) -> None:
    """Throw staged decisions away. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.releases.get(release_id, lock=True).revision)
        take_back_decisions(uow, actor(), release_id)
