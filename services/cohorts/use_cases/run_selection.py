"""Ask who would be chosen under some targets, and keep the answer with everything that it depends on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain import choosing
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Answer, Attribute, Candidate, Question
from services.cohorts.storage.tables import Application, RoundPlan, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Computed:
    """A question with its answer, not kept yet."""

    round_id: UUID
    title: str
    question: Question
    answer: Answer
    candidates: tuple[Candidate, ...]
    ids: dict[str, UUID]
    left_out: int
    data_hash: str


@dataclass(frozen=True, slots=True)
class PoolShare:
    """How much of the scored pool has a value, for the builder of targets."""

    attribute: str
    attribute_label: str
    value: str
    label: str
    count: int
    share: float


def pool_shares(uow: CohortsUnit, round_id: UUID) -> tuple[list[PoolShare], int, int]:
    """Shares of the scored pool by attribute value, how many have a score, and how many have none."""
    round_ = uow.rounds.get(round_id)
    scored, unscored = _pool(uow, round_id)
    shares = []
    for attribute in choosing.read_attributes(round_.attributes):
        for value, label in attribute.values:
            count = sum(choosing.holds(a.attributes, attribute.id, value) for a in scored)
            share = count / len(scored) if scored else 0.0
            shares.append(PoolShare(attribute.id, attribute.label, value, label, count, share))
    return shares, len(scored), len(unscored)


def _pool(uow: CohortsUnit, round_id: UUID) -> tuple[list[Application], list[Application]]:
    pool = uow.applications.pool(round_id)
    return [a for a in pool if a.blended is not None], [a for a in pool if a.blended is None]


def compute_selection(uow: CohortsUnit, round_id: UUID, title: str, question: Question) -> Computed:
    """Solve, in a reading unit of work, so that a long search keeps nobody from writing.

    Raises:
        Invalid: the question makes no sense for this pool.
    """
    attributes: Sequence[Attribute] = choosing.read_attributes(uow.rounds.get(round_id).attributes)
    if len(title) > 200:
        raise Invalid({"title": ["Keep the name under 200 characters."]})
    scored, unscored = _pool(uow, round_id)
    keys = uow.applications.keys(round_id)
    candidates = tuple(
        Candidate(a.reference, round(a.blended or 0.0, 2), a.attributes, keys.get(a.id, "")) for a in scored
    )
    answer = choosing.answer(candidates, attributes, question, str(round_id))
    return Computed(
        round_id=round_id,
        title=title.strip(),
        question=question,
        answer=answer,
        candidates=candidates,
        ids={a.reference: a.id for a in scored},
        left_out=len(unscored),
        data_hash=choosing.pool_hash(candidates, question),
    )


def keep_selection(uow: CohortsUnit, actor: Actor, computed: Computed) -> SelectionRun:
    """Keep a computed selection: its inputs, its result and a reason for every person."""
    number = len(uow.runs.of_round(computed.round_id)) + 1
    run = _run(uow, actor, computed, uow.rounds.plan(computed.round_id), number)
    uow.runs.add(run)
    uow.session.flush()
    scores = {candidate.reference: candidate.score for candidate in computed.candidates}
    uow.runs.add_people(
        [
            {
                "run_id": run.id,
                "application_id": computed.ids[reference],
                "chosen": why.chosen,
                "score": scores[reference],
                "reason_code": why.code,
                "reason": why.text,
            }
            for reference, why in computed.answer.reasons.items()
        ]
    )
    pins = [pin.reference for pin in (*computed.question.pinned_in, *computed.question.pinned_out)]
    uow.record.write(
        actor,
        "selection_run",
        run.round_id,
        run=str(run.id),
        data_hash=run.data_hash,
        size=run.size,
        status=run.status,
        pinned=pins,
    )
    return run


def _run(uow: CohortsUnit, actor: Actor, computed: Computed, plan: RoundPlan, number: int) -> SelectionRun:
    question, answer = computed.question, computed.answer
    return SelectionRun(
        round_id=computed.round_id,
        title=computed.title or f"Selection {number}",
        created_by=actor.person_id,
        created_by_name=actor.name,
        created_at=uow.now,
        size=question.size,
        targets=[_described(wish, answer.counts) for wish in question.wishes],
        one_per_organisation=question.one_per_organisation,
        pinned_in=[asdict(pin) for pin in question.pinned_in],
        pinned_out=[asdict(pin) for pin in question.pinned_out],
        priority_weight=plan.priority_weight,
        review_weight=plan.review_weight,
        data_hash=computed.data_hash,
        pool_size=len(computed.candidates),
        left_out=computed.left_out,
        status=answer.status,
        objective=answer.objective,
        bound=answer.bound,
        counts=list(answer.counts),
        relaxation=list(answer.relaxation),
        clash=list(answer.clash),
        seconds=round(answer.seconds, 4),
    )


def _described(wish: choosing.Wish, counts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    line = next(c for c in counts if (c["attribute"], c["value"]) == (wish.attribute, wish.value))
    return {**asdict(wish), "attribute_label": line["attribute_label"], "label": line["label"]}


def question_of(run: SelectionRun) -> Question:
    """The question that a kept run answered, to ask it again or a little differently."""
    return Question(
        size=run.size,
        wishes=tuple(choosing.Wish(t["attribute"], t["value"], t["minimum"], t["maximum"]) for t in run.targets),
        one_per_organisation=run.one_per_organisation,
        pinned_in=tuple(choosing.Pin(**pin) for pin in run.pinned_in),
        pinned_out=tuple(choosing.Pin(**pin) for pin in run.pinned_out),
    )


def decided_run(uow: CohortsUnit, run_id: UUID) -> SelectionRun:
    """A run that chose people; Conflict for one that could not."""
    run = uow.runs.get(run_id)
    if run.status != "optimal":
        raise Conflict("This selection could not meet its targets, so it chose nobody.")
    return run
