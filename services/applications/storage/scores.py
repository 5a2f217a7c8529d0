"""The scores of many applications at once: read what counts, write what came out, put a version in force."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from services.applications.storage.tables import ApplicationRow, ScoreRow
from shared.database import Json

_SUBMITTED = "submitted"
_MOST_TOGETHER = 90  # PostgreSQL takes a hundred arguments of a function
_IDS_TOGETHER = 500


@dataclass(frozen=True)
class Answered:
    """Some applications: their ids, the form each was answered on, and the wanted answers of each, in order."""

    ids: list[UUID]
    forms: list[int]
    answers: list[list[Any]]


@dataclass(frozen=True)
class Scored:
    """Scores to keep: for each application its total and its breakdown as JSON text."""

    ids: Sequence[UUID]
    totals: Sequence[int]
    breakdowns: Sequence[str]


class ScoreStore:
    """Scores by version, for whole rounds. An application's own are in `Applications`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._postgres = session.get_bind().dialect.name == "postgresql"

    def count(self, round_id: UUID) -> int:
        """How many submitted applications the round has."""
        return self._session.scalar(select(func.count(ApplicationRow.id)).where(*_sent(round_id))) or 0

    def answers(self, round_id: UUID, questions: Sequence[str], after: UUID | None, limit: int | None) -> Answered:
        """The next submitted applications in order of id: only the answers to `questions` leave the database."""
        where = [*_sent(round_id)] + ([ApplicationRow.id > after] if after else [])
        return self._read(questions, where, limit)

    def behind(self, round_id: UUID, version: int, questions: Sequence[str], since: datetime) -> Answered:
        """The submitted applications without a score by `version`, and those changed after `since`."""
        staged = exists().where(ScoreRow.application_id == ApplicationRow.id, ScoreRow.rules_version == version)
        changed = or_(~staged, ApplicationRow.updated_at > since)
        return self._read(questions, [*_sent(round_id), changed], None)

    def _read(self, questions: Sequence[str], where: list[ColumnElement[bool]], limit: int | None) -> Answered:
        parts = [questions[start : start + _MOST_TOGETHER] for start in range(0, len(questions), _MOST_TOGETHER)]
        columns = [self._array([ApplicationRow.answers[name] for name in part]) for part in parts]
        statement = select(ApplicationRow.id, ApplicationRow.form_version, *columns).where(*where)
        rows = self._session.execute(statement.order_by(ApplicationRow.id).limit(limit)).all()
        # Read all at once: ten thousand small JSON texts take several times as long as one large one.
        read = [json.loads(f"[{','.join(str(row[place]) for row in rows)}]") for place in range(2, 2 + len(parts))]
        answers = [list(chain.from_iterable(each)) for each in zip(*read, strict=True)] if read else [[] for _ in rows]
        return Answered([row[0] for row in rows], [row[1] for row in rows], answers)

    def _array(self, values: list[Any]) -> ColumnElement[str]:
        """An array as JSON text."""
        if self._postgres:
            return cast(func.jsonb_build_array(*values, type_=Json), Text)
        return func.json_array(*values, type_=Text())

    def keep(self, scored: Scored, version: int, now: datetime) -> None:
        """Write new scores of a version: by COPY where there is one."""
        if self._postgres:
            self._copy(scored, version, now)
            return
        rows = zip(scored.ids, scored.totals, scored.breakdowns, strict=True)
        values = [(id.hex, version, float(total), lines, _plain(now)) for id, total, lines in rows]
        statement = "INSERT INTO scores (application_id, rules_version, score, breakdown, scored_at) VALUES (?,?,?,?,?)"
        if values:
            self._session.connection().exec_driver_sql(statement, values)

    def _copy(self, scored: Scored, version: int, now: datetime) -> None:
        when, number = now.isoformat(), str(version)
        lines = [
            f"{id}\t{number}\t{total}\t{_escaped(breakdown)}\t{when}\n"
            for id, total, breakdown in zip(scored.ids, scored.totals, scored.breakdowns, strict=True)
        ]
        cursor: Any = self._session.connection().connection.cursor()
        columns = "application_id, rules_version, score, breakdown, scored_at"
        with cursor, cursor.copy(f"COPY scores ({columns}) FROM STDIN") as copy:
            copy.write("".join(lines))

    def forget(self, ids: Sequence[UUID], version: int) -> None:
        """Take away the scores of a version that some applications have."""
        for start in range(0, len(ids), _IDS_TOGETHER):
            some = ids[start : start + _IDS_TOGETHER]
            where = (ScoreRow.rules_version == version, ScoreRow.application_id.in_(some))
            self._session.execute(delete(ScoreRow).where(*where))

    def put_in_force(self, round_id: UUID, version: int) -> int:
        """Give every submitted application of the round its score by `version`, in one statement; how many."""
        where = (ScoreRow.application_id == ApplicationRow.id, ScoreRow.rules_version == version, *_sent(round_id))
        statement = (
            update(ApplicationRow)
            .where(*where)
            .values(score=ScoreRow.score, breakdown=ScoreRow.breakdown, rules_version=version)
            .execution_options(synchronize_session=False)
        )
        done = self._session.execute(statement)
        self._session.expire_all()
        return int(done.rowcount)  # type: ignore[attr-defined]  # an update's result has it

    def in_force(self, round_id: UUID) -> list[tuple[UUID, float, str]]:
        """(id, score, breakdown as JSON text) of every submitted application, equal breakdowns together."""
        lines = cast(ApplicationRow.breakdown, Text) if self._postgres else text("applications.breakdown")
        statement = select(ApplicationRow.id, ApplicationRow.score, lines).where(*_sent(round_id))
        rows = self._session.execute(statement).all()
        return sorted(((row[0], float(row[1]), str(row[2])) for row in rows), key=lambda row: (-row[1], row[2]))

    def of_application(self, application_id: UUID, up_to: int) -> list[ScoreRow]:
        """The scores that an application has and had, newest version first."""
        where = (ScoreRow.application_id == application_id, ScoreRow.rules_version <= up_to)
        return list(self._session.scalars(select(ScoreRow).where(*where).order_by(ScoreRow.rules_version.desc())))

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
        statement = select(ApplicationRow.id, ApplicationRow.attributes).where(*_sent(round_id))
        return {row[0]: row[1] for row in self._session.execute(statement)}


def _sent(round_id: UUID) -> tuple[ColumnElement[bool], ...]:
    # Who was erased keeps the score that was counted: there are no answers to score again.
    return (
        ApplicationRow.round_id == round_id,
        ApplicationRow.state == _SUBMITTED,
        ApplicationRow.erased_at.is_(None),
    )


def _plain(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
