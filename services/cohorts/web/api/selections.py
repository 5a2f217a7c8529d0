"""Selections by API: ask who would be chosen, and read why."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.domain.choosing import EACH, ORGANISATION, Pin, Question, Wish
from services.cohorts.use_cases.run_selection import check_targets, compute_selection, keep_selection, relaxed_question
from services.cohorts.web.api.schemas import QuestionSchema, RunList, RunSchema, WhyList
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import Page, once

blueprint = Blueprint("api_selections", __name__, url_prefix="/cohorts/api/v1", description="Selections, for staff")


def question_in(wanted: dict[str, Any]) -> Question:
    """The question of a request's body."""
    wishes = [wish_in(target) for target in wanted["targets"]]
    if wanted["one_per_organisation"]:
        wishes.append(Wish(ORGANISATION, EACH, maximum=1))
    return Question(
        size=wanted["size"],
        wishes=tuple(wishes),
        pinned_in=tuple(Pin(**pin) for pin in wanted["pinned_in"]),
        pinned_out=tuple(Pin(**pin) for pin in wanted["pinned_out"]),
    )


def wish_in(target: dict[str, Any]) -> Wish:
    """One target of a request's body."""
    return Wish(
        target["attribute"],
        target["value"],
        target["minimum"],
        target["maximum"],
        tuple((pair["attribute"], pair["value"]) for pair in target["also"]),
        target["percent"],
        tuple((one["value"], one["maximum"]) for one in target["exceptions"]),
    )


@blueprint.route("/rounds/<uuid:round_id>/selections", methods=["GET"])
@blueprint.response(200, RunList)
@staff_only
def runs(round_id: UUID) -> Page:
    """The round's selections, the newest first."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(uow.runs.of_round(round_id))


@blueprint.route("/rounds/<uuid:round_id>/selections", methods=["POST"])
@blueprint.arguments(QuestionSchema)
@blueprint.response(201, RunSchema)
@staff_only
def select(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Choose, and keep the answer: status is optimal or infeasible. Takes an Idempotency-Key."""
    question = question_in(wanted)
    with units().begin(write=False) as uow:
        computed = compute_selection(uow, round_id, wanted["title"], question)
    who = actor()
    return once(units(), lambda uow: keep_selection(uow, who, computed), RunSchema())


@blueprint.route("/rounds/<uuid:round_id>/selections/check", methods=["POST"])
@blueprint.arguments(QuestionSchema)
@blueprint.response(200)
@staff_only
def check(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Whether the pool can meet the targets; if not, what clashes and the smallest relaxation. Keeps nothing."""
    with units().begin(write=False) as uow:
        found = check_targets(uow, round_id, question_in(wanted))
    return jsonify(asdict(found))


@blueprint.route("/selections/<uuid:run_id>/relaxed", methods=["POST"])
@blueprint.response(201, RunSchema)
@staff_only
def relax(run_id: UUID) -> Response:
    """Choose again with the relaxation of an impossible selection applied. Takes an Idempotency-Key."""
    with units().begin(write=False) as uow:
        run = uow.runs.get(run_id)
        computed = compute_selection(uow, run.round_id, f"{run.title}, relaxed"[:200], relaxed_question(run))
    who = actor()
    return once(units(), lambda uow: keep_selection(uow, who, computed), RunSchema())


@blueprint.route("/selections/<uuid:run_id>", methods=["GET"])
@blueprint.response(200, RunSchema)
@staff_only
def one(run_id: UUID) -> Response:
    """One selection."""
    with units().begin(write=False) as uow:
        return jsonify(RunSchema().dump(uow.runs.get(run_id)))


@blueprint.route("/selections/<uuid:run_id>/people", methods=["GET"])
@blueprint.response(200, WhyList)
@staff_only
def people(run_id: UUID) -> Page:
    """Everybody in the pool with the reason, the chosen first, then by score."""
    with units().begin(write=False) as uow:
        uow.runs.get(run_id)
        return Page(
            [
                {
                    "application_id": person.application_id,
                    "reference": application.reference,
                    "chosen": person.chosen,
                    "score": person.score,
                    "code": person.reason_code,
                    "reason": person.reason,
                    "points": person.points,
                    "exact": person.exact,
                    "rules": person.rules,
                    "instead": person.instead,
                }
                for person, application in uow.runs.people(run_id)
            ]
        )
