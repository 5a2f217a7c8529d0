"""A whole round's new scores: written beside those in force, made complete, and told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, cast, delete, exists, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from services.applications.storage.scores import Answered, read_answers, sent
from services.applications.storage.tables import ApplicationRow, ScoreRow

_IDS_TOGETHER = 500
_COLUMNS = "application_id, score, breakdown, round_id, rules_version, made_by, scored_at"
_KEPT = [column for column in ScoreRow.__table__.columns if column.key != "rules_version"]


@dataclass(frozen=True)
class Scored:
    """Scores to keep: for each application its total and its breakdown as JSON text."""

    ids: Sequence[UUID]
    totals: Sequence[int]
    breakdowns: Sequence[str]


@dataclass(frozen=True)
class Alike:
    """Applications with the same score and the same breakdown, as JSON text."""

    score: float
    breakdown: str
    applications: list[UUID]


class Rescoring:
    """Scores of whole rounds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._postgres = session.get_bind().dialect.name == "postgresql"

    def behind(self, round_id: UUID, version: int, questions: Sequence[str], since: datetime) -> Answered:
        """The submitted applications without a score by `version`, and those changed after `since`."""
        staged = exists().where(ScoreRow.application_id == ApplicationRow.id, ScoreRow.rules_version == version)
        changed = or_(~staged, ApplicationRow.updated_at > since)
        return read_answers(self._session, questions, [*sent(round_id), changed], None)

    def keep(self, scored: Scored, round_id: UUID, version: int, now: datetime) -> None:
        """Write new scores of a version: by COPY where there is one."""
        if self._postgres:
            self._copy(scored, f"{round_id}\t{version}\t{version}\t{now.isoformat()}\n")
            return
        same = (round_id.hex, version, version, now.replace(tzinfo=None).isoformat(" ", "microseconds"))
        rows = zip(scored.ids, scored.totals, scored.breakdowns, strict=True)
        values = [(id.hex, float(total), lines, *same) for id, total, lines in rows]
        statement = f"INSERT INTO scores ({_COLUMNS}) VALUES (?,?,?,?,?,?,?)"  # noqa: S608 - a constant
        if values:
            self._session.connection().exec_driver_sql(statement, values)

    def _copy(self, scored: Scored, same: str) -> None:
        written = {lines: _escaped(lines) for lines in set(scored.breakdowns)}
        rows = zip(scored.ids, scored.totals, scored.breakdowns, strict=True)
        cursor: Any = self._session.connection().connection.cursor()
        with cursor, cursor.copy(f"COPY scores ({_COLUMNS}) FROM STDIN") as copy:
            copy.write("".join(f"{id}\t{total}\t{written[lines]}\t{same}" for id, total, lines in rows))

    def forget(self, ids: Sequence[UUID], version: int) -> None:
        """Take away the scores of a version that some applications have."""
        for start in range(0, len(ids), _IDS_TOGETHER):
            some = ids[start : start + _IDS_TOGETHER]
            where = (ScoreRow.rules_version == version, ScoreRow.application_id.in_(some))
            self._session.execute(delete(ScoreRow).where(*where))

    def complete(self, round_id: UUID, before: int, version: int) -> None:
        """Let who withdrew or was erased keep the score that was counted, also who went after being scored anew.

        From then on `version` holds a score for everybody who has one by `before`, and can be put in force.
        """
        not_sent = or_(ApplicationRow.state == "withdrawn", ApplicationRow.erased_at.is_not(None))
        gone = select(ApplicationRow.id).where(ApplicationRow.round_id == round_id, not_sent)
        ids = list(self._session.scalars(gone))
        self.forget(ids, version)
        for start in range(0, len(ids), _IDS_TOGETHER):
            some = ids[start : start + _IDS_TOGETHER]
            where = (ScoreRow.rules_version == before, ScoreRow.application_id.in_(some))
            old = select(*_KEPT, literal(version, Integer)).where(*where)
            names = [*(column.key for column in _KEPT), "rules_version"]
            self._session.execute(insert(ScoreRow).from_select(names, old))

    def alike(self, round_id: UUID, version: int) -> list[Alike]:
        """Whom a version of the round's rules scored, best first, those with equal breakdowns together."""
        lines = cast(ScoreRow.breakdown, Text)
        ids = func.aggregate_strings(cast(ScoreRow.application_id, Text), ",")
        where = (ScoreRow.round_id == round_id, ScoreRow.rules_version == version, ScoreRow.made_by == version)
        statement = select(ScoreRow.score, lines, ids).where(*where).group_by(ScoreRow.score, ScoreRow.breakdown)
        found = [
            Alike(score, written, sorted(map(UUID, together.split(","))))
            for score, written, together in self._session.execute(statement)
        ]
        return sorted(found, key=lambda each: (-each.score, each.breakdown))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
