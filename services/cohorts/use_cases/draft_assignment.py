"""Proposals of large rounds: asked for, worked out by a worker outside any transaction, and looked at when ready."""

import logging
from dataclasses import dataclass
from uuid import UUID

from services.cohorts.domain.assignment import STAGES
from services.cohorts.storage.repositories.drafts import FAILED, READY, WAITING
from services.cohorts.storage.tables import AssignmentDraft
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import (
    Proposal,
    Situation,
    as_kept,
    check_mode,
    kept_proposal,
    work_out,
)
from shared.unit_of_work import Units

QUICK = 60_000
"""Pairs of an application and a reviewer that are worked out while somebody waits: well under a second."""


@dataclass(frozen=True, slots=True)
class Working:
    """A proposal that is not there yet. `stage` of `stages` is being worked out; asked for and begun, or neither."""

    mode: str
    pairs: int
    asked: bool
    failed: bool
    stage: int
    stages: int = len(STAGES)


def look_at_assignment(uow: CohortsUnit, round_id: UUID, mode: str, quick: int = QUICK) -> Proposal | Working:
    """The proposal; for a large round, how far it is. Raises as `propose_assignment` does."""
    check_mode(mode)
    now = Situation(uow, round_id)
    if now.size <= quick:
        return work_out(now, mode)
    found = kept_proposal(uow, now, round_id, mode)
    if found is not None:
        return found
    row = uow.drafts.find(round_id, mode)
    current = row if row is not None and row.situation == now.hash else None
    stage = STAGES.index(current.stage) + 1 if current and current.stage in STAGES else 0
    asked, failed = (current.state == WAITING, current.state == FAILED) if current else (False, False)
    return Working(mode, now.size, asked, failed, stage)


def ask_for_assignment(uow: CohortsUnit, round_id: UUID, mode: str) -> None:
    """Have a proposal worked out for the situation as it is now; asking twice changes nothing."""
    check_mode(mode)
    uow.rounds.plan(round_id, lock=True)
    now, row = Situation(uow, round_id), uow.drafts.find(round_id, mode, lock=True)
    if row is not None and row.situation == now.hash and row.state in {WAITING, READY}:
        return
    if row is None:
        row = AssignmentDraft(round_id=round_id, mode=mode)
        uow.session.add(row)
    row.situation, row.state, row.stage, row.result = now.hash, WAITING, "", {}
    row.asked_at, row.ready_at = uow.now, None


class Drafter:
    """A worker's loop that works out what was asked for, one proposal at a step."""

    def __init__(self, units: Units[CohortsUnit]) -> None:
        self._units = units

    def step(self) -> bool:
        """Work one out, if one waits; whether there was one."""
        with self._units.begin(write=False) as uow:
            row = uow.drafts.waiting()
            if row is None:
                return False
            round_id, mode, wanted = row.round_id, row.mode, row.situation
            now = Situation(uow, round_id)
        try:
            found = work_out(now, mode, lambda stage: self._note(round_id, mode, wanted, stage=stage))
        except Exception:
            logging.getLogger(__name__).exception("an assignment could not be worked out")
            self._note(round_id, mode, wanted, state=FAILED)
            return True
        # The lists may have changed since it was asked for: what is kept names the situation that it was made of.
        self._note(round_id, mode, wanted, state=READY, situation=now.hash, result=as_kept(found))
        return True

    def _note(self, round_id: UUID, mode: str, wanted: str, **changes: object) -> None:
        """Change the draft, unless another was asked for meanwhile."""
        with self._units.begin() as uow:
            row = uow.drafts.find(round_id, mode, lock=True)
            if row is None or row.situation != wanted or row.state != WAITING:
                return
            for name, value in changes.items():
                setattr(row, name, value)
            if row.state != WAITING:
                row.ready_at = uow.now
