"""Files as pages list them, and as they are handed out: to be saved, never to be shown by the browser."""

import io
from dataclasses import dataclass

from flask import Response, send_file

from services.applications.storage.scanning import FAILED, INFECTED
from services.applications.storage.tables import UploadRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import HELD, WAITING
from services.applications.use_cases.fill_in import Draft
from shared.web.i18n import gettext as _

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "jpg": "image/jpeg",
    "png": "image/png",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}


@dataclass(frozen=True)
class ShownFile:
    """A file for a page. `given`: it is an answer; one that a scanner took away is listed, but is none."""

    row: UploadRow
    given: bool
    note: str
    held: bool

    @property
    def size(self) -> str:
        """About how large, for people."""
        megabytes = self.row.size / 1024 / 1024
        return f"{megabytes:.1f} MB" if megabytes >= 0.1 else f"{max(1, self.row.size // 1024)} KB"


def shown_files(uow: ApplicationsUnitOfWork, draft: Draft) -> dict[str, list[ShownFile]]:
    """Question id -> its files, for whoever works on the application, in the reader's language."""
    found: dict[str, list[ShownFile]] = {}
    for row in uow.uploads.of_application(draft.row.id):
        given = str(row.id) in (draft.answers.get(row.question_id) or [])
        found.setdefault(row.question_id, []).append(ShownFile(row, given, _note(row), row.state in HELD))
    return found


def _note(row: UploadRow) -> str:
    match row.state:
        case "waiting":
            return _("We are checking this file for viruses. You need not wait.")
        case "failed":
            return _("We could not check this file for viruses yet. We will try again. You need not wait.")
        case "infected":
            return _("We found something harmful in this file and took it away. Please add another one.")
        case _:
            return ""


STAFF_NOTES = {
    WAITING: "Held: waiting for the check for viruses.",
    FAILED: "Held: the check for viruses gave no answer. It is tried again.",
    INFECTED: "Taken away: the check found something harmful in it.",
    "unchecked": "Not checked for viruses: no scanner is set up.",
    "clean": "Checked for viruses.",
}


def attachment(row: UploadRow, data: bytes) -> Response:
    """The file, to be saved under its safe name."""
    answer = send_file(
        io.BytesIO(data),
        mimetype=_TYPES.get(row.kind, "application/octet-stream"),
        as_attachment=True,
        download_name=row.name,
        max_age=None,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
