"""What people asked about their data, for staff: erasures, corrections, and asking in somebody's place."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.applications.storage.tables import CorrectionRow
from services.applications.use_cases import copy_data, correct_answers, erase_person
from services.applications.web.api.data_schemas import (
    CopySchema,
    CorrectionSchema,
    DecisionSchema,
    ErasureSchema,
    ReasonSchema,
    SureSchema,
)
from services.applications.web.api.my_data import shown
from services.applications.web.context import language, units
from services.applications.web.recent import require_recent
from shared.web import access
from shared.web.api import once
from shared.web.identity import known

blueprint = Blueprint(
    "api_data_requests", __name__, url_prefix="/applications/api/v1", description="Requests about data"
)
_STAFF = ("staff", "administrator")


@blueprint.route("/erasures", methods=["GET"])
@blueprint.response(200, ErasureSchema(many=True))
@access.role(*_STAFF)
def erasures() -> list[dict[str, Any]]:
    """Erasures, those that wait or run first; `missing` names the services that have not confirmed."""
    with units().begin(write=False) as uow:
        return [shown(uow, row) for row in uow.erasures.listed()]


@blueprint.route("/erasures/<uuid:erasure_id>/agreement", methods=["PUT"])
@blueprint.response(200, ErasureSchema)
@access.role(*_STAFF)
def agree(erasure_id: UUID) -> dict[str, Any]:
    """Agree that somebody who works here may go."""
    with units().begin() as uow:
        return shown(uow, erase_person.agree(uow, erasure_id))


@blueprint.route("/erasures/<uuid:erasure_id>/refusal", methods=["PUT"])
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, ErasureSchema)
@access.role(*_STAFF)
def refuse(body: dict[str, Any], erasure_id: UUID) -> dict[str, Any]:
    """Refuse an erasure that is held."""
    with units().begin() as uow:
        return shown(uow, erase_person.refuse(uow, erasure_id, body["reason"]))


@blueprint.route("/erasures/<uuid:erasure_id>/repetition", methods=["POST"])
@blueprint.response(200, ErasureSchema)
@access.role(*_STAFF)
def again(erasure_id: UUID) -> dict[str, Any]:
    """Ask the services that have not confirmed once more."""
    with units().begin() as uow:
        return shown(uow, erase_person.ask_again(uow, erasure_id))


@blueprint.route("/people/<uuid:person_id>/erasure", methods=["POST"])
@blueprint.arguments(SureSchema)
@blueprint.response(201, ErasureSchema)
@access.role(*_STAFF)
def erase(_body: dict[str, Any], person_id: UUID) -> Response:
    """Erase somebody who asked in another way. Needs a recent sign-in."""
    require_recent()
    tag = language()
    return once(
        units(),
        lambda uow: shown(uow, erase_person.request_erasure(uow, person_id, language=tag, by_staff=True)),
        ErasureSchema(),
    )


@blueprint.route("/people/<uuid:person_id>/copies", methods=["POST"])
@blueprint.response(201, CopySchema)
@access.role(*_STAFF)
def copy(person_id: UUID) -> Response:
    """Ask for a copy for somebody who asked in another way. Needs a recent sign-in."""
    require_recent()
    who, tag = known().person_id, language()
    return once(units(), lambda uow: copy_data.request_copy(uow, person_id, asked_by=who, language=tag), CopySchema())


@blueprint.route("/corrections", methods=["GET"])
@blueprint.response(200, CorrectionSchema(many=True))
@access.role(*_STAFF)
def waiting() -> list[CorrectionRow]:
    """Corrections that wait for staff, oldest first."""
    with units().begin(write=False) as uow:
        return uow.corrections.waiting()


@blueprint.route("/corrections/<uuid:correction_id>/decision", methods=["PUT"])
@blueprint.arguments(DecisionSchema)
@blueprint.response(200, CorrectionSchema)
@access.role(*_STAFF)
def decide(body: dict[str, Any], correction_id: UUID) -> CorrectionRow:
    """Make a correction, or leave the answer as it is."""
    with units().begin() as uow:
        return correct_answers.decide(uow, correction_id, **body, decided_by=known().name)
