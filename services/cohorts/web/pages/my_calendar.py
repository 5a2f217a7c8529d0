"""A participant's month, and the private address that brings their sessions into any calendar program."""

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.cohorts.domain.month import beside, read_month, weeks
from services.cohorts.domain.session import SCHEDULED
from services.cohorts.storage.tables import ProgrammeSession
from services.cohorts.use_cases.subscribe_calendar import end_feed, feed_address, make_feed, read_feed
from services.cohorts.web.context import units
from shared.web import access
from shared.web.identity import known

pages = Blueprint("my_calendar", __name__, url_prefix="/cohorts")


@pages.get("/my/calendar")
@access.signed_in
def month() -> ResponseReturnValue:
    """One month of my sessions."""
    with units().begin(write=False) as uow:
        first = read_month(request.args.get("month", ""), uow.now.date())
        sessions = [s for s in uow.sessions.of_person(known().person_id) if s.status == SCHEDULED]
        address = feed_address(uow, known().person_id)
        today = uow.now.date()
    before, after = beside(first)
    return render_template(
        "cohorts/my/calendar.html",
        first=first,
        today=today,
        weeks=weeks(first, [(_day(session), session) for session in sessions]),
        listed=[session for session in sessions if _day(session).replace(day=1) == first],
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
        address=address,
    )


def _day(session: ProgrammeSession) -> date:
    """The day on which it is for those who are where it is."""
    return session.starts_at.astimezone(ZoneInfo(session.zone)).date()


@pages.post("/my/calendar/address")
@access.signed_in
def make() -> ResponseReturnValue:
    """A private address: a first one, or another in place of the one before."""
    with units().begin() as uow:
        make_feed(uow, known().person_id)
    flash(_("Here is your private address. Keep it to yourself."), "success")
    return redirect(url_for("my_calendar.month"))


@pages.post("/my/calendar/address/end")
@access.signed_in
def end() -> ResponseReturnValue:
    """The address stops working."""
    with units().begin() as uow:
        end_feed(uow, known().person_id)
    flash(_("The private address no longer works."), "info")
    return redirect(url_for("my_calendar.month"))


@pages.get("/calendar/<token>.ics")
@access.public
def feed(token: str) -> Response:
    """The calendar itself: the address is the key."""
    with units().begin(write=False) as uow:
        content = read_feed(uow, token)
    response = Response(content, content_type="text/calendar; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="hearth.ics")
    return response
