"""What this service keeps how long: by kind of data, and for answers by kind of field."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update

from services.applications.domain.cases import CLOSED, WAITING, WITHDRAWN
from services.applications.domain.forms import Purpose
from services.applications.storage.tables import (
    ApplicationRow,
    CaseRow,
    DeliveryRow,
    EmailChangeRow,
    PersonRow,
    RoundRow,
    SessionRow,
    SetApartRow,
    SignInRequestRow,
    UploadRow,
)
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.add_file import forget_files
from services.applications.use_cases.erase_person import request_erasure
from services.applications.use_cases.keep_files import (
    drop_files_of,
    drop_loose_files,
    drop_stray_bytes,
    loose_files,
    stray_bytes,
)
from shared.erasure import forget_addresses
from shared.retention import Kind, old_rows

_BATCH = 500
_APPLICANT: tuple[list[str], ...] = (["applicant"], [])


def _closed_before(before: datetime) -> ColumnElement[bool]:
    closed = select(RoundRow.id).where(RoundRow.closes_at < before, RoundRow.state.in_(("closed", "archived")))
    argued = select(CaseRow.application_id).where(CaseRow.state.in_(WAITING), CaseRow.application_id.is_not(None))
    # What a case is about stays until it is answered.
    return ApplicationRow.round_id.in_(closed) & ApplicationRow.id.not_in(argued)


def _apart(purpose: str, about: str) -> Kind:
    """Answers of one kind that are sealed and kept apart."""

    def theirs(before: datetime) -> tuple[ColumnElement[bool], ...]:
        mine = select(ApplicationRow.id).where(_closed_before(before))
        return SetApartRow.purpose == purpose, SetApartRow.application_id.in_(mine)

    def look(uow: ApplicationsUnitOfWork, before: datetime) -> int:
        return int(uow.session.scalar(select(func.count()).select_from(SetApartRow).where(*theirs(before))) or 0)

    def act(uow: ApplicationsUnitOfWork, before: datetime) -> int:
        whose = select(UploadRow.application_id).where(
            UploadRow.application_id.in_(select(SetApartRow.application_id).where(*theirs(before)))
        )
        for row in uow.session.scalars(select(ApplicationRow).where(ApplicationRow.id.in_(whose))).all():
            drop_files_of(uow, row.id, _ids(uow, row, Purpose(purpose)))
        return _rows(uow.session.execute(delete(SetApartRow).where(*theirs(before))))

    return Kind(f"answers.{purpose}", about, 730, look, act)


def _answers(purpose: Purpose, about: str, days: int) -> Kind:
    """Answers to the questions of one purpose, taken out of applications of rounds that closed long ago."""

    def each(uow: ApplicationsUnitOfWork, before: datetime, do: Callable[[ApplicationRow, set[str]], None]) -> int:
        rows = uow.session.scalars(
            select(ApplicationRow).where(_closed_before(before), ApplicationRow.state != "draft")
        )
        found = 0
        for row in rows:
            held = _ids(uow, row, purpose) & row.answers.keys()
            if held:
                found += 1
                do(row, held)
        return found

    def look(uow: ApplicationsUnitOfWork, before: datetime) -> int:
        return each(uow, before, lambda _row, _held: None)

    def act(uow: ApplicationsUnitOfWork, before: datetime) -> int:
        def empty(row: ApplicationRow, held: set[str]) -> None:
            row.answers = {name: value for name, value in row.answers.items() if name not in held}
            drop_files_of(uow, row.id, held)

        return each(uow, before, empty)

    return Kind(f"answers.{purpose.value}", about, days, look, act)


def _ids(uow: ApplicationsUnitOfWork, row: ApplicationRow, purpose: Purpose) -> set[str]:
    form = uow.rounds.form(row.round_id, row.form_version)
    return {
        question.id for section in form.all_sections if section.purpose is purpose for question in section.questions
    }


def _drafts_look(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    return len(_drafts(uow, before))


def _drafts(uow: ApplicationsUnitOfWork, before: datetime) -> list[UUID]:
    query = select(ApplicationRow.id).where(_closed_before(before), ApplicationRow.state == "draft")
    return list(uow.session.scalars(query.limit(_BATCH)))


def _drafts_act(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    ids = _drafts(uow, before)
    for application_id in ids:
        forget_files(uow, application_id)
    uow.session.execute(
        update(ApplicationRow)
        .where(ApplicationRow.id.in_(ids))
        .values(answers={}, visited=[], state="withdrawn", withdrawn_at=uow.now)
    )
    uow.session.execute(delete(SetApartRow).where(SetApartRow.application_id.in_(ids)))
    return len(ids)


def _idle(uow: ApplicationsUnitOfWork, before: datetime) -> list[UUID]:
    """Applicants' accounts without an application that nobody has used since."""
    applied = select(ApplicationRow.person_id)
    used = select(SessionRow.person_id).where(SessionRow.last_seen_at >= before)
    query = select(PersonRow.id).where(
        PersonRow.created_at < before,
        PersonRow.disabled_at.is_(None),
        PersonRow.id.not_in(applied),
        PersonRow.id.not_in(used),
        or_(*(PersonRow.roles == roles for roles in _APPLICANT)),
    )
    return list(uow.session.scalars(query.limit(_BATCH)))


def _idle_act(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    ids = _idle(uow, before)
    for person_id in ids:
        request_erasure(uow, person_id, by_staff=True)
    return len(ids)


def _cases(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return CaseRow.state.in_((CLOSED, WITHDRAWN)), CaseRow.closed_at < before, CaseRow.text != ""


def _cases_look(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    return int(uow.session.scalar(select(func.count()).select_from(CaseRow).where(*_cases(before))) or 0)


def _cases_act(uow: ApplicationsUnitOfWork, before: datetime) -> int:
    return _rows(uow.session.execute(update(CaseRow).where(*_cases(before)).values(text="", wish="", letter="")))


def _table(row: Any) -> Table:
    table: Table = row.__table__
    return table


def _rows(result: Any) -> int:
    return int(result.rowcount)


KINDS: tuple[Kind, ...] = (
    old_rows("sign_in_requests", "Requests to sign in", 30, _table(SignInRequestRow), "created_at"),
    old_rows("sessions", "Sign-ins that have ended", 30, _table(SessionRow), "expires_at"),
    old_rows("email_changes", "Wishes for another address", 30, _table(EmailChangeRow), "expires_at"),
    old_rows("deliveries", "What became of messages", 730, _table(DeliveryRow), "at"),
    Kind("drafts", "Drafts of rounds that have closed", 180, _drafts_look, _drafts_act, least=30),
    _apart("equality", "Equality answers, after the round closed"),
    _apart("access", "Answers about access, after the round closed"),
    _answers(Purpose.CONTACT, "Contact answers, after the round closed", 1095),
    _answers(Purpose.ASSESSED, "Answers that were read and scored, after the round closed", 1095),
    Kind(
        "loose_files",
        "Files that no answer names any more",
        1,
        lambda uow, before: len(loose_files(uow, before)),
        drop_loose_files,
    ),
    Kind(
        "stray_bytes",
        "What a crash left in the file store, and nobody knows of",
        1,
        lambda uow, before: len(stray_bytes(uow, before)),
        drop_stray_bytes,
    ),
    Kind("cases", "Words of review requests and complaints, after they ended", 2190, _cases_look, _cases_act, least=90),
    Kind(
        "idle_accounts",
        "Accounts of applicants without an application, not used since: erased in all three services",
        365,
        lambda uow, before: len(_idle(uow, before)),
        _idle_act,
        least=30,
    ),
    Kind(
        "erased_addresses",
        "Hashes of addresses of people who were erased",
        30,
        lambda _uow, _before: 0,
        lambda uow, before: forget_addresses(uow.session, before),
        least=30,
    ),
)
