"""Staff: addresses that must not be written to, and what came back."""

from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.use_cases.keep_suppressions import add_suppression, import_suppressions, lift_suppression
from services.notifications.web.context import units
from shared.errors import Invalid
from shared.web import access
from shared.web.api import cursor_of, read_cursor
from shared.web.identity import known

pages = Blueprint("notifications_suppressions", __name__, url_prefix="/notifications/staff/suppressions")
PAGE = 50


@pages.get("")
@access.role("staff", "administrator")
def listed() -> ResponseReturnValue:
    return _page({})


def _page(errors: dict[str, list[str]]) -> str:
    words = request.args.get("q", "").replace("\x00", "")[:100]
    keys = read_cursor(request.args.get("cursor"), 1)
    with units().begin(write=False) as uow:
        rows = uow.suppressions.listed(uow.now, words, str(keys[0]) if keys else "", PAGE)
        total, reports = uow.suppressions.count(uow.now), uow.bounces.newest(20)
    further = cursor_of(rows[PAGE - 1].email) if len(rows) > PAGE else None
    return render_template(
        "notifications/staff/suppressions.html",
        rows=rows[:PAGE],
        total=total,
        reports=reports,
        words=words,
        errors=errors,
        given=request.form,
        next_href=f"{request.path}?{urlencode({'q': words, 'cursor': further})}" if further else None,
    )


@pages.post("")
@access.role("staff", "administrator")
def add() -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            add_suppression(uow, request.form.get("email", ""), request.form.get("reason", ""), known().person_id)
    except Invalid as error:
        return _page(error.problems), 422
    flash("Nothing is sent to this address any more.", "success")
    return redirect("/notifications/staff/suppressions", 303)


@pages.post("/lift")
@access.role("staff", "administrator")
def lift() -> ResponseReturnValue:
    with units().begin() as uow:
        lift_suppression(uow, request.form.get("email", ""), known().person_id)
    flash("This address can be written to again.", "success")
    return redirect("/notifications/staff/suppressions", 303)


@pages.post("/import")
@access.role("staff", "administrator")
def take_over() -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            found = import_suppressions(uow, request.form.get("addresses", ""), known().person_id)
    except Invalid as error:
        return _page(error.problems), 422
    flash(f"{found.added} addresses added, {found.known} known before.", "success")
    if found.wrong:
        flash(f"No address on line {', '.join(map(str, found.wrong[:20]))}.", "warning")
    return redirect("/notifications/staff/suppressions", 303)
