"""Staff: ask who would be chosen under some targets, read why, and make a selection the round's decision."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.choosing import Feasibility, Question
from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.use_cases.run_selection import (
    check_targets,
    compute_selection,
    keep_selection,
    pool_shares,
    question_of,
    relaxed_question,
)
from services.cohorts.use_cases.save_targets import bring_targets, remove_targets, save_targets
from services.cohorts.use_cases.stage_decisions import stage_decisions
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages import target_form
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid

pages = Blueprint("staff_selection", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/selection")
@staff_only
def selections(round_id: UUID) -> ResponseReturnValue:
    """The builder of targets beside the pool's shares, and the selections so far."""
    base, kept = request.args.get("from"), request.args.get("set")
    missing: tuple[str, ...] = ()
    with units().begin(write=False) as uow:
        values: dict[str, Any] = {"size": uow.rounds.plan(round_id).places}
        if base:
            values = target_form.values_of(question_of(uow.runs.get(fields.identifier(base))))
        elif kept:
            brought = bring_targets(uow, round_id, fields.identifier(kept))
            missing = brought.missing
            values |= {"targets": target_form.lines_of(brought.wishes)}
    return _builder(round_id, values, {}, missing=missing)


def _builder(
    round_id: UUID,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    *,
    checked: Feasibility | None = None,
    missing: tuple[str, ...] = (),
    more: bool = False,
) -> str:
    with units().begin(write=False) as uow:
        shares, pool = pool_shares(uow, round_id)
        return show(
            "selection.html",
            uow,
            round_id,
            "staff_selection.selections",
            shares=shares,
            scored=len(pool.candidates),
            unscored=pool.unscored,
            scores=pool.scores,
            runs=uow.runs.of_round(round_id),
            sets=uow.target_sets.all(),
            plan=uow.rounds.plan(round_id),
            release=uow.releases.of_round(round_id),
            values=values,
            targets=target_form.padded(values.get("targets", []), more),
            errors=errors,
            checked=checked,
            missing=missing,
        )


@pages.post("/rounds/<uuid:round_id>/selection")
@staff_only
def select(round_id: UUID) -> ResponseReturnValue:
    """Choose and keep the answer; or only check the targets, save them, or give more lines."""
    problems: dict[str, list[str]] = {}
    question, values = target_form.read_question(request.form, problems)
    wanted = request.form.get("do", "choose")
    if wanted == "more":
        return _builder(round_id, values, {}, more=True)
    try:
        fields.checked(problems)
        if wanted == "check":
            with units().begin(write=False) as uow:
                checked = check_targets(uow, round_id, question)
            return _builder(round_id, values, {}, checked=checked)
        if wanted == "save":
            return _save(round_id, question)
        return _choose(round_id, values["title"], question)
    except Invalid as error:
        return _builder(round_id, values, error.problems), 422


def _choose(round_id: UUID, title: str, question: Question) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        computed = compute_selection(uow, round_id, title, question)
    with units().begin() as uow:
        run = keep_selection(uow, actor(), computed)
    return redirect(url_for("staff_selection.result", run_id=run.id))


def _save(round_id: UUID, question: Question) -> ResponseReturnValue:
    with units().begin() as uow:
        kept = save_targets(uow, actor(), round_id, request.form.get("name", ""), question)
    flash(f"The targets are saved as “{kept.name}”.", "success")
    return redirect(url_for("staff_selection.selections", round_id=round_id, set=kept.id))


@pages.post("/rounds/<uuid:round_id>/selection/check")
@staff_only
def check(round_id: UUID) -> ResponseReturnValue:
    """Whether the pool can meet what is typed so far: a piece of the page, for the script."""
    problems: dict[str, list[str]] = {}
    question, _ = target_form.read_question(request.form, problems)
    checked = None
    try:
        fields.checked(problems)
        with units().begin(write=False) as uow:
            checked = check_targets(uow, round_id, question)
    except Invalid as error:
        problems = error.problems
    return render_template("cohorts/staff/target_check.html", checked=checked, problems=problems, size=question.size)


@pages.post("/target-sets/<uuid:set_id>/remove")
@staff_only
def remove_set(set_id: UUID) -> ResponseReturnValue:
    """Throw saved targets away."""
    with units().begin() as uow:
        round_id = remove_targets(uow, set_id)
    flash("The saved targets are gone.", "success")
    return redirect(url_for("staff_selection.selections", round_id=round_id))


@pages.post("/selections/<uuid:run_id>/relax")
@staff_only
def relax(run_id: UUID) -> ResponseReturnValue:
    """Choose again with the smallest relaxation applied."""
    with units().begin(write=False) as uow:
        run = uow.runs.get(run_id)
        computed = compute_selection(uow, run.round_id, f"{run.title}, relaxed"[:200], relaxed_question(run))
    with units().begin() as uow:
        found = keep_selection(uow, actor(), computed)
    return redirect(url_for("staff_selection.result", run_id=found.id))


@pages.get("/selections/<uuid:run_id>")
@staff_only
def result(run_id: UUID) -> ResponseReturnValue:
    """Who, and why, for each person."""
    return _result(run_id, {}, {})


def _result(run_id: UUID, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        run = uow.runs.get(run_id)
        people = uow.runs.people(run_id)
        rows = with_people(uow, [application for _, application in people])
        plan, round_ = uow.rounds.plan(run.round_id), uow.rounds.get(run.round_id)
        release = uow.releases.of_round(run.round_id)
        default: dict[str, Any] = {"waitlist": min(run.size, max(0, len(people) - run.size))}
        default |= {"respond_by": (uow.now + timedelta(days=plan.respond_days)).date()}
        return show(
            "result.html",
            uow,
            round_.id,
            "staff_selection.selections",
            run=run,
            others=[other for other in uow.runs.of_round(run.round_id) if other.id != run.id],
            people=[(person, row) for (person, _), row in zip(people, rows, strict=True)],
            release=release,
            values={**default, **values},
            errors=errors,
        )


@pages.post("/selections/<uuid:run_id>/decide")
@staff_only
def decide(run_id: UUID) -> ResponseReturnValue:
    """Stage the decisions that follow from a selection."""
    problems: dict[str, list[str]] = {}
    waitlist = fields.number(request.form, "waitlist", problems, 0)
    day = fields.day(request.form, "respond_by", problems)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            zone = uow.rounds.get(uow.runs.get(run_id).round_id).zone
            respond_by = fields.end_of_day(day, zone)
            assert respond_by is not None  # noqa: S101 - a missing day is a problem above
            release = stage_decisions(uow, actor(), run_id, waitlist=waitlist, respond_by=respond_by)
    except Invalid as error:
        parts = {part: request.form.get(f"respond_by-{part}", "") for part in ("day", "month", "year")}
        values = {"waitlist": request.form.get("waitlist", ""), "respond_by": parts}
        return _result(run_id, values, error.problems), 422
    flash("Everybody has an outcome now. Nobody is told before you release them.", "success")
    return redirect(url_for("staff_decisions.decisions", round_id=release.round_id))
