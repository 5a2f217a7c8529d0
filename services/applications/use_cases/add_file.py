"""Files as answers: added one at a time, looked into, sealed, scanned; taken away; handed out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.applications.domain.forms import Kind, Question
from services.applications.domain.messages import Message
from services.applications.storage.scanning import CLEAN, FAILED, INFECTED
from services.applications.storage.tables import ApplicationRow, UploadRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.storage.uploads import FORGETTING
from services.applications.use_cases.fill_in import Draft, keep_answers, open_shared, with_all_answers
from shared.errors import Conflict, Invalid, NotFound
from shared.files.inspecting import Inspected, inspect
from shared.files.names import safe_name
from shared.files.refusing import Refused
from shared.ids import new_id
from shared.service import Due

MOST_MEGABYTES = 25
"""However much a form allows: what the servers in front take in, with room for the form around the file."""
MEGABYTE = 1024 * 1024
DEFAULT_MEGABYTES = 10
KINDS = frozenset({"pdf", "docx", "odt", "rtf", "txt", "jpg", "png", "mp3", "m4a", "mp4"})
WAITING, UNCHECKED = "waiting", "unchecked"
HELD = frozenset({WAITING, FAILED, INFECTED})
"""Nobody but who gave such a file may open it."""
SCANNING = "scan_file"
_AGAIN = (1, 5, 30, 120, 720)
"""Minutes after which a scanner that gave no answer is asked again."""


@dataclass(frozen=True)
class Sent:
    """A file as a browser or a program sent it."""

    name: str
    data: bytes


def limit_of(question: Question) -> int:
    """How large one file may be, in megabytes."""
    return min(question.megabytes or DEFAULT_MEGABYTES, MOST_MEGABYTES)


def file_question(draft: Draft, question_id: str) -> Question:
    """A question that is answered by files, in a section that the reader may open; raises NotFound."""
    question = draft.form.questions.get(question_id)
    if question is None or question.kind is not Kind.FILE:
        raise NotFound("There is no such question.")
    draft.section(draft.form.section_of(question_id).id)
    return question


def add_file(
    uow: ApplicationsUnitOfWork,
    application_id: UUID,
    person_id: UUID,
    question_id: str,
    sent: Sent,
    *,
    language: str = "en",
    staff: bool = False,
) -> UploadRow:
    """Keep a file as an answer of a draft.

    Raises:
        Invalid: too large, empty, too many, of a kind that is not asked for, or dangerous; by question id.
        Conflict: it is not a draft any more.
        NotFound: no such question, or an application that is none of this person's business.
    """
    draft = open_shared(uow, application_id, person_id, staff=staff, lock=True)
    question = file_question(draft, question_id)
    _still_a_draft(draft.row)
    kept = list(draft.answers.get(question_id) or [])
    found = _looked_into(question, kept, sent, language)
    row = _row(draft, question, sent, found, person_id)
    row.added_at, row.state = uow.now, WAITING if uow.context.scan else UNCHECKED
    uow.uploads.add(row)
    uow.files.put(row.stored, uow.context.sealer.seal_bytes(found.data, _context(row)))
    if uow.context.scan:
        uow.schedule(SCANNING, str(row.id), uow.now, {"attempt": 0})
    _answer(uow, draft, question_id, [*kept, str(row.id)], person_id)
    return row


def _still_a_draft(row: ApplicationRow) -> None:
    if row.state != "draft":
        raise Conflict("This application has been sent and cannot be changed.", code="not-a-draft")


def _row(draft: Draft, question: Question, sent: Sent, found: Inspected, person_id: UUID) -> UploadRow:
    upload_id = new_id()
    return UploadRow(
        id=upload_id,
        application_id=draft.row.id,
        question_id=question.id,
        name=safe_name(sent.name, found.kind),
        kind=found.kind,
        size=len(found.data),
        stored=str(upload_id),
        reason="",
        added_by=person_id,
    )


def _looked_into(question: Question, kept: list[Any], sent: Sent, language: str) -> Inspected:
    label, most = question.label.say(language), question.most or 1
    if len(kept) >= most:
        raise _refusal(question, "“%(label)s”: add %(most)s files at most.", label=label, most=most)
    if not sent.data:
        raise _refusal(question, "“%(label)s”: choose a file that is not empty.", label=label)
    if len(sent.data) > limit_of(question) * MEGABYTE:
        raise _refusal(
            question,
            "“%(label)s”: this file is too large. The most is %(most)s MB.",
            label=label,
            most=limit_of(question),
        )
    try:
        found = inspect(sent.data, KINDS)
    except Refused as refused:
        raise _refusal(question, _REFUSALS[refused.reason], label=label, kinds=_kinds(question)) from None
    if question.accept and found.kind not in question.accept:
        raise _refusal(question, _REFUSALS["unknown"], label=label, kinds=_kinds(question))
    return found


def _kinds(question: Question) -> str:
    return ", ".join(question.accept or ("pdf", "docx", "odt", "rtf", "txt", "jpg", "png"))


def _refusal(question: Question, text: str, **values: object) -> Invalid:
    return Invalid({question.id: [Message(text, **values)]})


_REFUSALS = {
    "unknown": Message(
        "“%(label)s”: this kind of file cannot be taken. Choose one of these kinds: %(kinds)s."
    ).template,
    "damaged": Message(
        "“%(label)s”: this file cannot be opened. It may be damaged. Save it anew and try again."
    ).template,
    "too_big_inside": Message(
        "“%(label)s”: this file is far too large inside. Save a smaller one and try again."
    ).template,
    "locked": Message("“%(label)s”: this file is locked with a password. Save it without one and try again.").template,
    "programs": Message(
        "“%(label)s”: this file has a program (a macro) in it. Save it as a PDF and try again."
    ).template,
}


def _answer(uow: ApplicationsUnitOfWork, draft: Draft, question_id: str, ids: list[str], person_id: UUID) -> None:
    section = draft.form.section_of(question_id)
    keep_answers(uow, draft, section, {question_id: ids or None})
    role = draft.reach.role.value
    uow.helping.note_change(draft.row.id, section.id, [question_id], person_id, role, uow.now)


def remove_file(
    uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID, upload_id: UUID, *, staff: bool = False
) -> UploadRow:
    """Take a file out of a draft, for good. Raises NotFound and Conflict as `add_file` does."""
    draft = open_shared(uow, application_id, person_id, staff=staff, lock=True)
    row = _of(uow, draft, upload_id)
    _still_a_draft(draft.row)
    kept = [each for each in draft.answers.get(row.question_id) or [] if each != str(upload_id)]
    _answer(uow, draft, row.question_id, kept, person_id)
    forget_file(uow, row)
    return row


def _of(uow: ApplicationsUnitOfWork, draft: Draft, upload_id: UUID) -> UploadRow:
    row = uow.uploads.get(upload_id)
    if row.application_id != draft.row.id:
        raise NotFound("There is no such file.")
    file_question(draft, row.question_id)
    return row


def forget_file(uow: ApplicationsUnitOfWork, row: UploadRow) -> None:
    """The row goes now and the bytes soon after: a folder knows no transactions, and a rollback must not lose them."""
    uow.cancel(SCANNING, str(row.id))
    uow.schedule(FORGETTING, row.stored, uow.now, {})
    uow.uploads.remove(row)


def forget_files(uow: ApplicationsUnitOfWork, application_id: UUID, *, but: frozenset[str] = frozenset()) -> None:
    """Take all files of an application away, except those with the ids in `but`."""
    for row in uow.uploads.of_application(application_id):
        if str(row.id) not in but:
            forget_file(uow, row)


def drop_bytes(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """The clock's part of forgetting a file."""
    uow.files.drop(due.key)


def open_file(
    uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID, upload_id: UUID, *, staff: bool = False
) -> tuple[UploadRow, bytes]:
    """A file for whoever works on the application; raises NotFound, also when a scanner found something in it."""
    draft = open_shared(uow, application_id, person_id, staff=staff)
    row = _of(uow, draft, upload_id)
    if row.state == INFECTED:
        raise NotFound("This file was taken away, because something harmful was found in it.")
    return row, _bytes(uow, row)


def open_file_for_staff(uow: ApplicationsUnitOfWork, upload_id: UUID) -> tuple[UploadRow, bytes]:
    """A file of an application that was sent, for staff.

    Raises:
        NotFound: there is none, or its application was not sent.
        Conflict: it is held, since a scanner has not passed it.
    """
    row = uow.uploads.get(upload_id)
    if uow.applications.get(row.application_id).state != "submitted":
        raise NotFound("There is no such file.")
    if row.state in HELD:
        raise Conflict("This file is held: it has not passed the check for viruses.", code="file-held")
    return row, _bytes(uow, row)


def _bytes(uow: ApplicationsUnitOfWork, row: UploadRow) -> bytes:
    return uow.context.sealer.open_bytes(uow.files.get(row.stored), _context(row))


def _context(row: UploadRow) -> str:
    return f"upload/{row.id}"


def scan_file(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """The clock's part of scanning: asks the scanner, and again later if it does not answer."""
    row = uow.uploads.find(UUID(due.key))
    if row is None or uow.context.scan is None or row.state not in (WAITING, FAILED):
        return
    verdict = uow.context.scan(_bytes(uow, row))
    row.state, row.reason, row.checked_at = verdict.state, verdict.reason, uow.now
    if verdict.state == FAILED:
        attempt = int(due.payload.get("attempt", 0))
        later = uow.now + timedelta(minutes=_AGAIN[min(attempt, len(_AGAIN) - 1)])
        uow.schedule(SCANNING, str(row.id), later, {"attempt": attempt + 1})
    elif verdict.state == INFECTED:
        _take_out(uow, row)


def _take_out(uow: ApplicationsUnitOfWork, row: UploadRow) -> None:
    """The bytes go; the row stays, so that its owner learns why. In a draft the answer goes too, to be given anew."""
    uow.schedule(FORGETTING, row.stored, uow.now, {})
    application = uow.applications.get(row.application_id, lock=True)
    if application.state == "draft":
        draft = with_all_answers(uow, application)
        kept = [each for each in draft.answers.get(row.question_id) or [] if each != str(row.id)]
        keep_answers(uow, draft, draft.form.section_of(row.question_id), {row.question_id: kept or None})


__all__ = [
    "CLEAN",
    "FORGETTING",
    "HELD",
    "MOST_MEGABYTES",
    "Sent",
    "add_file",
    "drop_bytes",
    "file_question",
    "forget_file",
    "forget_files",
    "limit_of",
    "open_file",
    "open_file_for_staff",
    "remove_file",
    "scan_file",
]
