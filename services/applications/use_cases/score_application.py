"""Give applications their priority score by the round's published rules, with a breakdown that adds up to it."""

from collections.abc import Sequence
from typing import Any

from services.applications.domain.priority import Breakdown, facts_reader, score
from services.applications.storage.tables import ApplicationRow, RoundRow, ScoreRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.applications import ApplicationScored, ScoreEntry, ScoreLine, ScoresPublished

BATCH = 500


def score_application(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow) -> None:
    """Score one application that was just sent."""
    (breakdown,) = _breakdowns(uow, round_, [row])
    _keep(uow, row, round_, breakdown)
    uow.publish(
        ApplicationScored(
            application_id=row.id,
            round_id=round_.id,
            rules_version=round_.rules_version,
            score=float(breakdown.total),
            breakdown=_lines(breakdown),
        )
    )


def rescore_round(uow: ApplicationsUnitOfWork, round_: RoundRow, rows: Sequence[ApplicationRow]) -> None:
    """Score all of a round's submitted applications again, as one step; the old scores are kept beside the new."""
    entries = []
    for row, breakdown in zip(rows, _breakdowns(uow, round_, rows), strict=True):
        _keep(uow, row, round_, breakdown)
        entries.append(ScoreEntry(application_id=row.id, score=float(breakdown.total), breakdown=_lines(breakdown)))
    batches = [entries[start : start + BATCH] for start in range(0, len(entries), BATCH)]
    for number, batch in enumerate(batches, start=1):
        uow.publish(
            ScoresPublished(
                round_id=round_.id,
                rules_version=round_.rules_version,
                batch=number,
                batches=len(batches),
                scores=batch,
            )
        )


def _breakdowns(uow: ApplicationsUnitOfWork, round_: RoundRow, rows: Sequence[ApplicationRow]) -> list[Breakdown]:
    rules = uow.rounds.rules(round_)
    readers = {version: facts_reader(rules, uow.rounds.form(round_.id, version)) for version in _versions(rows)}
    scores = score(rules, [readers[row.form_version](row.answers) for row in rows])
    return [scores.breakdown(place) for place in range(len(rows))]


def _versions(rows: Sequence[ApplicationRow]) -> set[int]:
    return {row.form_version for row in rows}


def _keep(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow, breakdown: Breakdown) -> None:
    lines: list[dict[str, Any]] = [line.dump() for line in breakdown.lines]
    row.score, row.breakdown, row.rules_version = float(breakdown.total), lines, round_.rules_version
    uow.applications.keep_score(
        ScoreRow(
            application_id=row.id,
            rules_version=round_.rules_version,
            score=float(breakdown.total),
            breakdown=lines,
            scored_at=uow.now,
        )
    )


def _lines(breakdown: Breakdown) -> list[ScoreLine]:
    return [ScoreLine(rule=line.id, label=line.label.say("en"), points=line.points) for line in breakdown.lines]
