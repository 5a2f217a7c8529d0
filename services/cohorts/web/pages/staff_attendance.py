"""Staff: who was at a session: marked, read from a meeting's list, or said with a code; and a cohort's whole sum."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.attendance_file import Reading
from services.cohorts.use_cases.keep_attendance import attendance_list, mark_attendance, open_check_in
from services.cohorts.use_cases.take_in_attendance import read_list, sum_attendance, take_in_list
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid
from shared.spreadsheets import Cell, as_csv

pages = Blueprint("staff_attendance", __name__, url_prefix="/cohorts/staff")
_TAB = "staff_sessions.sessions"


@pages.get("/sessions/<uuid:session_id>/attendance")
@staff_only
def attendance(session_id: UUID) -> ResponseReturnValue:
    """Everybody whom the session is for."""
    return _page(session_id, None, "", {})


def _page(session_id: UUID, reading: Reading | None, text: str, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        session = uow.sessions.get(session_id)
        lines = attendance_list(uow, session)
        return show(
            "attendance.html",
            uow,
            uow.cohorts.get(session.cohort_id).round_id,
            _TAB,
            session=session,
            lines=lines,
            names={str(line.person_id): line.person.name for line in lines if line.person},
            reading=reading,
            text=text,
            errors=errors,
        )


@pages.post("/sessions/<uuid:session_id>/attendance")
@staff_only
def mark(session_id: UUID) -> ResponseReturnValue:
    """Keep what staff say."""
    states = {
        fields.identifier(name.removeprefix("state-")): value
        for name, value in request.form.items()
        if name.startswith("state-")
    }
    try:
        with units().begin() as uow:
            changed = mark_attendance(uow, actor(), session_id, states)
    except Conflict as error:
        return _page(session_id, None, "", {"": [error.message]}), 409
    flash(f"Attendance is kept: {changed} changed." if changed else "Nothing had changed.", "success")
    return redirect(url_for("staff_attendance.attendance", session_id=session_id))


@pages.post("/sessions/<uuid:session_id>/attendance/list")
@staff_only
def take_in(session_id: UUID) -> ResponseReturnValue:
    """Look at a meeting's list first; keep it when told to."""
    upload = request.files.get("file")
    text = _decoded(upload.read()) if upload else request.form.get("text", "")
    try:
        if request.form.get("keep") != "yes":
            with units().begin(write=False) as uow:
                return _page(session_id, read_list(uow, session_id, text), text, {})
        with units().begin() as uow:
            found = take_in_list(uow, actor(), session_id, text)
    except Invalid as error:
        return _page(session_id, None, "", error.problems), 422
    except Conflict as error:
        return _page(session_id, None, "", {"": [error.message]}), 409
    flash(f"{len(found.minutes)} people were found in the list.", "success")
    return redirect(url_for("staff_attendance.attendance", session_id=session_id))


def _decoded(content: bytes) -> str:
    """Meeting programs write UTF-8, UTF-16 with a mark, or what Windows had before."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"file": ["This is no text file. Export the list as CSV, and choose that file."]})


@pages.post("/sessions/<uuid:session_id>/code")
@staff_only
def code(session_id: UUID) -> ResponseReturnValue:
    """A code by which participants say that they are there."""
    with units().begin() as uow:
        open_check_in(uow, session_id)
    return redirect(url_for("staff_attendance.attendance", session_id=session_id))


@pages.get("/rounds/<uuid:round_id>/attendance")
@staff_only
def whole(round_id: UUID) -> ResponseReturnValue:
    """The cohort's attendance, person by person."""
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        people = sum_attendance(uow, cohort.id) if cohort else []
        return show("cohort_attendance.html", uow, round_id, _TAB, people=people, cohort=cohort)


@pages.get("/rounds/<uuid:round_id>/attendance.csv")
@staff_only
def table(round_id: UUID) -> Response:
    """The same for a spreadsheet program."""
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        rows: list[list[Cell]] = [
            [p.person.name if p.person else "", p.person.email if p.person else "", p.expected, p.attended, p.excused]
            for p in (sum_attendance(uow, cohort.id) if cohort else [])
        ]
    content = as_csv(["name", "email", "sessions", "attended", "excused"], rows)
    response = Response(content, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="attendance.csv")
    return response
