"""Ask who would be chosen under some targets, and keep the answer with everything that it depends on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain import choosing
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import EACH, ORGANISATION, Answer, Attribute, Feasibility, Question, Wish
from services.cohorts.domain.wishes import Names
from services.cohorts.storage.tables import RoundPlan, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.score_pool import ScoredPool, score_pool
from shared.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Computed:
    """A question with its answer, not kept yet."""

    round_id: UUID
    title: str
    question: Question
    answer: Answer
    pool: ScoredPool
    data_hash: str


@dataclass(frozen=True, slots=True)
class PoolShare:
    """How much of the scored pool has a value, for the builder of targets; `several`: people may have more than one."""

    attribute: str
    attribute_label: str
    value: str
    label: str
    count: int
    share: float
    several: bool = False


def pool_shares(uow: CohortsUnit, round_id: UUID) -> tuple[list[PoolShare], ScoredPool]:
    """Shares of the scored pool by attribute value, and the pool."""
    pool = score_pool(uow, round_id)
    shares = []
    for attribute in pool.attributes:
        several = any(isinstance(c.attributes.get(attribute.id), list) for c in pool.candidates)
        for value, label in attribute.values:
            count = sum(choosing.holds(c.attributes, attribute.id, value) for c in pool.candidates)
            share = count / len(pool.candidates) if pool.candidates else 0.0
            shares.append(PoolShare(attribute.id, attribute.label, value, label, count, share, several))
    return shares, pool


def check_targets(uow: CohortsUnit, round_id: UUID, question: Question) -> Feasibility:
    """Whether the pool can meet the targets, before anybody is chosen.

    Raises:
        Invalid: the question makes no sense for this pool.
    """
    pool = score_pool(uow, round_id)
    return choosing.feasibility(pool.candidates, pool.attributes, question)


def compute_selection(uow: CohortsUnit, round_id: UUID, title: str, question: Question) -> Computed:
    """Solve, in a reading unit of work, so that a long search keeps nobody from writing.

    Raises:
        Invalid: the question makes no sense for this pool.
    """
    if len(title) > 200:
        raise Invalid({"title": ["Keep the name under 200 characters."]})
    pool = score_pool(uow, round_id)
    return Computed(
        round_id=round_id,
        title=title.strip(),
        question=question,
        answer=choosing.answer(pool.candidates, pool.attributes, question, str(round_id)),
        pool=pool,
        data_hash=choosing.pool_hash(pool.candidates, question),
    )


def keep_selection(uow: CohortsUnit, actor: Actor, computed: Computed) -> SelectionRun:
    """Keep a computed selection: its inputs, its result and a reason for every person."""
    number = len(uow.runs.of_round(computed.round_id)) + 1
    run = _run(uow, actor, computed, uow.rounds.plan(computed.round_id), number)
    keep_run(uow, run, computed)
    pins = [pin.reference for pin in (*computed.question.pinned_in, *computed.question.pinned_out)]
    uow.record.write(
        actor,
        "selection_run",
        run.round_id,
        run=str(run.id),
        data_hash=run.data_hash,
        size=run.size,
        status=run.status,
        scores=run.scores,
        pinned=pins,
    )
    return run


def keep_run(uow: CohortsUnit, run: SelectionRun, computed: Computed) -> None:
    """Keep a run with what it says of everybody."""
    uow.runs.add(run)
    uow.session.flush()
    scores = {candidate.reference: candidate.score for candidate in computed.pool.candidates}
    uow.runs.add_people(
        [
            {
                "run_id": run.id,
                "application_id": computed.pool.ids[reference],
                "chosen": why.chosen,
                "score": scores[reference],
                "reason_code": why.code,
                "reason": why.text,
                "points": why.points,
                "exact": why.exact,
                "rules": list(why.rules),
                "instead": list(why.instead),
            }
            for reference, why in computed.answer.reasons.items()
        ]
    )


def _run(uow: CohortsUnit, actor: Actor, computed: Computed, plan: RoundPlan, number: int) -> SelectionRun:
    question, answer, pool = computed.question, computed.answer, computed.pool
    return SelectionRun(
        round_id=computed.round_id,
        title=computed.title or f"Selection {number}",
        created_by=actor.person_id,
        created_by_name=actor.name,
        created_at=uow.now,
        size=question.size,
        targets=described(question.wishes, pool.attributes, answer.tallies),
        one_per_organisation=any(w.each and w.attribute == ORGANISATION and w.maximum == 1 for w in question.wishes),
        pinned_in=[asdict(pin) for pin in question.pinned_in],
        pinned_out=[asdict(pin) for pin in question.pinned_out],
        priority_weight=plan.priority_weight,
        review_weight=plan.review_weight,
        data_hash=computed.data_hash,
        pool_size=len(pool.candidates),
        left_out=pool.unscored,
        status=answer.status,
        objective=answer.objective,
        bound=answer.bound,
        counts=list(answer.counts),
        relaxation=list(answer.relaxation),
        clash=list(answer.clash),
        seconds=round(answer.seconds, 4),
        scores=pool.scores,
        seed=str(computed.round_id),
    )


def described(
    wishes: Sequence[Wish], attributes: Sequence[Attribute], tallies: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Wishes as they are kept: with the labels that they had then, and how they came out."""
    names = Names(attributes)
    return [
        {
            **asdict(wish),
            "attribute_label": names.label(wish.attribute),
            "label": "each by itself" if wish.each else names.value(wish.attribute, wish.value),
            **tally,
        }
        for wish, tally in zip(wishes, tallies, strict=True)
    ]


def wish_of(kept: dict[str, Any]) -> Wish:
    """A kept target, to ask it again."""
    return Wish(
        kept["attribute"],
        kept["value"],
        kept["minimum"],
        kept["maximum"],
        tuple((attribute, value) for attribute, value in kept.get("also", ())),
        kept.get("percent", False),
        tuple((value, most) for value, most in kept.get("exceptions", ())),
    )


def question_of(run: SelectionRun) -> Question:
    """The question that a kept run answered, to ask it again or a little differently."""
    wishes = tuple(wish_of(kept) for kept in run.targets)
    if run.one_per_organisation and not any(wish.each and wish.attribute == ORGANISATION for wish in wishes):
        wishes += (Wish(ORGANISATION, EACH, maximum=1),)
    return Question(
        size=run.size,
        wishes=wishes,
        pinned_in=tuple(choosing.Pin(**pin) for pin in run.pinned_in),
        pinned_out=tuple(choosing.Pin(**pin) for pin in run.pinned_out),
    )


def relaxed_question(run: SelectionRun) -> Question:
    """The question of an impossible run with its smallest relaxation applied; Conflict if there is none to apply."""
    if not run.relaxation:
        raise Conflict("These targets can be met as they are.")
    return choosing.stepped(question_of(run), run.relaxation)


def decided_run(uow: CohortsUnit, run_id: UUID) -> SelectionRun:
    """A run that chose people; Conflict for one that could not."""
    run = uow.runs.get(run_id)
    if run.status != "optimal":
        raise Conflict("This selection could not meet its targets, so it chose nobody.")
    return run
