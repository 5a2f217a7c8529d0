"""Fill in a draft: section by section, as typed, never overwriting what another window saved."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.applications.domain.forms import Form, Kind, Purpose, Section, merge_answers, parse_answers, worked_out
from services.applications.storage.tables import ApplicationRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.errors import Conflict, NotFound, Stale

APART = (Purpose.EQUALITY, Purpose.ACCESS)
"""Purposes whose answers are sealed and kept in a table of their own."""


@dataclass(frozen=True)
class Draft:
    """An application with its form and all its answers, those kept apart among them."""

    row: ApplicationRow
    form: Form
    answers: dict[str, Any]

    def section(self, section_id: str) -> Section:
        """A section of the form; raises NotFound."""
        try:
            return self.form.section(section_id)
        except KeyError:
            raise NotFound("There is no such section.") from None

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
    form = uow.rounds.form(row.round_id, row.form_version)
    answers = {**row.answers, **uow.applications.apart(row.id)}
    return Draft(row, form, {**answers, **worked_out(form, answers)})


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
) -> Saved:
    """Keep what was typed in one section, problems or not; nothing typed is thrown away.

    `revision` is the section's mark when the page was made, or None to save regardless.

    Raises:
        NotFound: no such section, or somebody else's application.
        Conflict: it is not a draft any more.
        Stale: another window saved other answers to the same questions since.
    """
    draft = open_draft(uow, application_id, person_id, lock=True)
    section = draft.section(section_id)
    if draft.row.state != "draft":
        raise Conflict("This application has been sent and cannot be changed.", code="not-a-draft")
    found, problems = parse_answers(draft.form, section, sent, earlier=draft.answers, strict=strict, language=language)
    if revision not in (None, draft.mark(section)) and _differs(found, draft.answers):
        raise Stale("This page was changed in another window or by somebody helping. Both are shown below.")
    _keep(uow, draft, section, found)
    saved = Draft(draft.row, draft.form, merge_answers(draft.answers, found))
    return Saved(saved, saved.mark(section), problems)


def _differs(found: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    return any(stored.get(key) != value for key, value in found.items())


def _keep(uow: ApplicationsUnitOfWork, draft: Draft, section: Section, found: Mapping[str, Any]) -> None:
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
