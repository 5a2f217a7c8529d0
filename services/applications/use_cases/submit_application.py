"""Send an application: checked, scored, receipted, handed on, in one transaction; and take it back."""

from typing import Any
from uuid import UUID

from services.applications.domain.forms import Kind, Submission, submit_answers
from services.applications.domain.rounds import State
from services.applications.storage.tables import ApplicationRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import forget_files
from services.applications.use_cases.ask_helper import end_all_help
from services.applications.use_cases.draft_reminders import cancel_reminders
from services.applications.use_cases.extend_deadline import came_in_time, may_send
from services.applications.use_cases.fill_in import Draft, keep_answers, open_draft, open_shared, with_all_answers
from services.applications.use_cases.keep_organisations import known_names, with_register
from services.applications.use_cases.keep_round import said_deadline
from services.applications.use_cases.resume_draft import end_links
from services.applications.use_cases.score_application import score_application
from shared.contracts.applications import ApplicationReadyForReview, ApplicationSubmitted, ApplicationWithdrawn
from shared.errors import Conflict, Forbidden


def submit_application(
    uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID, *, staff: bool = False
) -> ApplicationRow:
    """Send the draft. Sent already: the same application again, and nothing happens twice.

    `staff` says whether the person acts for the programme now, and so may send what they typed in for somebody.

    Raises:
        Forbidden: a helper who may not send it.
        Invalid: answers are missing or wrong, by question id.
        Conflict: `too-late`, `paused` or `too-early` (the draft is kept), or `withdrawn`.
    """
    draft = open_shared(uow, application_id, person_id, staff=staff, lock=True)
    row = draft.row
    if not draft.reach.may_submit:
        raise Forbidden("Only the person who applies can send this application.")
    if row.state == "submitted":
        return row
    if row.state != "draft":
        raise Conflict("This application was withdrawn.", code="withdrawn")
    round_ = uow.rounds.held(row.round_id)
    if not (may_send(uow, round_, row.person_id) or came_in_time(uow, round_, row)):
        raise _not_now(uow, round_)
    submission = with_register(uow, draft.form, submit_answers(draft.form, draft.answers, row.language))
    with uow.session.no_autoflush:  # nothing below reads what it writes: one UPDATE at the end is enough
        _finish(uow, draft, submission)
        _tell(uow, row, round_, submission)
        score_application(uow, row, round_)
        cancel_reminders(uow, row)
        end_all_help(uow, row)
    return row


def _not_now(uow: ApplicationsUnitOfWork, round_: RoundRow) -> Conflict:
    if round_.state == State.PAUSED.value:
        return Conflict("This round is paused. Your draft is kept, and you can send it later.", code="paused")
    if uow.now < round_.opens_at:
        return Conflict("This round is not open yet. Your draft is kept, and you can send it later.", code="too-early")
    return Conflict(
        f"This round closed. The deadline was {said_deadline(round_)}. "
        "Your draft is kept, but it cannot be sent any more.",
        code="too-late",
    )


def _finish(uow: ApplicationsUnitOfWork, draft: Draft, submission: Submission) -> None:
    row, parts = draft.row, submission.parts
    row.answers = {**parts.contact, **parts.visible, **parts.hidden}
    row.attributes = dict(parts.attributes)
    for purpose, answers in (("equality", parts.equality), ("access", parts.access)):
        if draft.apart.get(purpose) != answers:
            uow.applications.set_apart(row.id, purpose, dict(answers), uow.now)
    row.state, row.submitted_at, row.updated_at = "submitted", uow.now, uow.now
    forget_files(uow, row.id, but=_files_in(submission))
    end_links(row)


def _files_in(submission: Submission) -> frozenset[str]:
    """Everything in a list may be the id of a file; ids of other things are no files'."""
    lists = [value for value in submission.answers.values() if isinstance(value, list)]
    return frozenset(each for value in lists for each in value)


def _tell(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow, submission: Submission) -> None:
    assert row.submitted_at is not None  # noqa: S101 - set just before
    uow.publish(
        ApplicationSubmitted(
            application_id=row.id,
            round_id=round_.id,
            round_title=round_.title,
            person_id=row.person_id,
            reference=row.reference,
            submitted_at=row.submitted_at,
            status_link=f"{uow.context.public_url}/applications/{row.id}",
        )
    )
    tell_answers(uow, row, round_, submission)


def tell_answers(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow, submission: Submission) -> None:
    """Tell what choosing needs to know; the newest answers count."""
    assert row.submitted_at is not None  # noqa: S101 - it was sent
    uow.publish(
        ApplicationReadyForReview(
            application_id=row.id,
            round_id=round_.id,
            person_id=row.person_id,
            reference=row.reference,
            submitted_at=row.submitted_at,
            language=row.language,
            visible=dict(submission.parts.visible),
            attributes=dict(submission.parts.attributes),
            identifying=_identifying(uow, row, submission),
        )
    )


def _identifying(uow: ApplicationsUnitOfWork, row: ApplicationRow, submission: Submission) -> dict[str, Any]:
    """What finding conflicts of interest needs, kept apart by the cohorts service and never shown to a panel."""
    person = uow.people.get(row.person_id)
    organisation = submission.parts.attributes.get("organisation", "")
    domain = person.email.rpartition("@")[2]
    names = known_names(uow, organisation) if isinstance(organisation, str) else []
    return {"name": person.name, "organisation": organisation, "organisation_names": names, "email_domain": domain}


def withdraw_application(uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID) -> ApplicationRow:
    """Take an application back, for good and without a reason. Withdrawn already: nothing happens twice."""
    row = open_draft(uow, application_id, person_id, lock=True).row
    if row.state == "withdrawn":
        return row
    if row.submitted_at is None:
        _forget_draft_files(uow, row)
    row.state, row.withdrawn_at, row.updated_at = "withdrawn", uow.now, uow.now
    end_links(row)
    cancel_reminders(uow, row)
    end_all_help(uow, row)
    uow.publish(
        ApplicationWithdrawn(
            application_id=row.id,
            round_id=row.round_id,
            round_title=uow.rounds.get(row.round_id).title,
            person_id=row.person_id,
            reference=row.reference,
        )
    )
    return row


def _forget_draft_files(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> None:
    """Words are kept, in case their owner thinks again before the deadline; files are not."""
    draft = with_all_answers(uow, row)
    for section in draft.form.sections:
        files = {each.id: None for each in section.questions if each.kind is Kind.FILE and each.id in draft.answers}
        if files:
            keep_answers(uow, draft, section, files)
    forget_files(uow, row.id)
