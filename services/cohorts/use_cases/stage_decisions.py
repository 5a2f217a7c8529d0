"""Make a selection the round's decision: everybody gets an outcome, which can still be looked at and taken back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.revision import step
from services.cohorts.storage.tables import Application, Release, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.run_selection import decided_run
from shared.errors import Conflict, Invalid
from shared.ids import new_id

OFFERED, WAITLISTED, UNSUCCESSFUL = "offered", "waitlisted", "unsuccessful"
OUTCOMES = (OFFERED, WAITLISTED, UNSUCCESSFUL)
STAGED, RELEASED = "staged", "released"


def stage_decisions(uow: CohortsUnit, actor: Actor, run_id: UUID, *, waitlist: int, respond_by: datetime) -> Release:
    """Offer to the run's chosen, put the next `waitlist` by score on the waiting list, and let the rest down gently.

    Staging again replaces what was staged, feedback of people who stay included only where their outcome stays.

    Raises:
        Conflict: the round's decisions are released, or the run chose nobody.
        Invalid: the waiting list or the deadline makes no sense.
    """
    run = decided_run(uow, run_id)
    uow.rounds.plan(run.round_id, lock=True)
    _check(uow, waitlist, respond_by)
    release = uow.releases.of_round(run.round_id, lock=True)
    if release is not None and release.state == RELEASED:
        raise Conflict("The decisions of this round are released. They cannot be made again.")
    kept = _feedback(uow, release)
    release = _begin(uow, release, run, waitlist, respond_by)
    rows = _outcomes(uow, run, waitlist)
    uow.releases.add_decisions(
        [
            {
                "id": new_id(),
                "release_id": release.id,
                "application_id": application.id,
                "outcome": outcome,
                "rank": rank,
                "score": score,
                "told_at": None,
                "revision": 1,
                **kept.get((application.id, outcome), _NO_FEEDBACK),
            }
            for rank, (application, outcome, score) in enumerate(rows, start=1)
        ]
    )
    uow.record.write(actor, "decisions_staged", run.round_id, run=str(run.id), **uow.releases.counts(release.id))
    return release


def _check(uow: CohortsUnit, waitlist: int, respond_by: datetime) -> None:
    problems: dict[str, list[str]] = {}
    if not 0 <= waitlist <= 10_000:
        problems["waitlist"] = ["The waiting list holds nought or more people."]
    if respond_by < uow.now + timedelta(days=1):
        problems["respond_by"] = ["Give people at least a day to answer."]
    if problems:
        raise Invalid(problems)


_NO_FEEDBACK: dict[str, Any] = {"feedback": "", "feedback_by_name": "", "approved_at": None, "approved_by_name": ""}


def _feedback(uow: CohortsUnit, release: Release | None) -> dict[tuple[UUID, str], dict[str, Any]]:
    if release is None:
        return {}
    rows = uow.releases.decisions(release.id)
    return {(a.id, d.outcome): {name: getattr(d, name) for name in _NO_FEEDBACK} for d, a in rows if d.feedback}


def _begin(
    uow: CohortsUnit, release: Release | None, run: SelectionRun, waitlist: int, respond_by: datetime
) -> Release:
    if release is None:
        release = Release(round_id=run.round_id, created_at=uow.now, released_by_name="", revision=0)
        uow.releases.add(release)
    else:
        uow.releases.clear(release.id)
    release.run_id, release.state, release.waitlist, release.respond_by = run.id, STAGED, waitlist, respond_by
    step(release, None)
    uow.session.flush()
    return release


def _outcomes(uow: CohortsUnit, run: SelectionRun, waitlist: int) -> list[tuple[Application, str, float | None]]:
    """Everybody still in the pool: the chosen, then by score. Who had no score then comes last."""
    pool = {a.id: a for a in uow.applications.pool(run.round_id)}
    pinned_out = {pin["reference"] for pin in run.pinned_out}
    rows: list[tuple[Application, str, float | None]] = []
    for person, application in uow.runs.people(run.id):
        if pool.pop(application.id, None) is None:
            continue
        waits = not person.chosen and waitlist > 0 and application.reference not in pinned_out
        rows.append((application, OFFERED if person.chosen else WAITLISTED if waits else UNSUCCESSFUL, person.score))
        waitlist -= waits
    return rows + [(application, UNSUCCESSFUL, None) for application in pool.values()]


def take_back_decisions(uow: CohortsUnit, actor: Actor, release_id: UUID) -> None:
    """Throw staged decisions away; nobody was told.

    Raises:
        Conflict: they are released.
    """
    release = uow.releases.get(release_id, lock=True)
    if release.state == RELEASED:
        raise Conflict("The decisions are released. They cannot be taken back.")
    uow.releases.clear(release.id)
    uow.session.delete(release)
    uow.session.flush()
    uow.record.write(actor, "decisions_taken_back", release.round_id)
