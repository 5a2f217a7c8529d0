"""The officer's cases, and what staff see of them: how many wait, since when, with whom."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from services.applications.domain import cases as rules
from services.applications.domain.rounds import MINUTE
from services.applications.storage.tables import CaseRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import decide_case
from services.applications.web.context import here, units
from services.applications.web.round_view import view_of
from shared.errors import Conflict, Invalid
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known

pages = Blueprint("officer", __name__)


@pages.get("/officer/cases")
@access.role("officer")
def listed() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        seats = uow.cases.seats_of(known().person_id)
        rows = [_line(uow, row) for row in uow.cases.listed() if row.round_id not in seats]
    return render_template("applications/officer/cases.html", rows=rows, staff=False, barred=len(seats))


@pages.get("/staff/cases")
@access.role("staff", "administrator")
def overview() -> ResponseReturnValue:
    """Staff see that a case waits and with whom, and not what it says."""
    with units().begin(write=False) as uow:
        rows = [_line(uow, row) for row in uow.cases.listed()]
        officers = uow.people.with_role("officer")
        settings = uow.cases.settings()
    return _staff_page(rows, officers, settings, {}, {})


def _staff_page(rows: object, officers: object, settings: object, typed: object, errors: object) -> str:
    return render_template(
        "applications/officer/cases.html",
        rows=rows,
        staff=True,
        officers=officers,
        settings=settings,
        typed=typed,
        errors=errors,
    )


def _line(uow: ApplicationsUnitOfWork, row: CaseRow) -> dict[str, object]:
    round_ = uow.rounds.get(row.round_id)
    officer = uow.people.find(row.officer_id) if row.officer_id else None
    now = here().clock()
    return {
        "row": row,
        "round": round_,
        "officer": officer.name if officer else "",
        "left": rules.working_days_left(now, row.respond_by, round_.zone, uow.cases.settings().holidays),
        "waiting": row.state in rules.WAITING,
        "by": row.respond_by - MINUTE,
        "overdue": row.state in rules.WAITING and now >= row.respond_by,
    }


@pages.post("/staff/cases/settings")
@access.role("administrator")
def settings() -> ResponseReturnValue:
    """Change the working days; cases that are open keep their deadline."""
    typed = {name: request.form.get(name, "") for name in ("review_days", "complaint_days", "window_days", "holidays")}
    try:
        with units().begin() as uow:
            uow.cases.keep_settings(rules.parse_settings(**typed))
    except Invalid as error:
        with units().begin(write=False) as uow:
            rows = [_line(uow, row) for row in uow.cases.listed()]
            page = _staff_page(rows, uow.people.with_role("officer"), uow.cases.settings(), typed, error.problems)
        return page, 422
    flash("Saved. Cases that are open keep their deadline.", "success")
    return redirect("/staff/cases", 303)


@pages.get("/officer/cases/<uuid:case_id>")
@access.role("officer")
def show(case_id: UUID) -> ResponseReturnValue:
    return _page(case_id, {}, {})


def _page(case_id: UUID, typed: dict[str, str], errors: dict[str, list[str]]) -> str:
    who = known().person_id
    with units().begin(write=False) as uow:
        row = decide_case.open_as_officer(uow, case_id, who)
        line, trail = _line(uow, row), uow.cases.trail(case_id)
        officers = decide_case.officers_for(uow, row)
        person = uow.people.get(row.person_id)
        application = uow.applications.get(row.application_id) if row.application_id else None
        status = uow.applications.status(application.id) if application else None
        round_ = view_of(uow.rounds.get(row.round_id), here().clock())
    return render_template(
        "applications/officer/case.html",
        **{**line, "round": round_},
        trail=trail,
        officers=[(str(each.id), each.name) for each in officers],
        person=person,
        application=application,
        status=status,
        ground=rules.GROUNDS[row.kind].get(row.ground, ""),
        mine=row.officer_id == who,
        letter=typed.get("letter", row.letter or _letter(row)),
        outcome=typed.get("outcome", row.outcome),
        outcomes=[("upheld", "Upheld"), ("partly", "Partly upheld"), ("not_upheld", "Not upheld")],
        errors=errors,
    )


def _letter(row: CaseRow) -> str:
    """How a letter begins and ends, in the language of the one who gets it; the officer writes what is between."""
    with force_locale(row.language.replace("-", "_")):
        first = _("Thank you for writing to us. I was not on the panel. I have looked at everything again.")
        last = _("If you are not content with this answer, you may ask the Ombudsman or the funder to look at it.")
    return f"{first}\n\n…\n\n{last}"


@pages.post("/officer/cases/<uuid:case_id>/<what>")
@access.role("officer")
def act(case_id: UUID, what: str) -> ResponseReturnValue:
    """assign, note, decide or release."""
    typed = {name: request.form.get(name, "") for name in ("officer", "note", "outcome", "letter")}
    try:
        with units().begin() as uow:
            _do(uow, case_id, what, typed)
    except Invalid as error:
        return _page(case_id, typed if what == "decide" else {}, error.problems), 422
    except Conflict as error:
        return _page(case_id, typed if what == "decide" else {}, {"": [error.message]}), 409
    if what == "decide":
        return redirect(f"/officer/cases/{case_id}/letter", 303)
    flash("Done.", "success")
    return redirect(f"/officer/cases/{case_id}", 303)


def _do(uow: ApplicationsUnitOfWork, case_id: UUID, what: str, typed: dict[str, str]) -> None:
    who = known().person_id
    if what == "assign":
        decide_case.assign_case(uow, case_id, who, _officer(typed["officer"], who))
    elif what == "note":
        decide_case.note(uow, case_id, who, typed["note"])
    elif what == "decide":
        if "…" in typed["letter"]:
            raise Invalid({"letter": ["Write your answer where the three dots stand."]})
        decide_case.decide(uow, case_id, who, typed["outcome"], typed["letter"], _revision())
    elif what == "release":
        decide_case.release(uow, case_id, who, _revision())
    else:
        raise Invalid({"": ["Choose what to do."]})


def _officer(text: str, who: UUID) -> UUID:
    try:
        return UUID(text) if text else who
    except ValueError:
        raise Invalid({"officer": ["Choose an officer."]}) from None


def _revision() -> int | None:
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@pages.get("/officer/cases/<uuid:case_id>/letter")
@access.role("officer")
def letter(case_id: UUID) -> ResponseReturnValue:
    """The letter as its owner will read it, before it goes."""
    with units().begin(write=False) as uow:
        row = decide_case.open_as_officer(uow, case_id, known().person_id)
        person = uow.people.get(row.person_id)
    return render_template(
        "applications/officer/letter.html", row=row, person=person, mine=row.officer_id == known().person_id
    )
