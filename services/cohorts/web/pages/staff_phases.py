"""Staff: the dates of a panel's phases, and the terms that its members agree to."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.phases import ORDER, Phases
from services.cohorts.use_cases.publish_terms import publish_terms
from services.cohorts.use_cases.set_phases import begin_next, set_phases
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid, Stale

pages = Blueprint("staff_phases", __name__, url_prefix="/cohorts/staff")
_DATES = ("scoring_opens", "scoring_due", "review_closes", "discussion_closes")


@pages.get("/rounds/<uuid:round_id>/phases")
@staff_only
def phases(round_id: UUID) -> ResponseReturnValue:
    """When each phase begins, and where the panel is now."""
    return _phases(round_id, None, {})


def _phases(round_id: UUID, typed: dict[str, Any] | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        found, plan = uow.rounds.phases(round_id), uow.rounds.plan(round_id)
        zone = uow.rounds.get(round_id).zone
        return show(
            "phases.html",
            uow,
            round_id,
            "staff_panel.members",
            phases=found,
            phase=found.at(uow.now),
            order=ORDER,
            values=typed or _days(found, zone),
            revision=fields.revision(request.form) or plan.revision if typed else plan.revision,
            errors=errors,
        )


def _days(found: Phases, zone: str) -> dict[str, date | None]:
    times = (found.scoring_opens_at, found.scoring_due_at, found.scoring_closes_at, found.discussion_closes_at)
    days = (at.astimezone(ZoneInfo(zone)).date() if at else None for at in times)
    return dict(zip(_DATES, days, strict=True))


@pages.post("/rounds/<uuid:round_id>/phases")
@staff_only
def keep_phases(round_id: UUID) -> ResponseReturnValue:
    """Settle the dates: a phase opens as its day begins, and closes as its day ends."""
    problems: dict[str, list[str]] = {}
    days = {name: fields.day(request.form, name, problems, optional=True) for name in _DATES}
    try:
        fields.checked(problems)
        with units().begin() as uow:
            zone, before = uow.rounds.get(round_id).zone, uow.rounds.phases(round_id)
            wanted = Phases(
                scoring_opens_at=fields.kept_time(
                    before.scoring_opens_at, _start_of_day(days["scoring_opens"], zone), zone
                ),
                scoring_due_at=fields.end_of_day(days["scoring_due"], zone),
                scoring_closes_at=fields.kept_time(
                    before.scoring_closes_at, fields.end_of_day(days["review_closes"], zone), zone
                ),
                discussion_closes_at=fields.kept_time(
                    before.discussion_closes_at, fields.end_of_day(days["discussion_closes"], zone), zone
                ),
            )
            set_phases(uow, actor(), round_id, wanted, fields.revision(request.form))
    except Invalid as error:
        typed = {
            name: {part: request.form.get(f"{name}-{part}", "") for part in ("day", "month", "year")} for name in _DATES
        }
        return _phases(round_id, typed, error.problems), 422
    flash("The dates are kept.", "success")
    return redirect(url_for("staff_phases.phases", round_id=round_id))


def _start_of_day(day: date | None, zone: str) -> datetime | None:
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pages.post("/rounds/<uuid:round_id>/phases/next")
@staff_only
def next_phase(round_id: UUID) -> ResponseReturnValue:
    """Begin the next phase now."""
    try:
        with units().begin() as uow:
            phase = begin_next(uow, actor(), round_id, fields.revision(request.form))
    except Stale:
        raise
    except Conflict as error:
        flash(error.message, "warning")
    else:
        flash(f"The panel’s phase is now: {phase}.", "success")
    return redirect(url_for("staff_phases.phases", round_id=round_id))


@pages.get("/rounds/<uuid:round_id>/terms")
@staff_only
def terms(round_id: UUID) -> ResponseReturnValue:
    """What the panel agrees to, and who agreed to which version when."""
    return _terms(round_id, None, {})


def _terms(round_id: UUID, typed: str | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        versions, members = uow.terms.of_round(round_id), uow.panels.of_round(round_id)
        return show(
            "terms.html",
            uow,
            round_id,
            "staff_panel.members",
            versions=versions,
            accepted=uow.terms.accepted([member.id for member in members]),
            members=members,
            text=typed if typed is not None else (versions[0].text if versions else ""),
            over=versions[0].version if versions else 0,
            errors=errors,
        )


@pages.post("/rounds/<uuid:round_id>/terms")
@staff_only
def keep_terms(round_id: UUID) -> ResponseReturnValue:
    """Publish the next version."""
    text, over = fields.text(request.form, "text"), fields.text(request.form, "over")
    try:
        with units().begin() as uow:
            row = publish_terms(
                uow,
                actor(),
                round_id,
                text,
                over=int(over) if over.isascii() and over.isdigit() else None,
                ask_again=request.form.get("ask_again") == "yes",
            )
    except Invalid as error:
        return _terms(round_id, text, error.problems), 422
    flash(f"Version {row.version} of the terms is published.", "success")
    return redirect(url_for("staff_phases.terms", round_id=round_id))
