"""Staff: the cohort's sessions: scheduled, moved, cancelled, and who is invited."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.series import Repeat
from services.cohorts.domain.session import zones as known_zones
from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.use_cases.schedule_series import cancel_series, change_series, schedule_series
from services.cohorts.use_cases.schedule_sessions import (
    change_invitation,
    schedule_session,
)
from services.cohorts.use_cases.see_programme import session_guests
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid, Stale

pages = Blueprint("staff_sessions", __name__, url_prefix="/cohorts/staff")
_TEXTS = (
    *("title", "purpose", "facilitator", "place", "link", "access_notes", "zone", "time", "minutes", "fold"),
    *("joining", "capacity", "group_id", "count", "every", "unit", "without", "scope"),
)


@pages.get("/rounds/<uuid:round_id>/sessions")
@staff_only
def sessions(round_id: UUID) -> ResponseReturnValue:
    """The cohort and its sessions."""
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        return show(
            "sessions.html",
            uow,
            round_id,
            "staff_sessions.sessions",
            cohort=cohort,
            sessions=uow.sessions.of_cohort(cohort.id) if cohort else [],
            participants=uow.cohorts.participants(cohort.id) if cohort else [],
        )


@pages.get("/rounds/<uuid:round_id>/sessions/new")
@staff_only
def new(round_id: UUID) -> ResponseReturnValue:
    """The form for a new session."""
    with units().begin(write=False) as uow:
        zone = uow.rounds.get(round_id).zone
    return _form(round_id, None, {"zone": zone, "minutes": "90", "joining": "invited"}, {})


def _form(
    round_id: UUID, session: ProgrammeSession | None, values: dict[str, Any], errors: dict[str, list[str]]
) -> str:
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        return show(
            "session_form.html",
            uow,
            round_id,
            "staff_sessions.sessions",
            session=session,
            values=values,
            errors=errors,
            groups=uow.groups.of_cohort(cohort.id),
            zones=sorted(z for z in known_zones() if "/" in z and not z.startswith(("Etc/", "SystemV/"))),
        )


@pages.post("/rounds/<uuid:round_id>/sessions/new")
@staff_only
def schedule(round_id: UUID) -> ResponseReturnValue:
    """Schedule it, or the series that it begins."""
    problems: dict[str, list[str]] = {}
    plan, values = _read(problems)
    repeat = _repeat(values, problems)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            cohort = uow.cohorts.of_round(round_id)
            if cohort is None:
                raise Conflict("There is a cohort once the round’s decisions are released.")
            made = (
                [schedule_session(uow, actor(), cohort.id, plan)]
                if repeat.count == 1
                else schedule_series(uow, actor(), cohort.id, plan, repeat)
            )
    except Invalid as error:
        return _form(round_id, None, values, _by_field(error.problems)), 422
    said = "The session is" if len(made) == 1 else f"The {len(made)} sessions are"
    flash(f"{said} scheduled, and the invitations are on their way.", "success")
    return redirect(url_for("staff_sessions.session", session_id=made[0].id))


def _repeat(values: dict[str, Any], problems: dict[str, list[str]]) -> Repeat:
    left_out = set()
    for text in values["without"].replace(",", " ").split():
        try:
            left_out.add(date.fromisoformat(text))
        except ValueError:
            problems["without"] = [f"“{text[:20]}” is no date. Write each as 2027-04-05."]
    return Repeat(
        count=fields.number(values, "count", problems, 1),
        every=fields.number(values, "every", problems, 1),
        unit=values["unit"] or "week",
        without=frozenset(left_out),
    )


def _read(problems: dict[str, list[str]]) -> tuple[Plan, dict[str, Any]]:
    values: dict[str, Any] = {name: fields.text(request.form, name) for name in _TEXTS}
    values["date"] = {part: request.form.get(f"date-{part}", "") for part in ("day", "month", "year")}
    day = fields.day(request.form, "date", problems)
    at = fields.wall_time(request.form, "time", problems)
    texts = {name: values[name] for name in ("title", "purpose", "facilitator", "place", "link", "access_notes")}
    plan = Plan(
        **texts,
        start=datetime.combine(day, at) if day and at else datetime.min,
        minutes=fields.number(request.form, "minutes", problems),
        zone=values["zone"],
        fold=int(values["fold"]) if values["fold"] in {"0", "1"} else None,
        joining=values["joining"] or "invited",
        capacity=fields.number(request.form, "capacity", problems) if values["capacity"] else None,
        group_id=fields.identifier(values["group_id"]) if values["group_id"] else None,
    )
    return plan, values


def _by_field(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    """The use case speaks of a start; the form has a date and a time."""
    return {{"start": "time"}.get(name, name): texts for name, texts in problems.items()}


@pages.get("/sessions/<uuid:session_id>")
@staff_only
def session(session_id: UUID) -> ResponseReturnValue:
    """One session, and who is invited."""
    with units().begin(write=False) as uow:
        row = uow.sessions.get(session_id)
        cohort = uow.cohorts.get(row.cohort_id)
        return show(
            "session.html",
            uow,
            cohort.round_id,
            "staff_sessions.sessions",
            session=row,
            guests=session_guests(uow, row),
            going=uow.places.going(row.id),
            waiting=[place.person_id for place in uow.places.waiting(row.id)],
            group=uow.groups.get(row.group_id) if row.group_id else None,
            series=uow.sessions.of_series(row.series_id) if row.series_id else [],
        )


@pages.get("/sessions/<uuid:session_id>/edit")
@staff_only
def edit(session_id: UUID) -> ResponseReturnValue:
    """The form to move a session or change what it says."""
    with units().begin(write=False) as uow:
        row = uow.sessions.get(session_id)
        round_id = uow.cohorts.get(row.cohort_id).round_id
    start = datetime.fromisoformat(row.local_start)
    names = ("title", "purpose", "facilitator", "place", "link", "access_notes", "zone", "joining", "capacity")
    values = {name: getattr(row, name) for name in names} | {"group_id": str(row.group_id or ""), "scope": "one"}
    values |= {"date": start.date(), "time": f"{start:%H:%M}", "minutes": row.minutes, "fold": str(row.fold)}
    return _form(round_id, row, values, {})


@pages.post("/sessions/<uuid:session_id>/edit")
@staff_only
def change(session_id: UUID) -> ResponseReturnValue:
    """Move or change it."""
    problems: dict[str, list[str]] = {}
    plan, values = _read(problems)
    with units().begin(write=False) as uow:
        row = uow.sessions.get(session_id)
        round_id = uow.cohorts.get(row.cohort_id).round_id
    try:
        fields.checked(problems)
        with units().begin() as uow:
            change_series(uow, actor(), session_id, plan, values["scope"] or "one", fields.revision(request.form))
    except Invalid as error:
        return _form(round_id, row, values, _by_field(error.problems)), 422
    except Stale as error:
        return _form(round_id, row, values, {"title": [error.message]}), 412
    flash("The session is changed, and everybody’s calendar follows.", "success")
    return redirect(url_for("staff_sessions.session", session_id=session_id))


@pages.post("/sessions/<uuid:session_id>/cancel")
@staff_only
def cancel(session_id: UUID) -> ResponseReturnValue:
    """Cancel it."""
    scope = request.form.get("scope", "one")
    with units().begin() as uow:
        gone = cancel_series(uow, actor(), session_id, scope, fields.revision(request.form))
    said = "The session is" if len(gone) == 1 else f"{len(gone)} sessions are"
    flash(f"{said} cancelled, and everybody is told.", "info")
    return redirect(url_for("staff_sessions.session", session_id=session_id))


@pages.post("/sessions/<uuid:session_id>/guests/<uuid:person_id>")
@staff_only
def guest(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Invite one participant, or take them off the list."""
    with units().begin() as uow:
        change_invitation(uow, actor(), session_id, person_id, request.form.get("invited") == "yes")
    flash("The list is changed. Only this person is written to.", "success")
    return redirect(url_for("staff_sessions.session", session_id=session_id))
