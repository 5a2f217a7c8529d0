"""Staff: the round's decisions, staged, looked at, and released to everybody at once."""

import json
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.use_cases.preview_decisions import events_of
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.stage_decisions import OUTCOMES, STAGED, take_back_decisions
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only

pages = Blueprint("staff_decisions", __name__, url_prefix="/cohorts/staff")
_PAGE = 100


@pages.get("/rounds/<uuid:round_id>/decisions")
@staff_only
def decisions(round_id: UUID) -> ResponseReturnValue:
    """Everybody's outcome."""
    outcome, after = request.args.get("outcome", ""), request.args.get("after", "0")
    with units().begin(write=False) as uow:
        release = uow.releases.of_round(round_id)
        wanted = outcome if outcome in OUTCOMES else None
        start = int(after) if after.isascii() and after.isdigit() else 0
        found = uow.releases.decisions(release.id, wanted, start, _PAGE + 1) if release else []
        shown = found[:_PAGE]
        rows = with_people(uow, [application for _, application in shown])
        told = uow.deliveries.about((f"application/{a.id}" for _, a in shown), kind="decision_")
        return show(
            "decisions.html",
            uow,
            round_id,
            "staff_decisions.decisions",
            release=release,
            run=uow.runs.get(release.run_id) if release else None,
            counts=uow.releases.counts(release.id) if release else {},
            rows=[(decision, row) for (decision, _), row in zip(shown, rows, strict=True)],
            told=told,
            outcome=wanted,
            messages=json.dumps(events_of(uow, release, shown)) if release and release.state == STAGED else "",
            waiting=uow.releases.unapproved(release.id) if release else 0,
            looked_at=[f"{d.id}:{d.revision}" for d, _ in shown if d.feedback and d.approved_at is None],
            more=shown[-1][0].rank if len(found) > _PAGE else None,
        )


@pages.post("/releases/<uuid:release_id>/release")
@staff_only
def release(release_id: UUID) -> ResponseReturnValue:
    """Tell everybody."""
    with units().begin(write=False) as uow:
        round_id = uow.releases.get(release_id).round_id
    if request.form.get("sure") != "yes":
        flash("Tick the box to say that you have looked at the decisions.", "error")
        return redirect(url_for("staff_decisions.decisions", round_id=round_id))
    with units().begin() as uow:
        release_decisions(uow, actor(), release_id, fields.revision(request.form))
    flash("The decisions are released. Everybody is being told now.", "success")
    return redirect(url_for("staff_decisions.decisions", round_id=round_id))


@pages.post("/releases/<uuid:release_id>/take-back")
@staff_only
def take_back(release_id: UUID) -> ResponseReturnValue:
    """Throw staged decisions away."""
    with units().begin() as uow:
        round_id = uow.releases.get(release_id).round_id
        take_back_decisions(uow, actor(), release_id)
    flash("The staged decisions are taken back. Nobody was told anything.", "info")
    return redirect(url_for("staff_selection.selections", round_id=round_id))
