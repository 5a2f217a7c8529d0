"""Staff: who has answered, who has not, and who gets the places that came free."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.end_offers import confirm_lapse
from services.cohorts.use_cases.list_shortlist import with_people
from services.cohorts.use_cases.propose_backfill import confirm_backfill, propose_backfill
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid

pages = Blueprint("staff_offers", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/offers")
@staff_only
def offers(round_id: UUID) -> ResponseReturnValue:
    """Every offer, those that wait for staff first."""
    with units().begin(write=False) as uow:
        found = uow.offers.of_round(round_id)
        rows = with_people(uow, [application for _, application in found])
        return show(
            "offers.html",
            uow,
            round_id,
            "staff_offers.offers",
            rows=[(offer, row) for (offer, _), row in zip(found, rows, strict=True)],
            counts=uow.offers.counts(round_id),
            told=uow.deliveries.about((f"application/{a.id}" for _, a in found), kind="decision_"),
            cohort=uow.cohorts.of_round(round_id),
        )


@pages.post("/offers/<uuid:offer_id>/lapse")
@staff_only
def lapse(offer_id: UUID) -> ResponseReturnValue:
    """Confirm that an unanswered offer has lapsed."""
    with units().begin() as uow:
        offer = confirm_lapse(uow, actor(), offer_id, fields.revision(request.form))
    flash("The offer has lapsed, and its owner is told. You can fill the place again.", "success")
    return redirect(url_for("staff_offers.offers", round_id=offer.round_id))


@pages.get("/rounds/<uuid:round_id>/backfill")
@staff_only
def backfill(round_id: UUID) -> ResponseReturnValue:
    """Who would get the free places, and how the targets come out."""
    return _backfill(round_id, {})


def _backfill(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        proposal = propose_backfill(uow, round_id)
        rows = with_people(uow, [replacement.application for replacement in proposal.replacements])
        days = uow.rounds.plan(round_id).respond_days
        return show(
            "backfill.html",
            uow,
            round_id,
            "staff_offers.offers",
            proposal=proposal,
            rows=list(zip(proposal.replacements, rows, strict=True)),
            respond_by=(uow.now + timedelta(days=days)).date(),
            errors=errors,
        )


@pages.post("/rounds/<uuid:round_id>/backfill")
@staff_only
def fill(round_id: UUID) -> ResponseReturnValue:
    """Make the offers that were proposed."""
    problems: dict[str, list[str]] = {}
    day = fields.day(request.form, "respond_by", problems)
    try:
        fields.checked(problems)
        with units().begin() as uow:
            respond_by = fields.end_of_day(day, uow.rounds.get(round_id).zone)
            assert respond_by is not None  # noqa: S101 - a missing day is a problem above
            made = confirm_backfill(uow, actor(), round_id, fields.text(request.form, "fingerprint"), respond_by)
    except Invalid as error:
        return _backfill(round_id, error.problems), 422
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for("staff_offers.backfill", round_id=round_id))
    flash(f"{len(made)} new offers are on their way.", "success")
    return redirect(url_for("staff_offers.offers", round_id=round_id))
