"""Keep priority scores with their breakdowns, one application's or a whole round's."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.cohorts.storage.tables import Application
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.rank_applications import rank_application, rank_round
from shared.contracts.applications import ApplicationScored, RoundRescored, ScoreGroup, ScoreLine, ScoresPublished
from shared.errors import NotYet


def keep_score(uow: CohortsUnit, event: ApplicationScored) -> None:
    """Keep one application's priority score.

    Raises:
        NotYet: the application has not arrived.
    """
    row = uow.applications.find(event.application_id)
    if row is None:
        raise NotYet("the application has not arrived")
    # Always the plan before its applications: everybody who takes both locks takes them in this order.
    plan = uow.rounds.plan(row.round_id, lock=True)
    if _set(row, event.rules_version, event.score, event.breakdown):
        if event.score > plan.priority_top:
            rank_round(uow, row.round_id)
        else:
            rank_application(plan, row)


def keep_round_scores(uow: CohortsUnit, event: ScoresPublished) -> None:
    """Keep a batch of a rescored round; the ranking follows, so that it is right after the last one.

    Raises:
        NotYet: one of the applications has not arrived.
    """
    if uow.rounds.find(event.round_id) is None:
        raise NotYet("the round has not arrived")
    uow.rounds.plan(event.round_id, lock=True)
    rows = uow.applications.some(entry.application_id for entry in event.scores)
    if len(rows) < len({entry.application_id for entry in event.scores}):
        raise NotYet("an application has not arrived")
    for entry in event.scores:
        _set(rows[entry.application_id], event.rules_version, entry.score, entry.breakdown)
    if event.scores:
        rank_round(uow, event.round_id)


def keep_rescored(uow: CohortsUnit, event: RoundRescored) -> None:
    """Keep a batch of a rescored round: each breakdown with one statement, and the ranking after the last batch.

    Raises:
        NotYet: the round, or one of the applications, has not arrived.
    """
    if uow.rounds.find(event.round_id) is None:
        raise NotYet("the round has not arrived")
    uow.rounds.plan(event.round_id, lock=True)
    wanted = [id for group in event.groups for id in group.applications]
    if uow.applications.how_many(wanted) < len(set(wanted)):
        raise NotYet("an application has not arrived")
    for group in event.groups:
        uow.applications.set_scores(group.applications, event.rules_version, group.score, _group_lines(event, group))
    if event.batch == event.batches:
        rank_round(uow, event.round_id)


def _group_lines(event: RoundRescored, group: ScoreGroup) -> list[dict[str, Any]]:
    pairs = zip(event.lines, group.points, strict=True)
    return [{"rule": line.id, "label": line.label, "points": float(points)} for line, points in pairs]


def _set(row: Application, rules_version: int, score: float, breakdown: Sequence[ScoreLine]) -> bool:
    if rules_version < row.rules_version:
        return False
    row.priority_score, row.rules_version = score, rules_version
    row.breakdown = [asdict(line) for line in breakdown]
    return True
