"""Files, helpers, more time and paper by API: the same use cases as on the pages."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from services.applications.storage.tables import ApplicationRow, ExtensionRow, HelperRow, UploadRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import add_file
from services.applications.use_cases.ask_helper import ask_helper, end_help
from services.applications.use_cases.enter_paper import Paper, enter_paper
from services.applications.use_cases.extend_deadline import MoreTime, extend_for_address
from services.applications.use_cases.fill_in import open_draft, open_shared
from services.applications.web.api.applications import head
from services.applications.web.api.schemas import HeadSchema
from services.applications.web.api.schemas_filling_in import (
    ExtensionList,
    ExtensionSchema,
    FileList,
    FileSchema,
    HelperList,
    HelperSchema,
    NewExtensionSchema,
    NewFileSchema,
    NewHelperSchema,
    PaperSchema,
)
from services.applications.web.attachments import attachment
from services.applications.web.context import units
from services.applications.web.pages.files import LARGEST_BODY
from services.applications.web.sharing import acts_for_programme
from shared.web import access, intake
from shared.web.api import Page, once
from shared.web.identity import known

blueprint = Blueprint("api_filling_in", __name__, url_prefix="/applications/api/v1", description="Filling in")
_STAFF = ("staff", "administrator")
_ONE = "/applications/<uuid:application_id>"


@blueprint.route(f"{_ONE}/files", methods=["GET"])
@blueprint.response(200, FileList)
@access.signed_in
def files(application_id: UUID) -> Page:
    """The files of an application that one works on. `state`: waiting, clean, unchecked, infected or failed."""
    with units().begin(write=False) as uow:
        draft = open_shared(uow, application_id, known().person_id, staff=acts_for_programme())
        rows = uow.uploads.of_application(application_id)
    return Page([row for row in rows if draft.reach.covers(draft.form.section_of(row.question_id).id)])


@blueprint.route(f"{_ONE}/questions/<file_question_id>/files", methods=["POST"])
@blueprint.arguments(NewFileSchema, location="files")
@blueprint.response(201, FileSchema)
@access.signed_in
@intake.takes(LARGEST_BODY)
def add(sent: dict[str, Any], application_id: UUID, file_question_id: str) -> UploadRow:
    """Add a file (multipart, field `file`) as an answer. What it is is found out by its content."""
    given = add_file.Sent(sent["file"].filename or "", sent["file"].read())
    with units().begin() as uow:
        return add_file.add_file(
            uow, application_id, known().person_id, file_question_id, given, staff=acts_for_programme()
        )


@blueprint.route(f"{_ONE}/files/<uuid:upload_id>", methods=["GET"])
@blueprint.response(200, content_type="application/octet-stream")
@access.signed_in
def download(application_id: UUID, upload_id: UUID) -> Response:
    """The file itself, as an attachment."""
    with units().begin(write=False) as uow:
        found = add_file.open_file(uow, application_id, known().person_id, upload_id, staff=acts_for_programme())
        return attachment(*found)


@blueprint.route(f"{_ONE}/files/<uuid:upload_id>", methods=["DELETE"])
@blueprint.response(204)
@access.signed_in
def remove(application_id: UUID, upload_id: UUID) -> None:
    """Take a file out of a draft, for good."""
    with units().begin() as uow:
        add_file.remove_file(uow, application_id, known().person_id, upload_id, staff=acts_for_programme())


@blueprint.route("/files/<uuid:upload_id>", methods=["GET"])
@blueprint.response(200, content_type="application/octet-stream")
@access.role(*_STAFF)
def staff_download(upload_id: UUID) -> Response:
    """A file of an application that was sent, for staff; 409 while it is held."""
    with units().begin(write=False) as uow:
        return attachment(*add_file.open_file_for_staff(uow, upload_id))


@blueprint.route(f"{_ONE}/helpers", methods=["GET"])
@blueprint.response(200, HelperList)
@access.signed_in
def helpers(application_id: UUID) -> Page:
    """Whom the applicant asked to help, for the applicant."""
    with units().begin(write=False) as uow:
        open_draft(uow, application_id, known().person_id)
        return Page(uow.helping.of_application(application_id))


@blueprint.route(f"{_ONE}/helpers", methods=["POST"])
@blueprint.arguments(NewHelperSchema)
@blueprint.response(201, HelperSchema)
@access.signed_in
def ask(wish: dict[str, Any], application_id: UUID) -> Response:
    """Ask somebody to help. Takes an Idempotency-Key."""
    who = known().person_id
    return once(units(), lambda uow: ask_helper(uow, application_id, who, **wish), HelperSchema())


@blueprint.route(f"{_ONE}/helpers/<uuid:helper_id>", methods=["DELETE"])
@blueprint.response(200, HelperSchema)
@access.signed_in
def end(application_id: UUID, helper_id: UUID) -> HelperRow:
    """Take it back: it ends at once."""
    with units().begin() as uow:
        return end_help(uow, application_id, known().person_id, helper_id)


@blueprint.route("/rounds/<uuid:round_id>/extensions", methods=["GET"])
@blueprint.response(200, ExtensionList)
@access.role(*_STAFF)
def extensions(round_id: UUID) -> Page:
    """Who was given more time, newest first."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page([extension for extension, _ in uow.extensions.of_round(round_id)])


@blueprint.route("/rounds/<uuid:round_id>/extensions", methods=["POST"])
@blueprint.arguments(NewExtensionSchema)
@blueprint.response(201, ExtensionSchema)
@access.role(*_STAFF)
def extend(wish: dict[str, Any], round_id: UUID) -> Response:
    """Give one person more time. Takes an Idempotency-Key."""
    who, more = known().person_id, MoreTime(wish["until"], wish["zone"], wish["reason"])

    def work(uow: ApplicationsUnitOfWork) -> ExtensionRow:
        return extend_for_address(uow, round_id, wish["email"], more, who)

    return once(units(), work, ExtensionSchema())


@blueprint.route("/rounds/<uuid:round_id>/paper", methods=["POST"])
@blueprint.arguments(PaperSchema)
@blueprint.response(201, HeadSchema)
@access.role(*_STAFF)
def paper(wish: dict[str, Any], round_id: UUID) -> Response:
    """Begin a draft for somebody who applied on paper; fill it in and send it as applicants do. Idempotency-Key."""
    who = known().person_id

    def work(uow: ApplicationsUnitOfWork) -> dict[str, Any]:
        row: ApplicationRow = enter_paper(uow, round_id, Paper(**wish), who)
        uow.session.flush()
        return head(row)

    return once(units(), work, HeadSchema())
