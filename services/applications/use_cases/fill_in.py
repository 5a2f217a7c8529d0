"""Fill in a draft: section by section, as typed, never overwriting what another window saved."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from services.applications.domain.forms import Form, Kind, Purpose, Section, merge_answers, parse_answers, worked_out
from services.applications.domain.reach import OWN, TYPIST, Reach, Role
from services.applications.storage.tables import ApplicationRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.applications import NO_ADDRESS
from shared.errors import Conflict, NotFound, Stale

APART = (Purpose.EQUALITY, Purpose.ACCESS)
"""Purposes whose answers are sealed and kept in a table of their own."""


@dataclass(frozen=True)
class Draft:
    """An application with its form and all its answers, those kept apart among them.

    `answers` are whole, since conditions may ask about any of them; what the reader may see is in `readable`.
    """

    row: ApplicationRow
    form: Form
    answers: dict[str, Any]
    reach: Reach = OWN
    apart: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Purpose -> the answers kept apart for it, as they are stored."""

    @property
    def sections(self) -> list[Section]:
        """Those that the reader may open, in order."""
        return [section for section in self.form.sections if self.reach.covers(section.id)]

    @property
    def readable(self) -> dict[str, Any]:
        """The answers that the reader may see."""
        if self.reach.sections is None:
            return self.answers
        ids = {question.id for section in self.sections for question in section.questions}
        return {key: value for key, value in self.answers.items() if key in ids}

    def section(self, section_id: str) -> Section:
        """A section of the form; raises NotFound, also for one that the reader may not open."""
        try:
            section = self.form.section(section_id)
        except KeyError:
            raise NotFound("There is no such section.") from None
        if not self.reach.covers(section_id):
            raise NotFound("There is no such section.")
        return section

    def mark(self, section: Section) -> str:
        """Tells one state of a section's answers from another, so that a page knows what it was made from.

        Of the section alone: somebody who saves another section in another window is in nobody's way.
        """
        typed = [question for question in section.questions if question.kind is not Kind.CALCULATION]
        answers = [self.answers.get(question.id) for question in typed]
        return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()[:16]


def open_draft(uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID, *, lock: bool = False) -> Draft:
    """The person's own application; raises NotFound for anybody else's."""
    row = uow.applications.get(application_id, lock=lock)
    if row.person_id != person_id:
        raise NotFound("There is no such application.")
    return with_all_answers(uow, row)


def with_all_answers(uow: ApplicationsUnitOfWork, row: ApplicationRow, reach: Reach = OWN) -> Draft:
    """An application with its form and answers, for whoever has found out that they may see it."""
    form = uow.rounds.form(row.round_id, row.form_version)
    apart = uow.applications.apart_by_purpose(row.id)
    answers = {**row.answers, **{key: value for each in apart.values() for key, value in each.items()}}
    return Draft(row, form, {**answers, **worked_out(form, answers)}, reach, apart)


def open_shared(
    uow: ApplicationsUnitOfWork, application_id: UUID, person_id: UUID, *, staff: bool = False, lock: bool = False
) -> Draft:
    """An application that the person may work on: their own, one they help with, or one that staff type in.

    `staff` says whether the person acts for the programme now. Raises NotFound for anybody else's.
    """
    row = uow.applications.get(application_id, lock=lock)
    reach = _reach(uow, row, person_id, staff)
    if reach is None:
        raise NotFound("There is no such application.")
    draft = with_all_answers(uow, row, reach)
    if reach.role is Role.STAFF and uow.people.get(row.person_id).email.endswith(f"@{NO_ADDRESS}"):
        return replace(draft, form=_without_need_of_email(draft.form))
    return draft


def _without_need_of_email(form: Form) -> Form:
    """The form for somebody who has no email address, and so cannot be made to give one."""

    def eased(section: Section) -> Section:
        questions = (
            replace(each, required=each.required and each.kind is not Kind.EMAIL) for each in section.questions
        )
        return replace(section, questions=tuple(questions))

    return replace(form, sections=tuple(eased(section) for section in form.sections))


def _reach(uow: ApplicationsUnitOfWork, row: ApplicationRow, person_id: UUID, staff: bool) -> Reach | None:
    if row.person_id == person_id:
        return OWN
    if row.state != "draft":
        return None
    if staff and uow.helping.entry(row.id) is not None:
        return TYPIST
    person = uow.people.find(person_id)
    helper = uow.helping.active(row.id, person.email) if person and person.disabled_at is None else None
    return Reach(Role.HELPER, frozenset(helper.sections), helper.may_submit) if helper else None


@dataclass(frozen=True)
class Saved:
    """What became of a save: the draft as it now is, the section's new mark, what is still wrong by question id."""

    draft: Draft
    mark: str
    problems: dict[str, list[str]]


def save_section(
    uow: ApplicationsUnitOfWork,
    application_id: UUID,
    person_id: UUID,
    section_id: str,
    sent: Mapping[str, Any],
    *,
    revision: str | None = None,
    strict: bool = False,
    language: str = "en",
    staff: bool = False,
    leave: Collection[str] = (),
) -> Saved:
    """Keep what was typed in one section, problems or not; nothing typed is thrown away.

    `revision` is the section's mark when the page was made, or None to save regardless. `leave` are questions whose
    stored answer stays, whatever was sent.

    Raises:
        NotFound: no such section, or an application that is none of this person's business.
        Conflict: it is not a draft any more.
        Stale: another window saved other answers to the same questions since.
    """
    draft = open_shared(uow, application_id, person_id, staff=staff, lock=True)
    section = draft.section(section_id)
    if draft.row.state != "draft":
        raise Conflict("This application has been sent and cannot be changed.", code="not-a-draft")
    found, problems = parse_answers(draft.form, section, sent, earlier=draft.answers, strict=strict, language=language)
    for key in [key for key in found if key in leave or draft.form.questions[key].kind is Kind.FILE]:
        # Files are added and taken away by themselves: a form that names one changes nothing.
        del found[key]
    problems = {key: texts for key, texts in problems.items() if key not in leave}
    if revision not in (None, draft.mark(section)) and _differs(found, draft.answers):
        raise Stale("This page was changed in another window or by somebody helping. Both are shown below.")
    _note(uow, draft, section, found, person_id)
    keep_answers(uow, draft, section, found)
    saved = replace(draft, answers=merge_answers(draft.answers, found))
    return Saved(saved, saved.mark(section), problems)


def _note(
    uow: ApplicationsUnitOfWork, draft: Draft, section: Section, found: Mapping[str, Any], person_id: UUID
) -> None:
    changed = [key for key, value in found.items() if draft.answers.get(key) != value]
    if changed:
        role = draft.reach.role.value
        uow.helping.note_change(draft.row.id, section.id, changed, person_id, role, uow.now)


def _differs(found: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    return any(stored.get(key) != value for key, value in found.items())


def keep_answers(uow: ApplicationsUnitOfWork, draft: Draft, section: Section, found: Mapping[str, Any]) -> None:
    """Store answers of one section where they belong: beside the others, or sealed apart."""
    row = draft.row
    if section.purpose in APART:
        ids = {question.id for question in section.questions if question.kind is not Kind.CALCULATION}
        before = {key: value for key, value in draft.answers.items() if key in ids}
        uow.applications.set_apart(row.id, section.purpose.value, merge_answers(before, found), uow.now)
    else:
        row.answers = merge_answers(row.answers, found)
    row.visited = [*row.visited, section.id] if section.id not in row.visited else row.visited
    row.updated_at = uow.now
    uow.session.flush()
