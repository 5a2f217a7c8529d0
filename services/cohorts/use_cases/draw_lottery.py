"""Draw a public lottery: reveal the seed, let it decide, and keep who was drawn as a selection like any other."""

import json
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import holds, read_attributes
from services.cohorts.domain.lottery.draw import draw
from services.cohorts.domain.lottery.public import read_published, seed_of, ticket
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Application, LotteryDraw, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.promise_lottery import DRAWN, WORKED_OUT, tell_lottery
from services.cohorts.use_cases.stage_decisions import RELEASED
from shared.errors import Conflict, Invalid, NotFound


def draw_lottery(uow: CohortsUnit, actor: Actor, lottery_id: UUID, source_value: str, file_hash: str) -> LotteryDraw:
    """Draw from the published chances. The seed is the promised secret, and the public number if one was named.

    Raises:
        Conflict: the chances are not worked out, other ones were published since `file_hash`, or it is too early.
        Invalid: the public number is missing.
    """
    row = uow.lotteries.get(lottery_id, lock=True)
    _check(uow, row, source_value, file_hash)
    row.source_value = source_value.strip() if row.source else ""
    row.seed = seed_of(row.secret, row.source_value)
    row.drawn = list(draw(read_published(json.loads(row.published)), row.seed))
    row.drawn_at, row.state = uow.now, DRAWN
    run = _as_run(uow, actor, row)
    uow.session.flush()
    row.run_id = run.id
    step(row, None)
    uow.record.write(
        actor,
        "lottery_drawn",
        row.round_id,
        lottery=str(row.id),
        run=str(run.id),
        seed=row.seed,
        file=row.file_hash,
        drawn=len(row.drawn),
    )
    tell_lottery(uow, row)
    return row


def _check(uow: CohortsUnit, row: LotteryDraw, source_value: str, file_hash: str) -> None:
    if row.state != WORKED_OUT:
        raise Conflict("Work the chances out and publish them first; a lottery is drawn once.")
    if file_hash != row.file_hash:
        raise Conflict("Other chances were published since you looked. Look at them first.")
    if row.source and row.source_at is not None and uow.now < row.source_at:
        raise Conflict("The public number is not known yet. Draw when its day has come.")
    if row.source and not 1 <= len(source_value.strip()) <= 200:
        raise Invalid({"source_value": ["Write the public number as it was published, in up to 200 characters."]})


def _as_run(uow: CohortsUnit, actor: Actor, row: LotteryDraw) -> SelectionRun:
    content = json.loads(row.published)
    drawn = set(row.drawn)
    pool = [(ticket(row.salt, a.reference), a) for a in uow.applications.all_of(row.round_id)]
    people = [(name, application) for name, application in pool if name in content["probabilities"]]
    run = _run(uow, actor, row, [a for name, a in people if name in drawn], len(people))
    uow.runs.add(run)
    uow.session.flush()
    uow.runs.add_people(
        [
            {
                "run_id": run.id,
                "application_id": application.id,
                "chosen": name in drawn,
                "score": round(application.blended or 0.0, 2),
                "points": None,
                "exact": True,
                "rules": [],
                "instead": [],
                **_reason(row, name, name in drawn, content),
            }
            for name, application in people
        ]
    )
    return run


def _reason(row: LotteryDraw, name: str, is_drawn: bool, content: dict[str, object]) -> dict[str, str]:
    sure, impossible, chances = content["sure"], content["impossible"], content["probabilities"]
    assert isinstance(sure, list) and isinstance(impossible, list) and isinstance(chances, dict)  # noqa: S101
    if name in sure:
        return {"reason_code": "certain", "reason": "Certain of a place: pinned in, or clear of the cut on score."}
    if name in impossible:
        clear = " or clear of the cut on score" if row.scope == "band" else ""
        return {
            "reason_code": "not_in_draw",
            "reason": f"Not in the draw: pinned out, ruled out by the targets{clear}.",
        }
    chance = f"{100 * float(chances[name]):.2f}%"
    if is_drawn:
        return {"reason_code": "drawn", "reason": f"Drawn by lot, with a chance of {chance} (ticket {name})."}
    return {"reason_code": "not_drawn", "reason": f"Not drawn, with a chance of {chance} (ticket {name})."}


def _run(uow: CohortsUnit, actor: Actor, row: LotteryDraw, drawn: list[Application], pool_size: int) -> SelectionRun:
    plan = uow.rounds.plan(row.round_id)
    return SelectionRun(
        round_id=row.round_id,
        title=row.title,
        created_by=actor.person_id,
        created_by_name=actor.name,
        created_at=uow.now,
        size=row.size,
        targets=row.targets,
        one_per_organisation=False,
        pinned_in=row.pinned_in,
        pinned_out=row.pinned_out,
        priority_weight=plan.priority_weight,
        review_weight=plan.review_weight,
        data_hash=row.data_hash,
        pool_size=pool_size,
        left_out=0,
        status="optimal",
        objective=round(sum(application.blended or 0.0 for application in drawn), 2),
        bound=None,
        counts=_counts(uow, row, drawn),
        relaxation=[],
        clash=[],
        seconds=0.0,
        kind="lottery",
        scores=str(row.figures.get("scores", "raw")),
        seed=row.seed,
    )


def _counts(uow: CohortsUnit, row: LotteryDraw, drawn: list[Application]) -> list[dict[str, object]]:
    """For every value of every attribute, as `Answer.counts`, without targets."""
    pool = uow.applications.pool(row.round_id)
    return [
        {
            "attribute": attribute.id,
            "attribute_label": attribute.label,
            "value": value,
            "label": label,
            "pool": sum(holds(a.attributes, attribute.id, value) for a in pool),
            "chosen": sum(holds(a.attributes, attribute.id, value) for a in drawn),
            "minimum": None,
            "maximum": None,
        }
        for attribute in read_attributes(uow.rounds.get(row.round_id).attributes)
        for value, label in attribute.values
    ]


def look_up_ticket(uow: CohortsUnit, lottery_id: UUID, reference: str) -> tuple[str, float, bool]:
    """The ticket of a reference, its chance, and whether it was drawn: for the person whose reference it is.

    Raises:
        Conflict: decisions are not released yet, and nobody is to find out here first.
        NotFound: nobody in this lottery has such a reference.
    """
    row = uow.lotteries.get(lottery_id)
    release = uow.releases.of_round(row.round_id)
    if row.state != DRAWN or release is None or release.state != RELEASED:
        raise Conflict("You can look up your ticket once everybody has been told the outcome.")
    name = ticket(row.salt, reference.strip().upper())
    chances = json.loads(row.published)["probabilities"]
    if name not in chances:
        raise NotFound("Nobody in this lottery has that reference.")
    return name, float(chances[name]), name in row.drawn
