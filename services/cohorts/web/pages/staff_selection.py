"""Staff: ask who would be chosen under some targets, read why, and make a selection the round's decision."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.cohorts.domain.choosing import Pin, Question, Wish
from services.cohorts.storage.tables import SelectionRun
from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.use_cases.run_selection import compute_selection, keep_selection, pool_shares
from services.cohorts.use_cases.stage_decisions import stage_decisions
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid

pages = Blueprint("staff_selection", __name__, url_prefix="/cohorts/staff")
ROWS = 6
"""Lines for targets on the form; more can be had by sending it."""


@pages.get("/rounds/<uuid:round_id>/selection")
@staff_only
def selections(round_id: UUID) -> ResponseReturnValue:
    """The builder of targets beside the pool's shares, and the selections so far."""
    with units().begin(write=False) as uow:
        base = request.args.get("from")
        values = _of_run(uow.runs.get(fields.identifier(base))) if base else {"size": uow.rounds.plan(round_id).places}
    return _builder(round_id, values, {})


def _of_run(run: SelectionRun) -> dict[str, Any]:
    return {
        "title": "",
        "size": run.size,
        "targets": [{**t, "what": f"{t['attribute']}={t['value']}"} for t in run.targets],
        "one_per_organisation": run.one_per_organisation,
        "pinned_in": "\n".join(f"{pin['reference']}: {pin['reason']}" for pin in run.pinned_in),
        "pinned_out": "\n".join(f"{pin['reference']}: {pin['reason']}" for pin in run.pinned_out),
    }


def _builder(round_id: UUID, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        shares, scored, unscored = pool_shares(uow, round_id)
        targets = list(values.get("targets", []))
        targets += [{} for _ in range(max(ROWS - len(targets), 1))]
        return show(
            "selection.html",
            uow,
            round_id,
            "staff_selection.selections",
            shares=shares,
            scored=scored,
            unscored=unscored,
            runs=uow.runs.of_round(round_id),
            plan=uow.rounds.plan(round_id),
            release=uow.releases.of_round(round_id),
            values=values,
            targets=targets,
            errors=errors,
        )


@pages.post("/rounds/<uuid:round_id>/selection")
@staff_only
def select(round_id: UUID) -> ResponseReturnValue:
    """Choose, and keep the answer."""
    problems: dict[str, list[str]] = {}
    question, values = _question(request.form, problems)
    try:
        fields.checked(problems)
        with units().begin(write=False) as uow:
            computed = compute_selection(uow, round_id, values["title"], question)
    except Invalid as error:
        return _builder(round_id, values, error.problems), 422
    with units().begin() as uow:
        run = keep_selection(uow, actor(), computed)
    return redirect(url_for("staff_selection.result", run_id=run.id))


def _question(form: MultiDict[str, str], problems: dict[str, list[str]]) -> tuple[Question, dict[str, Any]]:
    lines: list[dict[str, str]] = []
    wishes: list[Wish] = []
    for number, what in enumerate(form.getlist("target")):
        line = {name: fields.text(form, f"{name}-{number}") for name in ("minimum", "maximum")}
        if what or any(line.values()):
            lines.append({**line, "what": what})
            wishes.append(_wish(len(wishes), what, line, problems))
    values: dict[str, Any] = {name: fields.text(form, name) for name in ("title", "size", "pinned_in", "pinned_out")}
    values |= {"targets": lines, "one_per_organisation": form.get("one_per_organisation") == "yes"}
    question = Question(
        size=fields.number(form, "size", problems),
        wishes=tuple(wishes),
        one_per_organisation=values["one_per_organisation"],
        pinned_in=_pins(values["pinned_in"]),
        pinned_out=_pins(values["pinned_out"]),
    )
    return question, values


def _wish(number: int, what: str, line: Mapping[str, str], problems: dict[str, list[str]]) -> Wish:
    attribute, _, value = what.partition("=")
    bounds: dict[str, int | None] = {"minimum": 0, "maximum": None}
    for name, given in line.items():
        if given.isascii() and given.isdigit():
            bounds[name] = int(given)
        elif given:
            problems[f"target-{number}"] = ["Write whole numbers of people, in figures."]
    return Wish(attribute, value, bounds["minimum"] or 0, bounds["maximum"])


def _pins(text: str) -> tuple[Pin, ...]:
    """One a line: the reference, then a colon or a space, then the reason."""
    pins = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        reference, _, reason = line.partition(":") if ":" in line else line.partition(" ")
        pins.append(Pin(reference.strip().upper(), reason.strip()))
    return tuple(pins)


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
