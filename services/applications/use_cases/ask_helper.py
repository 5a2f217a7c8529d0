"""An applicant lets a named person help with the form, and takes it back; the helper says yes, no or enough."""

from collections.abc import Sequence
from uuid import UUID

from services.applications.domain.people import parse_name
from services.applications.storage.tables import ApplicationRow, HelperRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.fill_in import Draft, open_draft
from services.applications.use_cases.keep_person import change_person, parse_email
from shared.contracts.applications import HelperEnded, HelperInvited
from shared.errors import Conflict, Gone, Invalid, NotFound
from shared.ids import new_id

MOST, MOST_EVER = 5, 20
"""How many may help with one application at a time, and how many may be written to on its behalf at all."""


def ask_helper(
    uow: ApplicationsUnitOfWork,
    application_id: UUID,
    person_id: UUID,
    *,
    name: str,
    email: str,
    sections: Sequence[str],
    may_submit: bool = False,
) -> HelperRow:
    """Ask somebody, by email, to help with some sections of one's draft; they may not send it unless told so.

    Raises:
        Invalid: `name`, `email` or `sections`.
        Conflict: it is no draft, or enough people help already.
        NotFound: it is somebody else's.
    """
    draft = open_draft(uow, application_id, person_id, lock=True)
    if draft.row.state != "draft":
        raise Conflict("This application has been sent, so there is nothing to help with.", code="not-a-draft")
    address = _checked(uow, draft, name, email, sections)
    row = HelperRow(
        id=new_id(),
        application_id=draft.row.id,
        name=parse_name(name),
        email=address,
        sections=[section.id for section in draft.form.sections if section.id in sections],
        may_submit=may_submit,
        invited_at=uow.now,
    )
    uow.helping.add(row)
    uow.publish(_invited(uow, draft.row, row))
    return row


def _checked(uow: ApplicationsUnitOfWork, draft: Draft, name: str, email: str, sections: Sequence[str]) -> str:
    problems: dict[str, list[str]] = {}
    address = ""
    if not parse_name(name):
        problems["name"] = ["Write the name of the person who helps you."]
    try:
        address = parse_email(email)
    except Invalid as error:
        problems |= error.problems
    if not sections or not set(sections) <= {section.id for section in draft.form.sections}:
        problems["sections"] = ["Choose at least one part of the form."]
    everybody = uow.helping.of_application(draft.row.id)
    now = [row for row in everybody if row.ended_at is None]
    if address and address == uow.people.get(draft.row.person_id).email:
        problems["email"] = ["This is your own address. Write the address of the person who helps you."]
    if any(row.email == address for row in now):
        problems["email"] = ["You have asked this person already."]
    if problems:
        raise Invalid(problems)
    if len(now) >= MOST:
        raise Conflict("Five people help you already. Take one off the list first.")
    if len(everybody) >= MOST_EVER:
        raise Conflict("You have asked twenty people for help with this form. Please write to the team instead.")
    return address


def _told(uow: ApplicationsUnitOfWork, row: ApplicationRow, helper: HelperRow) -> dict[str, object]:
    applicant = uow.people.get(row.person_id)
    known = uow.people.by_email(helper.email)
    return {
        "application_id": row.id,
        "helper_id": helper.id,
        "person_id": applicant.id,
        "applicant": applicant.name,
        "email": helper.email,
        "name": helper.name,
        "language": known.language if known else row.language,
        "round_title": uow.rounds.get(row.round_id).title,
    }


def _invited(uow: ApplicationsUnitOfWork, row: ApplicationRow, helper: HelperRow) -> HelperInvited:
    link = f"{uow.context.public_url}/helping"
    return HelperInvited(**_told(uow, row, helper), may_submit=helper.may_submit, link=link)  # type: ignore[arg-type]


def end_help(uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID, helper_id: UUID) -> HelperRow:
    """The applicant takes it back: from this moment the helper opens nothing. Twice is once; raises NotFound."""
    row = open_draft(uow, application_id, person_id, lock=True).row
    helper = uow.helping.get(helper_id, lock=True)
    if helper.application_id != row.id:
        raise NotFound("There is no such helper.")
    _end(uow, row, helper, "applicant")
    return helper


def end_all_help(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> None:
    """The application was sent or taken back: whoever helped has done so."""
    for helper in uow.helping.of_application(row.id):
        _end(uow, row, helper, "sent" if row.state == "submitted" else "applicant")


def _end(uow: ApplicationsUnitOfWork, row: ApplicationRow, helper: HelperRow, ended_by: str) -> None:
    if helper.ended_at is None:
        helper.ended_at, helper.ended_by = uow.now, ended_by
        uow.publish(HelperEnded(**_told(uow, row, helper), ended_by=ended_by))  # type: ignore[arg-type]


def _asked(uow: ApplicationsUnitOfWork, helper_id: UUID, person_id: UUID) -> HelperRow:
    helper = uow.helping.get(helper_id, lock=True)
    if helper.email != uow.people.get(person_id).email:
        raise NotFound("There is no such helper.")
    return helper


def agree_to_help(uow: ApplicationsUnitOfWork, helper_id: UUID, person_id: UUID) -> HelperRow:
    """The person who was asked says yes. Twice is once.

    Raises:
        NotFound: somebody else was asked.
        Gone: the applicant has taken it back, or the application was sent.
    """
    helper = _asked(uow, helper_id, person_id)
    if helper.ended_at is not None:
        raise Gone("The person who asked you does not need help with this form any more.")
    helper.accepted_at = helper.accepted_at or uow.now
    if not uow.people.get(person_id).name:
        # They came by this address alone: the applicant has told us what to call them.
        change_person(uow, person_id, name=helper.name)
    return helper


def stop_helping(uow: ApplicationsUnitOfWork, helper_id: UUID, person_id: UUID) -> HelperRow:
    """The person who was asked says no, or has done enough. Raises NotFound if somebody else was asked."""
    helper = _asked(uow, helper_id, person_id)
    _end(uow, uow.applications.get(helper.application_id), helper, "helper")
    return helper
