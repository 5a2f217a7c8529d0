"""Panels by API: members, conflicts, and sharing out the applications."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import apply_assignment
from services.cohorts.use_cases.declare_conflicts import add_conflict, remove_conflict
from services.cohorts.use_cases.draft_assignment import Working, ask_for_assignment, look_at_assignment
from services.cohorts.use_cases.invite_reviewer import (
    Description,
    Invitation,
    describe_member,
    invite_reviewer,
    release_member,
)
from services.cohorts.use_cases.see_round import MemberProgress, see_panel
from services.cohorts.web.api.panel_rules import load_of
from services.cohorts.web.api.panel_schemas import DescriptionSchema, ModeSchema, ProposalNameSchema
from services.cohorts.web.api.schemas import (
    InvitationSchema,
    MemberSchema,
    NewConflictSchema,
    ProgressList,
    ProgressSchema,
)
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import Page, once, require_match, tagged

blueprint = Blueprint("api_panels", __name__, url_prefix="/cohorts/api/v1", description="Panels, for staff")


@blueprint.route("/rounds/<uuid:round_id>/panel", methods=["GET"])
@blueprint.response(200, ProgressList)
@staff_only
def members(round_id: UUID) -> Page:
    """The panel with everybody's progress."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(see_panel(uow, round_id))


@blueprint.route("/rounds/<uuid:round_id>/panel", methods=["POST"])
@blueprint.arguments(InvitationSchema)
@blueprint.response(201, MemberSchema)
@staff_only
def invite(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Ask somebody onto the panel. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: invite_reviewer(uow, who, round_id, Invitation(**wanted)), MemberSchema())


@blueprint.route("/panel-members/<uuid:member_id>", methods=["GET"])
@blueprint.response(200, ProgressSchema)
@staff_only
def member(member_id: UUID) -> Response:
    """One member, with the ETag."""
    with units().begin(write=False) as uow:
        seen = _seen(uow, member_id)
    return tagged(jsonify(ProgressSchema().dump(seen)), seen.member.revision)


def _seen(uow: CohortsUnit, member_id: UUID) -> MemberProgress:
    round_id = uow.panels.get(member_id).round_id
    return next(seen for seen in see_panel(uow, round_id) if seen.member.id == member_id)


@blueprint.route("/panel-members/<uuid:member_id>", methods=["PATCH"])
@blueprint.arguments(DescriptionSchema)
@blueprint.response(200, MemberSchema)
@staff_only
def capacity(wanted: dict[str, Any], member_id: UUID) -> Response:
    """Change how many applications they read, and what is known of them. Needs If-Match."""
    with units().begin() as uow:
        row = uow.panels.get(member_id, lock=True)
        require_match(row.revision)
        now = {name: getattr(row, name) for name in ("languages", "expertise", "organisation")}
        describe_member(uow, actor(), member_id, Description(**{**now, **wanted}), None)
    return tagged(jsonify(MemberSchema().dump(row)), row.revision)


@blueprint.route("/panel-members/<uuid:member_id>", methods=["DELETE"])
@blueprint.response(200, MemberSchema)
@staff_only
def leave(member_id: UUID) -> Response:
    """Let a member go. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.panels.get(member_id, lock=True).revision)
        row = release_member(uow, actor(), member_id, None)
    return tagged(jsonify(MemberSchema().dump(row)), row.revision)


@blueprint.route("/panel-members/<uuid:member_id>/conflicts", methods=["POST"])
@blueprint.arguments(NewConflictSchema)
@blueprint.response(201, ProgressSchema)
@staff_only
def conflict(wanted: dict[str, Any], member_id: UUID) -> Response:
    """Enter a conflict of interest. Takes an Idempotency-Key."""
    who = actor()

    def work(uow: CohortsUnit) -> MemberProgress:
        add_conflict(uow, who, member_id, wanted["kind"], wanted["value"])
        return _seen(uow, member_id)

    return once(units(), work, ProgressSchema())


@blueprint.route("/panel-members/<uuid:member_id>/conflicts/<uuid:conflict_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def no_conflict(member_id: UUID, conflict_id: UUID) -> None:
    """Take a conflict away that staff entered."""
    with units().begin() as uow:
        remove_conflict(uow, actor(), member_id, conflict_id)


@blueprint.route("/rounds/<uuid:round_id>/assignment", methods=["GET"])
@blueprint.arguments(ModeSchema, location="query")
@blueprint.response(200)
@staff_only
def preview(wanted: dict[str, Any], round_id: UUID) -> Response:
    """What would be on everybody's list; `mode` is top_up, rebalance or whole. A large round is asked for first."""
    with units().begin(write=False) as uow:
        found = look_at_assignment(uow, round_id, wanted["mode"])
    if isinstance(found, Working):
        return jsonify(mode=found.mode, working=found.asked, failed=found.failed, stage=found.stage, of=found.stages)
    return jsonify(
        mode=found.mode,
        fingerprint=found.fingerprint,
        removed=[{"application_id": str(a), "panel_member_id": str(m)} for a, m in found.removed],
        pairs=[{"application_id": str(a), "panel_member_id": str(m)} for a, m in found.pairs],
        loads=[load_of(load) for load in found.loads],
        problems=list(found.problems),
        notes=list(found.notes),
        optimal=found.optimal,
        total_affinity=found.total_affinity,
        minimum_affinity=found.minimum_affinity,
        unreadable=found.unreadable,
    )


@blueprint.route("/rounds/<uuid:round_id>/assignment/draft", methods=["PUT"])
@blueprint.arguments(ModeSchema, location="query")
@blueprint.response(202)
@staff_only
def ask(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Have a large round's proposal worked out; GET says how far it is, and gives it when it is there."""
    with units().begin() as uow:
        ask_for_assignment(uow, round_id, wanted["mode"])
    response = jsonify(mode=wanted["mode"], working=True)
    response.status_code = 202
    return response


@blueprint.route("/rounds/<uuid:round_id>/assignment", methods=["POST"])
@blueprint.arguments(ProposalNameSchema)
@blueprint.response(201)
@staff_only
def apply(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Put that proposal on their lists."""
    with units().begin() as uow:
        given = apply_assignment(uow, actor(), round_id, wanted["fingerprint"], wanted["mode"])
    response = jsonify(assigned=given)
    response.status_code = 201
    return response
