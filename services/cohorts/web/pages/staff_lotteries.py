"""Staff: promise a lottery, work its chances out, draw it."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.draw_lottery import draw_lottery
from services.cohorts.use_cases.promise_lottery import (
    BAND,
    Promise,
    Wanted,
    compute_chances,
    end_lottery,
    keep_chances,
    promise_lottery,
    question_of_lottery,
)
from services.cohorts.use_cases.run_selection import pool_shares, question_of
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages import target_form
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid

pages = Blueprint("staff_lotteries", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/lotteries")
@staff_only
def lotteries(round_id: UUID) -> ResponseReturnValue:
    """The round's lotteries, and a form to promise one."""
    return _lotteries(round_id, {}, {})


def _lotteries(round_id: UUID, values: Mapping[str, Any], errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        return show(
            "lotteries.html",
            uow,
            round_id,
            "staff_selection.selections",
            lotteries=uow.lotteries.of_round(round_id),
            still_open=uow.now < uow.rounds.get(round_id).closes_at,
            values=values,
            errors=errors,
        )


@pages.post("/rounds/<uuid:round_id>/lotteries")
@staff_only
def promise(round_id: UUID) -> ResponseReturnValue:
    """Fix a secret and publish its hash."""
    problems: dict[str, list[str]] = {}
    source = fields.text(request.form, "source")
    day = fields.day(request.form, "source_at", problems, optional=True) if source else None
    try:
        fields.checked(problems)
        with units().begin() as uow:
            zone = ZoneInfo(uow.rounds.get(round_id).zone)
            # The number counts as known from the end of its day.
            known = datetime.combine(day, time(23, 59), zone).astimezone(UTC) if day else None
            row = promise_lottery(uow, actor(), round_id, Promise(fields.text(request.form, "title"), source, known))
    except Invalid as error:
        parts = {part: request.form.get(f"source_at-{part}", "") for part in ("day", "month", "year")}
        values = {"title": request.form.get("title", ""), "source": source, "source_at": parts}
        return _lotteries(round_id, values, error.problems), 422
    flash("The promise is published. Tell people where.", "success")
    return redirect(url_for("staff_lotteries.lottery", lottery_id=row.id))


@pages.get("/lotteries/<uuid:lottery_id>")
@staff_only
def lottery(lottery_id: UUID) -> ResponseReturnValue:
    """One lottery: what is published, and the next step."""
    base = request.args.get("from")
    with units().begin(write=False) as uow:
        row = uow.lotteries.get(lottery_id)
        question = question_of(uow.runs.get(fields.identifier(base))) if base else question_of_lottery(row)
    values = target_form.values_of(question) | {"aim": row.aim, "scope": row.scope, "width": row.band_width or ""}
    return _lottery(lottery_id, values, {})


def _lottery(lottery_id: UUID, values: Mapping[str, Any], errors: Mapping[str, list[str]], more: bool = False) -> str:
    with units().begin(write=False) as uow:
        row = uow.lotteries.get(lottery_id)
        shares, pool = pool_shares(uow, row.round_id)
        return show(
            "lottery.html",
            uow,
            row.round_id,
            "staff_selection.selections",
            lottery=row,
            shares=shares,
            scored=len(pool.candidates),
            still_open=uow.now < uow.rounds.get(row.round_id).closes_at,
            too_early=row.source_at is not None and uow.now < row.source_at,
            runs=[run for run in uow.runs.of_round(row.round_id) if run.kind == "selection"],
            values=values,
            targets=target_form.padded(values.get("targets", []), more),
            errors=errors,
        )


@pages.post("/lotteries/<uuid:lottery_id>/chances")
@staff_only
def chances(lottery_id: UUID) -> ResponseReturnValue:
    """Work the chances out and publish them."""
    problems: dict[str, list[str]] = {}
    question, values = target_form.read_question(request.form, problems)
    values |= {name: fields.text(request.form, name) for name in ("aim", "scope", "width")}
    if request.form.get("do") == "more":
        return _lottery(lottery_id, values, {}, more=True)
    try:
        width = _width(values, problems)
        fields.checked(problems)
        wanted = Wanted(question, values["aim"], values["scope"], width)
        with units().begin(write=False) as uow:
            worked = compute_chances(uow, lottery_id, wanted)
        with units().begin() as uow:
            keep_chances(uow, actor(), worked)
    except Invalid as error:
        return _lottery(lottery_id, values, error.problems), 422
    flash("The chances are published.", "success")
    return redirect(url_for("staff_lotteries.lottery", lottery_id=lottery_id))


def _width(values: Mapping[str, str], problems: dict[str, list[str]]) -> float:
    if values["scope"] != BAND:
        return 0.0
    try:
        return float(values["width"])
    except ValueError:
        problems["width"] = ["Write a number of points, such as 2.5."]
        return 0.0


@pages.post("/lotteries/<uuid:lottery_id>/draw")
@staff_only
def draw(lottery_id: UUID) -> ResponseReturnValue:
    """Reveal the seed and draw."""
    try:
        with units().begin() as uow:
            source_value, file_hash = (fields.text(request.form, name) for name in ("source_value", "file_hash"))
            draw_lottery(uow, actor(), lottery_id, source_value, file_hash)
    except Invalid as error:
        with units().begin(write=False) as uow:
            row = uow.lotteries.get(lottery_id)
        values = target_form.values_of(question_of_lottery(row)) | {"aim": row.aim, "scope": row.scope}
        return _lottery(lottery_id, values, error.problems), 422
    flash("The lottery is drawn, and the seed is published.", "success")
    return redirect(url_for("staff_lotteries.lottery", lottery_id=lottery_id))


@pages.post("/lotteries/<uuid:lottery_id>/end")
@staff_only
def end(lottery_id: UUID) -> ResponseReturnValue:
    """End a lottery that will not be drawn."""
    with units().begin() as uow:
        row = end_lottery(uow, actor(), lottery_id)
    flash("The lottery is ended. Its page says so.", "success")
    return redirect(url_for("staff_lotteries.lotteries", round_id=row.round_id))
