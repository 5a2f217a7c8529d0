"""Put an answer right after sending. How to reach somebody, access and equality: at once. What is judged: staff decide.

What was read and scored must stay what was read and scored, or the choice would not be fair: an assessed answer changes
only by a decision, and only until the decisions are made. The answer before is kept beside the new one.
"""

from typing import Any
from uuid import UUID

from services.applications.domain.forms import Purpose, Section, parse_answers, submit_answers
from services.applications.storage.tables import CorrectionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.erase_person import refuse_erased
from services.applications.use_cases.fill_in import APART, Draft, open_draft
from services.applications.use_cases.score_application import score_application
from services.applications.use_cases.submit_application import tell_answers
from shared.errors import Conflict, Invalid, NotFound
from shared.ids import new_id

ASKED, MADE, NOTED, REFUSED = "asked", "made", "noted", "refused"
AT_ONCE = (Purpose.CONTACT, *APART)
_STILL_READ = frozenset({"submitted", "under_review"})
LONGEST_REASON = 2000


def correct(
    uow: ApplicationsUnitOfWork,
    application_id: UUID,
    person_id: UUID,
    section_id: str,
    sent: dict[str, Any],
    *,
    reason: str = "",
    language: str = "en",
) -> list[CorrectionRow]:
    """Change the answers of a section that was sent, or ask staff to; one correction for each answer that differs.

    Raises:
        NotFound: somebody else's application, or no such section.
        Conflict: it was not sent, or was taken back.
        Invalid: an answer will not do, nothing differs, or an assessed one is asked for without a reason.
    """
    draft = open_draft(uow, application_id, person_id, lock=True)
    refuse_erased(uow, person_id)
    if draft.row.state != "submitted":
        raise Conflict("Only an application that was sent can be corrected.", code="not-sent")
    section = draft.section(section_id)
    found, problems = parse_answers(draft.form, section, sent, earlier=draft.answers, strict=True, language=language)
    changed = {key: value for key, value in found.items() if draft.answers.get(key) != value}
    if not changed and not problems:
        problems = {"": ["Nothing is different from what you sent."]}
    at_once = section.purpose in AT_ONCE
    if not at_once and not reason.strip():
        problems = {**problems, "reason": ["Tell us why it should be changed."]}
    if problems:
        raise Invalid(problems)
    return _at_once(uow, draft, section, changed) if at_once else _ask(uow, draft, changed, reason)


def _at_once(
    uow: ApplicationsUnitOfWork, draft: Draft, section: Section, changed: dict[str, Any]
) -> list[CorrectionRow]:
    row = draft.row
    apart = section.purpose in APART
    if apart:
        ids = {question.id for question in section.questions}
        whole = {key: value for key, value in {**draft.answers, **changed}.items() if key in ids and value is not None}
        uow.applications.set_apart(row.id, section.purpose.value, whole, uow.now)
    else:
        row.answers = {**row.answers, **changed}
    row.updated_at = uow.now
    # What is sealed there is not repeated here in the clear: that it was changed is enough.
    made = [_new(uow, draft, key, None if apart else value, MADE, hidden=apart) for key, value in changed.items()]
    for each in made:
        each.decided_at, each.decided_by = uow.now, "the applicant"
    return made


def _ask(uow: ApplicationsUnitOfWork, draft: Draft, changed: dict[str, Any], reason: str) -> list[CorrectionRow]:
    made = [_new(uow, draft, key, value, ASKED) for key, value in changed.items()]
    for each in made:
        each.reason = reason.strip()[:LONGEST_REASON]
    return made


def _new(
    uow: ApplicationsUnitOfWork, draft: Draft, question_id: str, wanted: Any, state: str, *, hidden: bool = False
) -> CorrectionRow:
    row = CorrectionRow(
        id=new_id(),
        application_id=draft.row.id,
        person_id=draft.row.person_id,
        question_id=question_id,
        before=None if hidden else draft.answers.get(question_id),
        wanted=wanted,
        reason="",
        state=state,
        asked_at=uow.now,
        decided_by="",
        note="",
    )
    uow.corrections.add(row)
    return row


def decide(
    uow: ApplicationsUnitOfWork, correction_id: UUID, *, accept: bool, note: str, decided_by: str
) -> CorrectionRow:
    """Staff decide about an assessed answer. Once the decisions are made it is noted beside the answer, which stays.

    Raises:
        Conflict: it was decided already.
        Invalid: a refusal without a note.
    """
    row = uow.corrections.get(correction_id, lock=True)
    if row.state != ASKED:
        raise Conflict("This was decided already.")
    if not accept and not note.strip():
        raise Invalid({"note": ["Say why not, in words for the person."]})
    row.note, row.decided_at, row.decided_by = note.strip(), uow.now, decided_by
    row.state = REFUSED if not accept else (MADE if _still_read(uow, row.application_id) else NOTED)
    if row.state == MADE:
        _make(uow, row)
    return row


def _still_read(uow: ApplicationsUnitOfWork, application_id: UUID) -> bool:
    status = uow.applications.status(application_id)
    return status is None or status.stage in _STILL_READ


def _make(uow: ApplicationsUnitOfWork, correction: CorrectionRow) -> None:
    """Change the answer, and what follows from it: the panel's copy, the groups that are counted, the score."""
    row = uow.applications.get(correction.application_id, lock=True)
    if row.state != "submitted" or row.erased_at is not None:
        raise NotFound("There is no such application any more.")
    draft = open_draft(uow, row.id, row.person_id)
    answers = {**draft.answers, correction.question_id: correction.wanted}
    submission = submit_answers(draft.form, {k: v for k, v in answers.items() if v is not None}, row.language)
    row.answers = {**submission.parts.contact, **submission.parts.visible, **submission.parts.hidden}
    row.attributes = dict(submission.parts.attributes)
    row.updated_at = uow.now
    round_ = uow.rounds.get(row.round_id)
    tell_answers(uow, row, round_, submission)
    score_application(uow, row, round_)
