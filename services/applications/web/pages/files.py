"""Files as answers: a page for each question that asks for them, apart from the words, which are saved before.

So a file that is refused, however large, costs nobody a word they wrote.
"""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from services.applications.storage.tables import UploadRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import add_file
from services.applications.web.attachments import attachment, shown_files
from services.applications.web.context import language, units
from services.applications.web.sharing import acts_for_programme, shared_draft
from shared.errors import HearthError, Invalid
from shared.web import access, intake
from shared.web.i18n import gettext as _
from shared.web.identity import known
from shared.web.spoken import in_own_words

pages = Blueprint("files", __name__, url_prefix="/applications/<uuid:application_id>")
LARGEST_BODY = (add_file.MOST_MEGABYTES + 1) * add_file.MEGABYTE


@pages.get("/questions/<file_question_id>/files")
@access.signed_in
def show(application_id: UUID, file_question_id: str) -> ResponseReturnValue:
    return _page(application_id, file_question_id, {})


def _page(application_id: UUID, question_id: str, errors: dict[str, list[str]]) -> ResponseReturnValue:
    shared = shared_draft(application_id)
    draft = shared.draft
    question = add_file.file_question(draft, question_id)
    if draft.row.state != "draft":
        return redirect(f"/applications/{application_id}", 303)
    with units().begin(write=False) as uow:
        files = shown_files(uow, draft).get(question_id, [])
    return render_template(
        "applications/apply/files.html",
        row=draft.row,
        shared=shared,
        question=question,
        section=draft.form.section_of(question_id),
        files=files,
        room=(question.most or 1) - sum(file.given for file in files),
        megabytes=add_file.limit_of(question),
        errors={"file": errors[question_id]} if question_id in errors else {},
    )


@pages.post("/questions/<file_question_id>/files")
@access.signed_in
@intake.takes(LARGEST_BODY)
def add(application_id: UUID, file_question_id: str) -> ResponseReturnValue:
    upload = request.files.get("file")
    sent = add_file.Sent(upload.filename or "", upload.read()) if upload else add_file.Sent("", b"")
    try:
        with units().begin() as uow:
            add_file.add_file(
                uow,
                application_id,
                known().person_id,
                file_question_id,
                sent,
                language=language(),
                staff=acts_for_programme(),
            )
    except Invalid as error:
        page = _page(application_id, file_question_id, in_own_words(error.problems))
        return (page, 422) if isinstance(page, str) else page
    flash(_("Your file is added."), "success")
    return redirect(request.path, 303)


@pages.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Refused before it was read: the words were saved before this page was opened, and are all there."""
    given = request.view_args or {}
    megabytes = _most(**given) if "file_question_id" in given else add_file.MOST_MEGABYTES
    return render_template("applications/apply/too_large.html", megabytes=megabytes, **given), 413


def _most(application_id: UUID, file_question_id: str) -> int:
    """What this question takes, for whoever may know of it."""
    try:
        return add_file.limit_of(add_file.file_question(shared_draft(application_id).draft, file_question_id))
    except HearthError:
        return add_file.MOST_MEGABYTES


@pages.post("/files/<uuid:upload_id>/removal")
@access.signed_in
def remove(application_id: UUID, upload_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        row = add_file.remove_file(uow, application_id, known().person_id, upload_id, staff=acts_for_programme())
        question_id = row.question_id
    flash(_("The file is taken away."), "success")
    return redirect(f"/applications/{application_id}/questions/{question_id}/files", 303)


@pages.get("/files/<uuid:upload_id>")
@access.signed_in
def download(application_id: UUID, upload_id: UUID) -> Response:
    return _attached(
        lambda uow: add_file.open_file(uow, application_id, known().person_id, upload_id, staff=acts_for_programme())
    )


def _attached(read: Callable[[ApplicationsUnitOfWork], tuple[UploadRow, bytes]]) -> Response:
    with units().begin(write=False) as uow:
        return attachment(*read(uow))
