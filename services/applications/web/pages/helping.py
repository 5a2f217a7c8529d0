"""Whom somebody is asked to help, and helps: for the helper."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.ask_helper import agree_to_help, stop_helping
from services.applications.web.context import language, units
from services.applications.web.round_view import view_for
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.identity import known

pages = Blueprint("helping", __name__, url_prefix="/helping")


@pages.get("")
@access.signed_in
def mine() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        rows = _rows(uow)
    return render_template("applications/account/helping.html", rows=rows)


def _rows(uow: ApplicationsUnitOfWork) -> list[dict[str, object]]:
    found = []
    for helper, row, _round in uow.helping.helped_by(uow.people.get(known().person_id).email):
        form = uow.rounds.form(row.round_id, row.form_version)
        parts = [section.title.say(language()) for section in form.sections if section.id in helper.sections]
        who = uow.people.get(row.person_id)
        found.append({"helper": helper, "row": row, "round": view_for(uow, row), "who": who.name, "parts": parts})
    return found


@pages.post("/<uuid:helper_id>/agreement")
@access.signed_in
def agree(helper_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        helper = agree_to_help(uow, helper_id, known().person_id)
    return redirect(f"/applications/{helper.application_id}", 303)


@pages.post("/<uuid:helper_id>/end")
@access.signed_in
def end(helper_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        stop_helping(uow, helper_id, known().person_id)
    flash(_("You do not help with this form any more."), "success")
    return redirect("/helping", 303)
