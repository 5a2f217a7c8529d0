"""Rounds by API: anybody may list the open ones; staff make and move them."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.applications.domain.forms import dump_form
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.copy_round import definition_from
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.web.api.schemas import NewRoundSchema, RoundList, RoundSchema, StateSchema
from services.applications.web.context import units
from services.applications.web.round_view import sees_drafts
from shared.errors import NotFound
from shared.web import access
from shared.web.api import Page, once, require_match, tagged

blueprint = Blueprint("api_rounds", __name__, url_prefix="/applications/api/v1/rounds", description="Rounds")
_STAFF = ("staff", "administrator")


def _seen(uow: ApplicationsUnitOfWork, round_id: UUID) -> RoundRow:
    """The round, if the reader may know of it; raises NotFound."""
    row = uow.rounds.get(round_id)
    if row.state == "draft" and not sees_drafts():
        raise NotFound("There is no such round.")
    return row


@blueprint.route("", methods=["GET"])
@blueprint.response(200, RoundList)
@access.public
def rounds() -> Page:
    """Rounds, newest first; drafts are for staff."""
    with units().begin(write=False) as uow:
        return Page([row for row in uow.rounds.all() if row.state != "draft" or sees_drafts()])


@blueprint.route("", methods=["POST"])
@blueprint.arguments(NewRoundSchema)
@blueprint.response(201, RoundSchema)
@access.role(*_STAFF)
def create(definition: dict[str, Any]) -> Response:
    """Make a draft round. Takes an Idempotency-Key."""
    return once(units(), lambda uow: create_round(uow, {**definition_from(uow, {}), **definition}), RoundSchema())


@blueprint.route("/<uuid:round_id>", methods=["GET"])
@blueprint.response(200, RoundSchema)
@access.public
def one(round_id: UUID) -> Response:
    """A round, with its ETag."""
    with units().begin(write=False) as uow:
        row = _seen(uow, round_id)
    return tagged(jsonify(RoundSchema().dump(row)), row.revision)


@blueprint.route("/<uuid:round_id>/form", methods=["GET"])
@blueprint.response(200)
@access.public
def form(round_id: UUID) -> Response:
    """The form as data: sections, questions, conditions, choices."""
    with units().begin(write=False) as uow:
        row = _seen(uow, round_id)
        found = uow.rounds.form(row.id, row.form_version)
    return jsonify(version=row.form_version, form=dump_form(found))


@blueprint.route("/<uuid:round_id>/state", methods=["PUT"])
@blueprint.arguments(StateSchema)
@blueprint.response(200, RoundSchema)
@access.role(*_STAFF)
def move(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Open, pause, close or archive it. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.rounds.get(round_id, lock=True).revision)
        row = move_round(uow, round_id, wanted["state"])
        uow.session.flush()
    return tagged(jsonify(RoundSchema().dump(row)), row.revision)
