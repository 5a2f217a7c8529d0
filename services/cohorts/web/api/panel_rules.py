"""Panels by API: phases, terms, conflicts, lists of reviewers, reminders, and changes of a list by hand."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.domain.phases import Phases
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import MemberLoad
from services.cohorts.use_cases.change_assignment import Change, ChangePreview, apply_change, propose_change
from services.cohorts.use_cases.import_panel import ImportPreview, import_panel, preview_import
from services.cohorts.use_cases.invite_reviewer import invite_again
from services.cohorts.use_cases.publish_terms import publish_terms
from services.cohorts.use_cases.remind_reviewers import remind_now
from services.cohorts.use_cases.see_conflicts import see_conflicts
from services.cohorts.use_cases.set_phases import set_phases
from services.cohorts.web.api.panel_schemas import (
    ApplyChangeSchema,
    ChangeSchema,
    ConflictRowList,
    PhasesSchema,
    RosterSchema,
    TermsList,
    TermsSchema,
)
from services.cohorts.web.api.schemas import MemberSchema
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import Page, once, require_match, tagged
from shared.web.i18n import LANGUAGES

blueprint = Blueprint("api_panel_rules", __name__, url_prefix="/cohorts/api/v1", description="Panels, for staff")


@blueprint.route("/rounds/<uuid:round_id>/phases", methods=["GET"])
@blueprint.response(200)
@staff_only
def phases(round_id: UUID) -> Response:
    """When each phase begins and ends, and where the panel is now; with the ETag of the round's plan."""
    with units().begin(write=False) as uow:
        return _phases(uow, round_id)


def _phases(uow: CohortsUnit, round_id: UUID) -> Response:
    row, found = uow.rounds.plan(round_id), uow.rounds.phases(round_id)
    return tagged(jsonify(phase=found.at(uow.now), **PhasesSchema().dump(found)), row.revision)


@blueprint.route("/rounds/<uuid:round_id>/phases", methods=["PUT"])
@blueprint.arguments(PhasesSchema)
@blueprint.response(200)
@staff_only
def keep_phases(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Settle them. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.rounds.plan(round_id, lock=True).revision)
        set_phases(uow, actor(), round_id, Phases(**wanted), None)
        return _phases(uow, round_id)


@blueprint.route("/rounds/<uuid:round_id>/terms", methods=["GET"])
@blueprint.response(200, TermsList)
@staff_only
def terms(round_id: UUID) -> Page:
    """Every version of the panel's terms, the newest first; none where the standard terms hold."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(uow.terms.of_round(round_id))


@blueprint.route("/rounds/<uuid:round_id>/terms", methods=["POST"])
@blueprint.arguments(TermsSchema)
@blueprint.response(201, TermsSchema)
@staff_only
def keep_terms(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Publish the next version, written over version `over`. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: publish_terms(uow, who, round_id, **wanted), TermsSchema())


@blueprint.route("/rounds/<uuid:round_id>/conflicts", methods=["GET"])
@blueprint.response(200, ConflictRowList)
@staff_only
def conflicts(round_id: UUID) -> Page:
    """Every conflict of the panel, with its source and how many applications it keeps away."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(see_conflicts(uow, round_id))


@blueprint.route("/rounds/<uuid:round_id>/panel/import", methods=["POST"])
@blueprint.arguments(RosterSchema)
@blueprint.response(200)
@staff_only
def roster(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Say what a CSV list would do; with `invite`, invite those who can be."""
    who = actor()
    if wanted["invite"]:
        with units().begin() as uow:
            found = import_panel(uow, who, round_id, wanted["csv"], LANGUAGES)
    else:
        with units().begin(write=False) as uow:
            found = preview_import(uow, round_id, wanted["csv"], LANGUAGES)
    return jsonify(_told(found, wanted["invite"]))


def _told(found: ImportPreview, invited: bool) -> dict[str, Any]:
    people = [{"line": line, "name": one.name, "email": one.email} for line, one in found.invited]
    return {
        "invited" if invited else "would_invite": people,
        "already_on_the_panel": [{"line": line, "name": name} for line, name in found.known],
        "bad": [{"line": row.line, "text": row.text, "reason": row.reason} for row in found.bad],
    }


@blueprint.route("/rounds/<uuid:round_id>/reminders", methods=["POST"])
@blueprint.response(200)
@staff_only
def remind_all(round_id: UUID) -> Response:
    """Remind everybody on the panel who has something left to do."""
    with units().begin() as uow:
        uow.rounds.get(round_id)
        return jsonify(reminded=remind_now(uow, actor(), round_id))


@blueprint.route("/panel-members/<uuid:member_id>/reminders", methods=["POST"])
@blueprint.response(200)
@staff_only
def remind_one(member_id: UUID) -> Response:
    """Remind one member, if something is left for them to do."""
    with units().begin() as uow:
        round_id = uow.panels.get(member_id).round_id
        return jsonify(reminded=remind_now(uow, actor(), round_id, member_id))


@blueprint.route("/panel-members/<uuid:member_id>/invitations", methods=["POST"])
@blueprint.response(200, MemberSchema)
@staff_only
def again(member_id: UUID) -> Response:
    """Send the invitation once more."""
    with units().begin() as uow:
        row = invite_again(uow, actor(), member_id)
    return jsonify(MemberSchema().dump(row))


@blueprint.route("/rounds/<uuid:round_id>/assignment/changes/preview", methods=["POST"])
@blueprint.arguments(ChangeSchema)
@blueprint.response(200)
@staff_only
def look(wanted: dict[str, Any], round_id: UUID) -> Response:
    """What a change by hand would do, and what stands against it. Changes nothing."""
    with units().begin(write=False) as uow:
        return jsonify(_shown(propose_change(uow, round_id, Change(**wanted))))


@blueprint.route("/rounds/<uuid:round_id>/assignment/changes", methods=["POST"])
@blueprint.arguments(ApplyChangeSchema)
@blueprint.response(201)
@staff_only
def make(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Make a change as it was looked at, named by its fingerprint."""
    fingerprint = wanted.pop("fingerprint")
    with units().begin() as uow:
        found = apply_change(uow, actor(), round_id, Change(**wanted), fingerprint)
    response = jsonify(_shown(found))
    response.status_code = 201
    return response


def _shown(found: ChangePreview) -> dict[str, Any]:
    return {
        "fingerprint": found.fingerprint,
        "blocked": list(found.blocked),
        "warnings": list(found.warnings),
        "added": [{"application_id": str(a), "panel_member_id": str(m)} for a, m in found.added],
        "removed": [{"application_id": str(a), "panel_member_id": str(m)} for a, m in found.removed],
        "loads": [load_of(x) for x in found.loads],
    }


def load_of(load: MemberLoad) -> dict[str, Any]:
    """One member's list before and after, as the API shows it."""
    return {
        "panel_member_id": str(load.member.id),
        "before": load.before,
        "after": load.after,
        "added": load.added,
        "removed": load.removed,
    }
