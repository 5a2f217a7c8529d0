"""Scores: those that applications have and had, and the answers that count for them.

A score is in force while its `rules_version` is its round's. So a round that was scored again is switched by one
number, with every row of the new version written beforehand beside the old ones.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from services.applications.storage.tables import ApplicationRow, RoundRow, ScoreRow
from shared.database import Json, upsert

_MOST_TOGETHER = 90  # PostgreSQL takes a hundred arguments of a function
_IDS_TOGETHER = 500
_SCORES = cast(Table, ScoreRow.__table__)


@dataclass(frozen=True)
class Answered:
    """Some applications: their ids, the form each was answered on, and the wanted answers of each, in order."""

    ids: list[UUID]
    forms: list[int]
    answers: list[list[Any]]


class ScoreStore:
    """Scores of one application, and what rules look at in a whole round."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, row: ScoreRow) -> None:
        """Keep one application's score beside the earlier ones."""
        upsert(self._session, _SCORES, {column.key: getattr(row, column.key) for column in _SCORES.columns})

    def in_force(self, application_id: UUID) -> ScoreRow | None:
        """The score that an application has; None while it has none."""
        of_round = (RoundRow.id == ScoreRow.round_id) & (RoundRow.rules_version == ScoreRow.rules_version)
        statement = select(ScoreRow).join(RoundRow, of_round).where(ScoreRow.application_id == application_id)
        return self._session.scalar(statement)

    def of_application(self, application_id: UUID, up_to: int) -> list[ScoreRow]:
        """The scores that an application has and had, newest version first."""
        where = (
            ScoreRow.application_id == application_id,
            ScoreRow.rules_version <= up_to,
            ScoreRow.made_by == ScoreRow.rules_version,
        )
        return list(self._session.scalars(select(ScoreRow).where(*where).order_by(ScoreRow.rules_version.desc())))

    def count(self, round_id: UUID) -> int:
        """How many submitted applications the round has."""
        return self._session.scalar(select(func.count(ApplicationRow.id)).where(*sent(round_id))) or 0

    def answers(self, round_id: UUID, questions: Sequence[str], after: UUID | None, limit: int | None) -> Answered:
        """The next submitted applications in order of id: only the answers to `questions` leave the database."""
        where = [*sent(round_id)] + ([ApplicationRow.id > after] if after else [])
        return read_answers(self._session, questions, where, limit)

    def known(self, ids: Iterable[UUID]) -> dict[UUID, tuple[str, dict[str, Any]]]:
        """Id -> (reference, attributes) of these applications."""
        wanted, found = list(ids), {}
        for start in range(0, len(wanted), _IDS_TOGETHER):
            some = wanted[start : start + _IDS_TOGETHER]
            columns = (ApplicationRow.id, ApplicationRow.reference, ApplicationRow.attributes)
            rows = self._session.execute(select(*columns).where(ApplicationRow.id.in_(some)))
            found.update({row[0]: (row[1], row[2]) for row in rows})
        return found

    def attributes(self, round_id: UUID) -> dict[UUID, dict[str, Any]]:
        """Id -> attributes of every submitted application."""
        statement = select(ApplicationRow.id, ApplicationRow.attributes).where(*sent(round_id))
        return {row[0]: row[1] for row in self._session.execute(statement)}


def sent(round_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Whose answers a round's rules look at."""
    # Who was erased keeps the score that was counted: there are no answers to score again.
    return (
        ApplicationRow.round_id == round_id,
        ApplicationRow.state == "submitted",
        ApplicationRow.erased_at.is_(None),
    )


def read_answers(
    session: Session, questions: Sequence[str], where: list[ColumnElement[bool]], limit: int | None
) -> Answered:
    """The wanted answers of the applications for which `where` holds, in order of id."""
    parts = [questions[start : start + _MOST_TOGETHER] for start in range(0, len(questions), _MOST_TOGETHER)]
    columns = [_array(session, [ApplicationRow.answers[name] for name in part]) for part in parts]
    statement = select(ApplicationRow.id, ApplicationRow.form_version, *columns).where(*where)
    rows = session.execute(statement.order_by(ApplicationRow.id).limit(limit)).all()
    # Read all at once: ten thousand small JSON texts take several times as long as one large one.
    read = [json.loads(f"[{','.join(str(row[place]) for row in rows)}]") for place in range(2, 2 + len(parts))]
    answers = [list(chain.from_iterable(each)) for each in zip(*read, strict=True)] if read else [[] for _ in rows]
    return Answered([row[0] for row in rows], [row[1] for row in rows], answers)


def _array(session: Session, values: list[Any]) -> ColumnElement[str]:
    """An array as JSON text."""
    if session.get_bind().dialect.name == "postgresql":
        return as_type(func.jsonb_build_array(*values, type_=Json), Text)
    return func.json_array(*values, type_=Text())
