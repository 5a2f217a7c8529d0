"""Score a whole round again, step by step beside the scores in force, and put the new ones in force by one number.

Each step is one transaction, so that a crash leaves the old scores and the next try goes on where it stopped. Who
sends an application meanwhile is scored by the rules in force, and by the new ones in the last step, which holds the
round: every submitted application ends with the score of one version.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import numpy as np

from services.applications.domain.priority import (
    Rules,
    Scores,
    columns_of_answers,
    counting,
    score_columns,
)
from services.applications.storage.rescoring import Alike, Scored
from services.applications.storage.scores import Answered
from services.applications.storage.tables import RescoreRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_round import tell
from services.applications.use_cases.score_application import lines_of
from shared.contracts.applications import RescoredLine, RoundRescored, ScoreGroup
from shared.errors import NotFound
from shared.service import Due

RESCORE = "rescore_round"
STEP = 10_000
BATCH = 1_000
_LONGEST_CHANGE = timedelta(minutes=2)
"""A change that says it was made before the rescoring began may have been committed after: no longer than this."""


def begin_rescore(uow: ApplicationsUnitOfWork, round_: RoundRow, version: int, by: str) -> RescoreRow:
    """Put the rescoring of a round by a version of its rules on the clock."""
    row = RescoreRow(
        round_id=round_.id,
        rules_version=version,
        state="staging",
        total=uow.scores.count(round_.id),
        done=0,
        cursor=None,
        asked_by=by,
        problem="",
        started_at=uow.now,
        finished_at=None,
    )
    uow.rules.add(row)
    _go_on(uow, row)
    return row


def _go_on(uow: ApplicationsUnitOfWork, row: RescoreRow) -> None:
    uow.schedule(RESCORE, str(row.round_id), uow.now, {"version": row.rules_version})


def continue_rescore(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """The clock's part: one step, and then the next one."""
    if (row := advance(uow, UUID(due.key), due.payload["version"])).state != "done":
        _go_on(uow, row)


def advance(uow: ApplicationsUnitOfWork, round_id: UUID, version: int) -> RescoreRow:
    """One step of a rescoring; nothing when it is done. Raises NotFound."""
    row = uow.rules.rescore(round_id, version)
    if row is None:
        raise NotFound("Nobody asked to score this round again by that version.")
    if row.state == "staging":
        row = uow.rules.rescore(round_id, version, lock=True) or row
        _stage(uow, row)
    elif row.state == "ready":
        # The round before the rescoring: everybody who takes both locks takes them in this order.
        round_ = uow.rounds.get(round_id, lock=True)
        uow.session.refresh(round_)
        row = uow.rules.rescore(round_id, version, lock=True) or row
        if row.state == "ready":
            _finish(uow, round_, row)
    uow.session.flush()
    return row


def _stage(uow: ApplicationsUnitOfWork, row: RescoreRow) -> None:
    if row.state != "staging":
        return
    rules = uow.rounds.rules(uow.rounds.get(row.round_id), row.rules_version)
    questions = wanted_answers(uow, row.round_id, rules)
    found = uow.scores.answers(row.round_id, questions, row.cursor, STEP)
    _keep(uow, row, rules, questions, found)
    row.done += len(found.ids)
    row.cursor = found.ids[-1] if found.ids else row.cursor
    if len(found.ids) < STEP:
        row.state = "ready"


def wanted_answers(uow: ApplicationsUnitOfWork, round_id: UUID, rules: Rules) -> list[str]:
    """The questions of any version of the round's form that the rules look at."""
    versions = range(1, uow.rounds.get(round_id).form_version + 1)
    names = {name for version in versions for name in counting(rules, uow.rounds.form(round_id, version))}
    return sorted(names)


def _keep(
    uow: ApplicationsUnitOfWork, row: RescoreRow, rules: Rules, questions: Sequence[str], found: Answered
) -> None:
    for ids, scores in scored(uow, row.round_id, rules, questions, found):
        totals = scores.totals.tolist()
        written = Scored(ids, totals, list(_written(scores)))
        uow.rescoring.keep(written, row.round_id, row.rules_version, uow.now)


def scored(
    uow: ApplicationsUnitOfWork, round_id: UUID, rules: Rules, questions: Sequence[str], found: Answered
) -> Iterator[tuple[list[UUID], Scores]]:
    """The scores of some applications by `rules`, those answered on one version of the form together."""
    for version in sorted(set(found.forms)):
        form = uow.rounds.form(round_id, version)
        rows = [place for place, answered_on in enumerate(found.forms) if answered_on == version]
        if len(rows) == len(found.ids):
            ids, answers = found.ids, found.answers
        else:
            ids, answers = [found.ids[row] for row in rows], [found.answers[row] for row in rows]
        each = list(zip(*answers, strict=True)) if questions else []
        columns = columns_of_answers(rules, form, dict(zip(questions, each, strict=True)), len(ids))
        yield ids, score_columns(rules, columns)


def _written(scores: Scores) -> Iterator[str]:
    """Yield each breakdown as JSON text. There are far fewer different ones than applications: each is made once."""
    both = np.hstack([scores.points, scores.caps])
    _, first, which = np.unique(both, axis=0, return_index=True, return_inverse=True)
    texts = [json.dumps(lines_of(scores.breakdown(int(row))), separators=(",", ":")) for row in first]
    yield from (texts[place] for place in which.ravel().tolist())


def _finish(uow: ApplicationsUnitOfWork, round_: RoundRow, row: RescoreRow) -> None:
    """With the round held: score who came meanwhile, put all of it in force, and tell."""
    rules = uow.rounds.rules(round_, row.rules_version)
    questions = wanted_answers(uow, round_.id, rules)
    late = uow.rescoring.behind(round_.id, row.rules_version, questions, row.started_at - _LONGEST_CHANGE)
    uow.rescoring.forget(late.ids, row.rules_version)
    _keep(uow, row, rules, questions, late)
    uow.rescoring.complete(round_.id, round_.rules_version, row.rules_version)
    round_.rules_version = row.rules_version
    tell(uow, round_)
    row.total = row.done = _tell_scores(uow, round_, rules)
    row.state, row.finished_at = "done", uow.now


def _tell_scores(uow: ApplicationsUnitOfWork, round_: RoundRow, rules: Rules) -> int:
    """Publish who has which score now, a thousand applications in an event; how many there are."""
    lines = [RescoredLine(id=rule.id, label=rule.label.say("en")) for rule in rules.rules]
    lines += [RescoredLine(id=cap.id, label=cap.label.say("en")) for cap in rules.caps]
    batches = list(_batches(uow.rescoring.alike(round_.id, round_.rules_version)))
    for number, batch in enumerate(batches, start=1):
        uow.publish(
            RoundRescored(
                round_id=round_.id,
                rules_version=round_.rules_version,
                batch=number,
                batches=len(batches),
                lines=lines,
                groups=[_group(alike, [line.id for line in lines]) for alike in batch],
            )
        )
    return sum(len(alike.applications) for batch in batches for alike in batch)


def _batches(found: Iterable[Alike]) -> Iterator[list[Alike]]:
    """Yield the same in lists of BATCH applications, the last one with what is left."""
    batch: list[Alike] = []
    room = BATCH
    for alike in found:
        rest = alike.applications
        while rest:
            batch.append(Alike(alike.score, alike.breakdown, rest[:room]))
            rest, room = rest[room:], room - len(rest[:room])
            if room == 0:
                yield batch
                batch, room = [], BATCH
    if batch:
        yield batch


def _group(alike: Alike, order: Sequence[str]) -> ScoreGroup:
    points = {line["id"]: line["points"] for line in json.loads(alike.breakdown)}
    each = [points.get(name, 0) for name in order]
    return ScoreGroup(score=alike.score, points=each, applications=alike.applications)
