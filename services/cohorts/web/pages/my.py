"""A participant's own page: sessions, places in them, saying that one is there, and the welcome pack."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.cohorts.domain.session import WAITING
from services.cohorts.use_cases.keep_attendance import check_in
from services.cohorts.use_cases.keep_welcome_pack import acknowledge_pack
from services.cohorts.use_cases.see_programme import my_programme, my_welcome
from services.cohorts.use_cases.see_surveys import my_surveys
from services.cohorts.use_cases.take_places import give_up_place, take_place
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from shared.errors import Conflict, Invalid
from shared.web import access, i18n
from shared.web.identity import known
from shared.web.prose import from_markdown
from shared.web.spoken import in_own_words, say

pages = Blueprint("my", __name__, url_prefix="/cohorts/my")


@pages.get("/", strict_slashes=False)
@access.signed_in
def programme() -> ResponseReturnValue:
    """My cohorts and sessions, and offers that wait for my answer."""
    return _page(None, {})


def _page(about: UUID | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        mine = my_programme(uow, actor())
        packs = [my_welcome(uow, known().person_id, cohort, i18n.chosen_language() or "en") for cohort in mine.cohorts]
        return render_template(
            "cohorts/my/programme.html",
            mine=mine,
            packs=[pack for pack in packs if pack],
            surveys=my_surveys(uow, known().person_id, i18n.chosen_language() or "en"),
            about=about,
            errors=errors,
        )


@pages.post("/sessions/<uuid:session_id>/place")
@access.signed_in
def sign_up(session_id: UUID) -> ResponseReturnValue:
    """Take a place, or wait for one."""
    try:
        with units().begin() as uow:
            place = take_place(uow, known().person_id, session_id)
    except Conflict as error:
        flash(say(error.message), "warning")
        return redirect(url_for("my.programme"))
    if place.state == WAITING:
        flash(_("It is full. You are on the waiting list, and we write to you when a place is free."), "info")
    else:
        flash(_("You have a place. The invitation for your calendar comes by email."), "success")
    return redirect(url_for("my.programme"))


@pages.post("/sessions/<uuid:session_id>/place/give-up")
@access.signed_in
def give_up(session_id: UUID) -> ResponseReturnValue:
    """Give the place up, or stop waiting."""
    try:
        with units().begin() as uow:
            give_up_place(uow, known().person_id, session_id)
    except Conflict as error:
        flash(say(error.message), "warning")
        return redirect(url_for("my.programme"))
    flash(_("Your place goes to somebody who waits for one. Thank you for saying so."), "success")
    return redirect(url_for("my.programme"))


@pages.post("/sessions/<uuid:session_id>/here")
@access.signed_in
def here(session_id: UUID) -> ResponseReturnValue:
    """Say that one is there, with the code."""
    try:
        with units().begin() as uow:
            check_in(uow, known().person_id, session_id, fields.text(request.form, "code"))
    except Invalid as error:
        return _page(session_id, in_own_words(error.problems)), 422
    except Conflict as error:
        return _page(session_id, {"code": [say(error.message)]}), 409
    flash(_("Thank you. It is noted that you are here."), "success")
    return redirect(url_for("my.programme"))


@pages.get("/welcome/<uuid:cohort_id>")
@access.signed_in
def welcome(cohort_id: UUID) -> ResponseReturnValue:
    """The welcome pack, in my language."""
    with units().begin(write=False) as uow:
        cohort = next((c for c in uow.cohorts.of_person(known().person_id) if c.id == cohort_id), None)
        mine = my_welcome(uow, known().person_id, cohort, i18n.chosen_language() or "en") if cohort else None
        if mine is None:
            return render_template("cohorts/my/no_welcome.html"), 404
        return render_template("cohorts/my/welcome.html", mine=mine, body=from_markdown(mine.pack.body))


@pages.post("/welcome/<uuid:pack_id>/read")
@access.signed_in
def read(pack_id: UUID) -> ResponseReturnValue:
    """I have read it."""
    with units().begin() as uow:
        acknowledge_pack(uow, known().person_id, pack_id)
    flash(_("Thank you. You can come back to it at any time."), "success")
    return redirect(url_for("my.programme"))
