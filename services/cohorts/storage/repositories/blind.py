"""All that a reviewer is ever shown of applications comes from here.

No query in this module names people, application_identities, attributes or anybody else's reviews: what is not
selected cannot leak. Of redactions, only the text that stands in an answer's place is read. A test reads the SQL of
every query and the pages made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.repositories.panels import ASSIGNED
from services.cohorts.storage.repositories.redactions import REDACTED
from services.cohorts.storage.tables import Application, Assignment, Redaction, Review, Round
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class ListedReview:
    """One line of a reviewer's list. `readers` counts the reviews handed in by anybody: no score is in here."""

    assignment_id: UUID
    reference: str
    language: str
    state: str
    flagged: bool
    overall: float | None
    readers: int


@dataclass(frozen=True, slots=True)
class BlindApplication:
    """One assigned application, as far as a blind panel may see: its reference and its visible answers."""

    assignment_id: UUID
    round_id: UUID
    application_id: UUID
    panel_member_id: UUID
    reference: str
    language: str
    answers: list[dict[str, Any]]


class BlindReading(Repository):
    """Reading for reviewers."""

    def listed(self, member_id: UUID) -> list[ListedReview]:
        """What is on a member's list, the least reviewed first."""
        readers = (
            select(func.count(Review.assignment_id))
            .where(Review.application_id == Assignment.application_id, Review.state == "submitted")
            .correlate(Assignment)
            .scalar_subquery()
        )
        rows = self.session.execute(
            select(
                Assignment.id,
                Application.reference,
                Application.language,
                Review.state,
                Review.flagged,
                Review.overall,
                readers,
            )
            .join(Application, Application.id == Assignment.application_id)
            .outerjoin(Review, Review.assignment_id == Assignment.id)
            .where(*_standing(), Assignment.panel_member_id == member_id)
            .order_by(readers, Assignment.id)
        )
        return [
            ListedReview(id, reference, language, state or "new", bool(flagged), overall, count)
            for id, reference, language, state, flagged, overall, count in rows
        ]

    def one(self, assignment_id: UUID, member_ids: list[UUID]) -> BlindApplication:
        """The application behind an assignment of one of these members; NotFound for anybody else's."""
        row = self.session.execute(
            _reading().where(*_standing(), Assignment.id == assignment_id, Assignment.panel_member_id.in_(member_ids))
        ).first()
        if row is None:
            raise NotFound("This application is not on your list.")
        answers = shown_answers(row.questions, row.visible, self.redacted(row.application_id))
        return BlindApplication(
            row.id, row.round_id, row.application_id, row.panel_member_id, row.reference, row.language, answers
        )

    def redacted(self, application_id: UUID) -> dict[str, str]:
        """The texts that stand in place of this application's answers, by question."""
        columns = (Redaction.question_id, Redaction.action, Redaction.text)
        rows = self.session.execute(
            select(*columns).where(Redaction.application_id == application_id).order_by(Redaction.id)
        )
        newest = {question: (action, text) for question, action, text in rows}
        return {question: text for question, (action, text) in newest.items() if action == REDACTED}

    def others(self, application_id: UUID, member_id: UUID) -> list[float]:
        """The overall scores that others handed in. For somebody whose own review is in."""
        where = (
            Review.application_id == application_id,
            Review.panel_member_id != member_id,
            Review.state == "submitted",
            Assignment.state == ASSIGNED,
        )
        statement = select(Review.overall).join(Assignment, Assignment.id == Review.assignment_id).where(*where)
        return [score for score in self.session.scalars(statement.order_by(Review.overall)) if score is not None]


def _standing() -> tuple[Any, ...]:
    return (Assignment.state == ASSIGNED, Application.state == IN_POOL)


def _reading() -> Select[Any]:
    return (
        select(
            Assignment.id,
            Assignment.round_id,
            Assignment.application_id,
            Assignment.panel_member_id,
            Application.reference,
            Application.language,
            Application.visible,
            Round.questions,
        )
        .join(Application, Application.id == Assignment.application_id)
        .join(Round, Round.id == Assignment.round_id)
    )


WITHHELD = frozenset({"email", "phone", "organisation", "file"})
"""Kinds of answer that a blind panel is never shown, even of a question that was marked visible by mistake."""


def shown_answers(
    questions: list[dict[str, Any]], visible: dict[str, Any], redacted: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The round's visible questions in order, each with its answer in words ("" when it was left out).

    An answer to a question that the round does not (or no longer) mark visible is not shown, whatever was sent.
    `redacted` texts stand in place of their answers; `withheld` says of an answer that its kind is never shown.
    """
    return [_shown(question, visible.get(question["id"]), redacted or {}) for question in questions]


def _shown(question: dict[str, Any], answer: Any, redacted: Mapping[str, str]) -> dict[str, Any]:
    withheld = question.get("kind") in WITHHELD and answer is not None
    given = "" if withheld else words_of(question, answer)
    replaced = bool(given) and question["id"] in redacted
    return {
        **question,
        "answer": redacted[question["id"]] if replaced else given,
        "redacted": replaced,
        "withheld": withheld,
    }


def words_of(question: dict[str, Any], answer: Any) -> str:
    """An answer in words, with the labels of its choices."""
    labels = {option["value"]: str(option["label"]) for option in question.get("options") or ()}
    return _text(answer, labels)


def _text(answer: Any, labels: dict[str, str]) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    if isinstance(answer, list):
        return ", ".join(_text(one, labels) for one in answer)
    if isinstance(answer, dict):
        return ", ".join(_text(one, labels) for one in answer.values())
    return labels.get(str(answer), str(answer))
