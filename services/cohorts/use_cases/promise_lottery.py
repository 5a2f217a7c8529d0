"""A public lottery, step by step: promise a seed, work the chances out, draw. Each step is published as it is taken."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.cohorts.domain import choosing
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Pin, Question
from services.cohorts.domain.lottery.chances import FAIR
from services.cohorts.domain.lottery.draw import commitment
from services.cohorts.domain.lottery.lottery import Lottery
from services.cohorts.domain.lottery.public import Chances, figures, published_file, with_tickets, work_out
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import LotteryDraw
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.run_selection import described, wish_of
from services.cohorts.use_cases.score_pool import ScoredPool, score_pool
from shared.contracts.cohorts import LotteryPublished
from shared.errors import Conflict, Invalid

PROMISED, WORKED_OUT, DRAWN, ENDED = "promised", "worked_out", "drawn", "ended"
POOL, BAND = "pool", "band"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: a name, and, if a public number is to be half of the seed, which, and when it is known."""

    title: str
    source: str = ""
    source_at: datetime | None = None


def promise_lottery(uow: CohortsUnit, actor: Actor, round_id: UUID, wanted: Promise) -> LotteryDraw:
    """Fix a secret and publish its hash.

    After applications have closed, a secret alone would not do: whoever can read the database would know the seed and
    the pool at once. Then half of the seed must be a public number that nobody knows yet.

    Raises:
        Invalid: the name or the public number makes no sense, or a number is needed and not named.
    """
    before = uow.now < uow.rounds.get(round_id).closes_at
    _check_promise(uow, wanted, before)
    secret = secrets.token_hex(16)
    row = LotteryDraw(
        round_id=round_id,
        title=wanted.title.strip(),
        state=PROMISED,
        created_by_name=actor.name,
        promised_at=uow.now,
        before_closing=before,
        commitment=commitment(secret),
        secret=secret,
        source=wanted.source.strip(),
        source_at=wanted.source_at if wanted.source.strip() else None,
        aim="leximin",
        scope=POOL,
        band_width=0.0,
        size=uow.rounds.plan(round_id).places,
        targets=[],
        pinned_in=[],
        pinned_out=[],
        data_hash="",
        salt=secrets.token_hex(16),
        published="",
        file_hash="",
        figures={},
        source_value="",
        seed="",
        drawn=[],
        revision=1,
    )
    uow.lotteries.add(row)
    uow.session.flush()
    _record(uow, actor, row, "lottery_promised", commitment=row.commitment, source=row.source)
    tell_lottery(uow, row)
    return row


def _check_promise(uow: CohortsUnit, wanted: Promise, before: bool) -> None:
    problems: dict[str, list[str]] = {}
    if not wanted.title.strip() or len(wanted.title) > LONGEST:
        problems["title"] = [f"Give the lottery a name of up to {LONGEST} characters."]
    if len(wanted.source) > LONGEST:
        problems["source"] = [f"Say it in up to {LONGEST} characters."]
    if not wanted.source.strip() and not before:
        problems["source"] = [
            "Applications have closed, so name a public number that nobody knows yet, such as a lottery draw."
        ]
    if wanted.source.strip() and (wanted.source_at is None or wanted.source_at <= uow.now + timedelta(hours=1)):
        problems["source_at"] = ["Give a day to come on which the public number will be known."]
    if problems:
        raise Invalid(problems)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a lottery is held: under which targets, by which aim, and over whom. `width`: points, for a band."""

    question: Question
    aim: str = "leximin"
    scope: str = POOL
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Chances worked out, not kept yet."""

    lottery_id: UUID
    wanted: Wanted
    chances: Chances
    pool: ScoredPool
    data_hash: str


def compute_chances(uow: CohortsUnit, lottery_id: UUID, wanted: Wanted) -> WorkedOut:
    """Work the chances out, in a reading unit of work.

    Raises:
        Invalid: the question makes no sense for this pool, or its targets cannot be met (it says what clashes).
        Conflict: the pool is still open, or the lottery is drawn or ended.
    """
    row = uow.lotteries.get(lottery_id)
    _check_open(uow, row)
    _check_wanted(wanted)
    pool = score_pool(uow, row.round_id)
    problem = choosing.problem_of(pool.candidates, pool.attributes, wanted.question)
    width = wanted.width if wanted.scope == BAND else None
    found = work_out(problem, wanted.aim, width, str(row.round_id))
    if found.lottery.status == "infeasible":
        raise Invalid({"size": [text for text in _why_not(found.lottery) if text]})
    return WorkedOut(lottery_id, wanted, found, pool, choosing.pool_hash(pool.candidates, wanted.question))


def _check_open(uow: CohortsUnit, row: LotteryDraw) -> None:
    if row.state not in (PROMISED, WORKED_OUT):
        raise Conflict(f"This lottery is {row.state}, so its chances stand.")
    if uow.now < uow.rounds.get(row.round_id).closes_at:
        raise Conflict("Applications are still open. The chances are worked out when everybody is in the pool.")


def _check_wanted(wanted: Wanted) -> None:
    problems: dict[str, list[str]] = {}
    if wanted.aim not in FAIR:
        problems["aim"] = ["Choose maximin or leximin."]
    if wanted.scope not in (POOL, BAND):
        problems["scope"] = ["Choose the whole pool, or those near the cut."]
    if wanted.scope == BAND and not 0 < wanted.width <= 100:
        problems["width"] = ["Say how many points around the cut, above 0 and up to 100."]
    if problems:
        raise Invalid(problems)


def _why_not(found: Lottery) -> tuple[str, str]:
    return (
        found.clash.text if found.clash else "",
        found.relaxation.text if found.relaxation else "",
    )


def keep_chances(uow: CohortsUnit, actor: Actor, worked: WorkedOut) -> LotteryDraw:
    """Publish the chances, with the hash of their file. Until the draw they may be worked out again, and it shows."""
    row = uow.lotteries.get(worked.lottery_id, lock=True)
    _check_open(uow, row)
    wanted, question = worked.wanted, worked.wanted.question
    lines = choosing.feasibility(worked.pool.candidates, worked.pool.attributes, question).lines
    shown = with_tickets(worked.chances.lottery, row.salt)
    earlier = [*row.figures.get("earlier", []), *([row.file_hash] if row.file_hash else [])]
    row.published = published_file(shown, row.commitment, question.size, [line["text"] for line in lines])
    row.file_hash = hashlib.sha256(row.published.encode()).hexdigest()
    row.aim, row.scope, row.band_width = wanted.aim, wanted.scope, wanted.width if wanted.scope == BAND else 0.0
    row.size, row.targets = question.size, described(question.wishes, worked.pool.attributes, lines)
    row.pinned_in = [asdict(pin) for pin in question.pinned_in]
    row.pinned_out = [asdict(pin) for pin in question.pinned_out]
    row.figures = {**_figures(worked), "scores": worked.pool.scores, "earlier": earlier}
    row.data_hash, row.worked_out_at, row.state = worked.data_hash, uow.now, WORKED_OUT
    step(row, None)
    _record(uow, actor, row, "lottery_worked_out", file=row.file_hash, data_hash=row.data_hash)
    tell_lottery(uow, row)
    return row


def _figures(worked: WorkedOut) -> dict[str, Any]:
    found = worked.chances.lottery
    return {
        **figures(found),
        "in_the_draw": len(found.in_the_draw),
        "sure": len(found.distribution.sure),
        "impossible": len(found.impossible),
        "panels": len(found.distribution.panels),
        "pool": len(worked.pool.candidates),
        "chances": [round(chance, 12) for chance in found.in_the_draw],
    }


def end_lottery(uow: CohortsUnit, actor: Actor, lottery_id: UUID) -> LotteryDraw:
    """End a lottery that will not be drawn. It stays on its public page, and says so.

    Raises:
        Conflict: it is drawn or ended.
    """
    row = uow.lotteries.get(lottery_id, lock=True)
    if row.state in (DRAWN, ENDED):
        raise Conflict(f"This lottery is {row.state} already.")
    row.state = ENDED
    step(row, None)
    _record(uow, actor, row, "lottery_ended")
    tell_lottery(uow, row)
    return row


def question_of_lottery(row: LotteryDraw) -> Question:
    """The question a lottery was worked out for, to begin from."""
    return Question(
        row.size,
        tuple(wish_of(kept) for kept in row.targets),
        tuple(Pin(**pin) for pin in row.pinned_in),
        tuple(Pin(**pin) for pin in row.pinned_out),
    )


def tell_lottery(uow: CohortsUnit, row: LotteryDraw) -> None:
    """Publish where a lottery stands, for the round's page and for those who applied."""
    uow.publish(
        LotteryPublished(
            lottery_id=row.id,
            round_id=row.round_id,
            title=row.title,
            state=row.state,
            link=uow.links.lottery(row.id),
        )
    )


def _record(uow: CohortsUnit, actor: Actor, row: LotteryDraw, action: str, **detail: Any) -> None:
    uow.record.write(actor, action, row.round_id, lottery=str(row.id), **detail)
