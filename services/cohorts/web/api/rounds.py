"""Rounds by API: how each is reviewed and chosen, its shortlist, its decision record."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.storage.repositories.shortlist import Filters
from services.cohorts.use_cases.list_shortlist import list_shortlist
from services.cohorts.use_cases.plan_round import Plan, plan_round
from services.cohorts.use_cases.see_round import see_round
from services.cohorts.use_cases.verify_record import verify_record
from services.cohorts.web.api.schemas import (
    PlanSchema,
    RecordList,
    RoundList,
    RoundSchema,
    ShortlistArguments,
    ShortlistPage,
)
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Invalid
from shared.web.api import Page, cursor_of, read_cursor, require_match, tagged

blueprint = Blueprint("api_rounds", __name__, url_prefix="/cohorts/api/v1/rounds", description="Rounds, for staff")


@blueprint.route("", methods=["GET"])
@blueprint.response(200, RoundList)
@staff_only
def rounds() -> Page:
    """Every round that is not a draft, the newest first."""
    with units().begin(write=False) as uow:
        return Page(uow.rounds.all())


@blueprint.route("/<uuid:round_id>", methods=["GET"])
@blueprint.response(200)
@staff_only
def one(round_id: UUID) -> Response:
    """A round at a glance."""
    with units().begin(write=False) as uow:
        seen = see_round(uow, round_id)
    return jsonify(
        round=RoundSchema().dump(seen.round),
        plan=PlanSchema().dump(seen.plan),
        figures=dict(seen.figures._mapping),
        outcomes=seen.outcomes,
        offers=seen.offers,
        participants=seen.participants,
    )


@blueprint.route("/<uuid:round_id>/plan", methods=["GET"])
@blueprint.response(200, PlanSchema)
@staff_only
def plan(round_id: UUID) -> Response:
    """How the round is reviewed and chosen, with its ETag."""
    with units().begin(write=False) as uow:
        row = uow.rounds.plan(round_id)
    return tagged(jsonify(PlanSchema().dump(row)), row.revision)


@blueprint.route("/<uuid:round_id>/plan", methods=["PUT"])
@blueprint.arguments(PlanSchema)
@blueprint.response(200, PlanSchema)
@staff_only
def keep_plan(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Settle it. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.rounds.plan(round_id, lock=True).revision)
        row = plan_round(uow, actor(), round_id, Plan(**wanted), None)
    return tagged(jsonify(PlanSchema().dump(row)), row.revision)


@blueprint.route("/<uuid:round_id>/shortlist", methods=["GET"])
@blueprint.arguments(ShortlistArguments, location="query")
@blueprint.response(200, ShortlistPage)
@staff_only
def shortlist(wanted: dict[str, Any], round_id: UUID) -> Page:
    """A page of the shortlist, in the order and with the filters asked for."""
    keys = read_cursor(wanted["cursor"], 2)
    names = (
        "least_reviews",
        "flagged",
        "stage",
        "text",
        "least_priority",
        "least_score",
        "disagreement",
        "marked",
        "contested",
    )
    filters = Filters(_attributes(wanted["attribute"]), **{name: wanted[name] for name in names})
    with units().begin(write=False) as uow:
        after = (keys[0], keys[1]) if keys else None
        found = list_shortlist(uow, round_id, filters, wanted["sort"], after, wanted["limit"])
    return Page(found.rows, cursor_of(*found.after) if found.after else None)


def _attributes(given: list[str]) -> dict[str, str]:
    pairs = [one.partition(":") for one in given]
    if any(not (name and colon and value) for name, colon, value in pairs):
        raise Invalid({"attribute": ["Write <attribute>:<value>, such as region:north."]})
    return {name: value for name, _, value in pairs}


@blueprint.route("/<uuid:round_id>/record", methods=["GET"])
@blueprint.response(200, RecordList)
@staff_only
def record(round_id: UUID) -> Page:
    """The newest entries of the decision record."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(uow.record.of_round(round_id))


@blueprint.route("/record/verdict", methods=["GET"])
@blueprint.response(200)
@staff_only
def verdict() -> Response:
    """Whether the whole decision record is as it was written."""
    with units().begin(write=False) as uow:
        found = verify_record(uow)
    return jsonify(
        whole=found.whole, entries=found.entries, head=found.head, broken_at=found.broken_at, problem=found.problem
    )
