"""Give an application its priority score by the round's published rules, with a breakdown that adds up to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.applications.domain.priority import Breakdown, breakdown_of, facts_reader, score
from services.applications.storage.tables import ApplicationRow, RoundRow, ScoreRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.applications import ApplicationScored, ScoreLine


def score_application(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow) -> None:
    """Score one application that was just sent, or whose answers were changed since.

    `round_` must be held (`uow.rounds.held`), so that a rescoring of the whole round comes before or after it.
    """
    rules = uow.rounds.rules(round_)
    read = facts_reader(rules, uow.rounds.form(round_.id, row.form_version))
    breakdown = score(rules, [read(row.answers)]).breakdown(0)
    _keep(uow, row, round_, breakdown)
    uow.publish(
        ApplicationScored(
            application_id=row.id,
            round_id=row.round_id,
            rules_version=round_.rules_version,
            score=float(breakdown.total),
            breakdown=_lines(breakdown),
        )
    )


def _keep(uow: ApplicationsUnitOfWork, row: ApplicationRow, round_: RoundRow, breakdown: Breakdown) -> None:
    uow.scores.keep(
        ScoreRow(
            application_id=row.id,
            rules_version=round_.rules_version,
            made_by=round_.rules_version,
            round_id=round_.id,
            score=float(breakdown.total),
            breakdown=lines_of(breakdown),
            scored_at=uow.now,
        )
    )


def lines_of(breakdown: Breakdown) -> list[dict[str, Any]]:
    """A breakdown as it is stored: [{id, points}]. What it is called is said by its version of the rules."""
    return [{"id": line.id, "points": line.points} for line in breakdown.lines]


def _lines(breakdown: Breakdown) -> list[ScoreLine]:
    return [ScoreLine(rule=line.id, label=line.label.say("en"), points=line.points) for line in breakdown.lines]


def read_breakdown(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> Breakdown | None:
    """The breakdown of the score that an application has, with labels; None while it has none."""
    kept = uow.scores.in_force(row.id)
    return stored_breakdown(uow, uow.rounds.get(row.round_id), kept) if kept else None


def stored_breakdown(uow: ApplicationsUnitOfWork, round_: RoundRow, kept: ScoreRow) -> Breakdown:
    """The breakdown of a score, with the labels of the version of the rules that gave it."""
    return breakdown_of(uow.rounds.rules(round_, kept.made_by), {line["id"]: line["points"] for line in kept.breakdown})


@dataclass(frozen=True)
class EarlierScore:
    """A score that an application once had: by which version of the rules, and until when."""

    version: int
    breakdown: Breakdown
    until: datetime


def earlier_scores(uow: ApplicationsUnitOfWork, row: ApplicationRow) -> list[EarlierScore]:
    """The scores that an application had before the one it has, newest first."""
    round_ = uow.rounds.get(row.round_id)
    kept = uow.scores.of_application(row.id, round_.rules_version)
    return [
        EarlierScore(old.made_by, stored_breakdown(uow, round_, old), newer.scored_at)
        for old, newer in zip(kept[1:], kept, strict=False)
    ]
