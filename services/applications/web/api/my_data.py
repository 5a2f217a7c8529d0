"""One's own data by API: a copy, another address, corrections, erasure. What is final needs a recent sign-in."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.applications.storage.tables import CorrectionRow, DataRequestRow, ErasureRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import change_email, copy_data, correct_answers, erase_person
from services.applications.use_cases.fill_in import open_draft
from services.applications.web.api.data_schemas import (
    AddressSchema,
    CopySchema,
    CorrectionSchema,
    CorrectionWishSchema,
    ErasureSchema,
    SureSchema,
)
from services.applications.web.context import here, language, units
from services.applications.web.data_files import download
from services.applications.web.recent import require_recent
from shared.errors import NotFound
from shared.web import access
from shared.web.api import once
from shared.web.identity import known

blueprint = Blueprint("api_my_data", __name__, url_prefix="/applications/api/v1", description="One's own data")


@blueprint.route("/me/copies", methods=["GET"])
@blueprint.response(200, CopySchema(many=True))
@access.signed_in
def copies() -> list[DataRequestRow]:
    """The copies that one asked for, newest first."""
    with units().begin(write=False) as uow:
        return uow.data_requests.of_person(known().person_id)


@blueprint.route("/me/copies", methods=["POST"])
@blueprint.response(201, CopySchema)
@access.signed_in
def ask_copy() -> Response:
    """Ask for a copy of everything. Three a day; needs a recent sign-in. Takes an Idempotency-Key."""
    require_recent()
    who, tag = known().person_id, language()
    return once(units(), lambda uow: copy_data.request_copy(uow, who, language=tag), CopySchema())


@blueprint.route("/me/copies/<uuid:request_id>/download", methods=["POST"])
@blueprint.response(200)
@access.signed_in
def fetch(request_id: UUID) -> Response:
    """The copy as a zip: data.json, a page to read, files. Needs a recent sign-in."""
    require_recent()
    with units().begin() as uow:
        return download(copy_data.open_copy(uow, request_id, owner=known().person_id), here().clock())


@blueprint.route("/me/email", methods=["PUT"])
@blueprint.arguments(AddressSchema)
@blueprint.response(202)
@access.signed_in
def change(body: dict[str, Any]) -> Response:
    """Ask to be written to elsewhere: the new address gets a link. Needs a recent sign-in."""
    require_recent()
    with units().begin() as uow:
        change_email.request_change(uow, known().person_id, body["email"])
    return Response(status=202)


@blueprint.route("/me/erasure", methods=["GET"])
@blueprint.response(200, ErasureSchema)
@access.signed_in
def erasure() -> dict[str, Any]:
    """One's own erasure, if one was asked for."""
    with units().begin(write=False) as uow:
        row = uow.erasures.newest_of(known().person_id)
        if row is None:
            raise NotFound("You have not asked to be erased.")
        return shown(uow, row)


@blueprint.route("/me/erasure", methods=["POST"])
@blueprint.arguments(SureSchema)
@blueprint.response(201, ErasureSchema)
@access.signed_in
def erase(_body: dict[str, Any]) -> Response:
    """Have everything erased, in all three services, for good. Needs a recent sign-in."""
    require_recent()
    who, tag = known().person_id, language()
    return once(units(), lambda uow: shown(uow, erase_person.request_erasure(uow, who, language=tag)), ErasureSchema())


@blueprint.route("/me/erasure", methods=["DELETE"])
@blueprint.response(204)
@access.signed_in
def stop() -> None:
    """Stop an erasure that is held."""
    with units().begin() as uow:
        erase_person.cancel(uow, known().person_id)


def shown(uow: ApplicationsUnitOfWork, row: ErasureRow) -> dict[str, Any]:
    """An erasure as the API tells it."""
    names = ("id", "reference", "state", "holds", "reason", "asked_at", "completed_at")
    missing = erase_person.progress_of(uow, row).missing if row.state == erase_person.RUNNING else []
    return {**{name: getattr(row, name) for name in names}, "missing": missing}


@blueprint.route("/applications/<uuid:application_id>/corrections", methods=["GET"])
@blueprint.response(200, CorrectionSchema(many=True))
@access.signed_in
def corrections(application_id: UUID) -> list[CorrectionRow]:
    """The corrections of one's own application."""
    with units().begin(write=False) as uow:
        open_draft(uow, application_id, known().person_id)
        return uow.corrections.of_application(application_id)


@blueprint.route("/applications/<uuid:application_id>/corrections", methods=["POST"])
@blueprint.arguments(CorrectionWishSchema)
@blueprint.response(201, CorrectionSchema(many=True))
@access.signed_in
def correct(body: dict[str, Any], application_id: UUID) -> Response:
    """Put answers right that were sent; those that are judged wait for staff."""
    who, tag = known().person_id, language()

    def work(uow: ApplicationsUnitOfWork) -> list[CorrectionRow]:
        return correct_answers.correct(
            uow, application_id, who, body["section"], body["answers"], reason=body["reason"], language=tag
        )

    return once(units(), work, CorrectionSchema(many=True))
