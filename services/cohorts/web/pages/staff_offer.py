"""Staff: one offer, with more time to answer; and a place for one named person, with the reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.end_offers import extend_offer
from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.use_cases.offer_out_of_turn import offer_out_of_turn
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid, Stale

pages = Blueprint("staff_offer", __name__, url_prefix="/cohorts/staff")
_TAB = "staff_offers.offers"


@pages.get("/offers/<uuid:offer_id>")
@staff_only
def offer(offer_id: UUID) -> ResponseReturnValue:
    """What became of it, and what can be done."""
    return _page(offer_id, None, {})


def _page(offer_id: UUID, day: dict[str, str] | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.offers.get(offer_id)
        application = uow.applications.get(row.application_id)
        (person,) = with_people(uow, [application])
        later = (max(row.respond_by, uow.now) + timedelta(days=7)).date()
        return show(
            "offer.html",
            uow,
            row.round_id,
            _TAB,
            offer=row,
            row=person,
            replaces=uow.offers.find(row.replaces_id) if row.replaces_id else None,
            told=uow.deliveries.about([f"application/{application.id}"]).get(
                (f"application/{application.id}", application.person_id), []
            ),
            day=day or later,
            errors=errors,
        )


@pages.post("/offers/<uuid:offer_id>/extend")
@staff_only
def extend(offer_id: UUID) -> ResponseReturnValue:
    """Give somebody more time."""
    problems: dict[str, list[str]] = {}
    day = fields.day(request.form, "respond_by", problems)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            zone = uow.rounds.get(uow.offers.get(offer_id).round_id).zone
            later = fields.end_of_day(day, zone)
            assert later is not None  # noqa: S101 - a missing day is a problem above
            row = extend_offer(uow, actor(), offer_id, later, fields.revision(request.form))
    except Invalid as error:
        return _page(offer_id, _typed(), error.problems), 422
    except (Stale, Conflict) as error:
        return _page(offer_id, _typed(), {"respond_by": [error.message]}), 409
    flash("They have more time to answer.", "success")
    return redirect(url_for("staff_offers.offers", round_id=row.round_id))


def _typed() -> dict[str, str]:
    return {part: request.form.get(f"respond_by-{part}", "") for part in ("day", "month", "year")}


@pages.get("/rounds/<uuid:round_id>/offers/new")
@staff_only
def new(round_id: UUID) -> ResponseReturnValue:
    """A place for one named person."""
    with units().begin(write=False) as uow:
        days = uow.rounds.plan(round_id).respond_days
        day = (uow.now + timedelta(days=days)).date()
    return _new(round_id, {"reference": request.args.get("reference", ""), "respond_by": day}, {})


def _new(round_id: UUID, values: dict[str, Any], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        return show("new_offer.html", uow, round_id, _TAB, values=values, errors=errors)


@pages.post("/rounds/<uuid:round_id>/offers/new")
@staff_only
def make(round_id: UUID) -> ResponseReturnValue:
    """Offer it."""
    problems: dict[str, list[str]] = {}
    day = fields.day(request.form, "respond_by", problems)
    words = {name: fields.text(request.form, name) for name in ("reference", "reason")}
    values = {**words, "respond_by": _typed()}
    try:
        with units().begin() as uow:
            # Nothing typed is looked at alone: a day that is none is said together with the rest.
            respond_by = fields.end_of_day(day, uow.rounds.get(round_id).zone) or uow.now
            offer_out_of_turn(uow, actor(), round_id, **words, respond_by=respond_by)
    except Invalid as error:
        return _new(round_id, values, {**error.problems, **problems}), 422
    except Conflict as error:
        return _new(round_id, values, {"": [error.message]}), 409
    flash("The offer is on its way.", "success")
    return redirect(url_for("staff_offers.offers", round_id=round_id))
