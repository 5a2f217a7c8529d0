"""Sessions by API: scheduled, moved, cancelled, and who is invited."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.schedule_sessions import (
    cancel_session,
    change_invitation,
    change_session,
    schedule_session,
)
from services.cohorts.use_cases.see_programme import my_programme, session_guests
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.web.api.offer_schemas import NewSessionSchema, SessionList, SessionSchema
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Conflict
from shared.web import access
from shared.web.api import Page, once, require_match, tagged

blueprint = Blueprint("api_sessions", __name__, url_prefix="/cohorts/api/v1", description="Sessions")


@blueprint.route("/rounds/<uuid:round_id>/sessions", methods=["GET"])
@blueprint.response(200, SessionList)
@staff_only
def sessions(round_id: UUID) -> Page:
    """The cohort's sessions in order of time, cancelled ones included."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        cohort = uow.cohorts.of_round(round_id)
        return Page(uow.sessions.of_cohort(cohort.id) if cohort else [])


@blueprint.route("/rounds/<uuid:round_id>/sessions", methods=["POST"])
@blueprint.arguments(NewSessionSchema)
@blueprint.response(201, SessionSchema)
@staff_only
def schedule(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Schedule a session and invite the cohort. Takes an Idempotency-Key."""
    who = actor()

    def work(uow: CohortsUnit) -> ProgrammeSession:
        uow.rounds.get(round_id)
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        return schedule_session(uow, who, cohort.id, Plan(**wanted))

    return once(units(), work, SessionSchema())


@blueprint.route("/sessions/<uuid:session_id>", methods=["GET"])
@blueprint.response(200, SessionSchema)
@staff_only
def one(session_id: UUID) -> Response:
    """One session, with the ETag."""
    with units().begin(write=False) as uow:
        return _answer(uow.sessions.get(session_id))


@blueprint.route("/sessions/<uuid:session_id>", methods=["PUT"])
@blueprint.arguments(NewSessionSchema)
@blueprint.response(200, SessionSchema)
@staff_only
def change(wanted: dict[str, Any], session_id: UUID) -> Response:
    """Move it or change what it says. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.sessions.get(session_id, lock=True).revision)
        return _answer(change_session(uow, actor(), session_id, Plan(**wanted), None))


@blueprint.route("/sessions/<uuid:session_id>", methods=["DELETE"])
@blueprint.response(200, SessionSchema)
@staff_only
def cancel(session_id: UUID) -> Response:
    """Cancel it; it stays to be seen. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.sessions.get(session_id, lock=True).revision)
        return _answer(cancel_session(uow, actor(), session_id, None))


@blueprint.route("/sessions/<uuid:session_id>/invitations", methods=["GET"])
@blueprint.response(200)
@staff_only
def guests(session_id: UUID) -> Response:
    """Everybody in the cohort, and whether they are invited."""
    with units().begin(write=False) as uow:
        found = session_guests(uow, uow.sessions.get(session_id))
    return jsonify(items=[{"person_id": str(g.person_id), "invited": g.invited} for g in found], next=None)


@blueprint.route("/sessions/<uuid:session_id>/invitations/<uuid:person_id>", methods=["PUT"])
@blueprint.response(200, SessionSchema)
@staff_only
def invite(session_id: UUID, person_id: UUID) -> Response:
    """Invite a participant."""
    with units().begin() as uow:
        return _answer(change_invitation(uow, actor(), session_id, person_id, True))


@blueprint.route("/sessions/<uuid:session_id>/invitations/<uuid:person_id>", methods=["DELETE"])
@blueprint.response(200, SessionSchema)
@staff_only
def uninvite(session_id: UUID, person_id: UUID) -> Response:
    """Take a participant off the list."""
    with units().begin() as uow:
        return _answer(change_invitation(uow, actor(), session_id, person_id, False))


def _answer(session: ProgrammeSession) -> Response:
    return tagged(jsonify(SessionSchema().dump(session)), session.revision)


@blueprint.route("/my/sessions", methods=["GET"])
@blueprint.response(200, SessionList)
@access.signed_in
def mine() -> Page:
    """Sessions that I am invited to and that are still to come."""
    with units().begin(write=False) as uow:
        return Page(my_programme(uow, actor()).to_come)
