"""Staff: the scored shortlist, and one application with all that is known of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.choosing import read_attributes
from services.cohorts.domain.rubric import read_rubric
from services.cohorts.storage.repositories.applications import SORTS, Filters
from services.cohorts.storage.repositories.blind import shown_answers
from services.cohorts.storage.tables import Round
from services.cohorts.use_cases.list_shortlist import DEFAULT_SORT, list_shortlist, open_application
from services.cohorts.web.context import units
from services.cohorts.web.pages.staff import show, staff_only
from shared.web.api import cursor_of, read_cursor

pages = Blueprint("staff_shortlist", __name__, url_prefix="/cohorts/staff")
_PAGE = 50


@pages.get("/rounds/<uuid:round_id>/shortlist")
@staff_only
def shortlist(round_id: UUID) -> ResponseReturnValue:
    """A page of the shortlist."""
    with units().begin(write=False) as uow:
        attributes = read_attributes(uow.rounds.get(round_id).attributes)
        filters, sort = read_filters(attributes), request.args.get("sort") or DEFAULT_SORT
        keys = read_cursor(request.args.get("cursor"), 2)
        found = list_shortlist(uow, round_id, filters, sort, (keys[0], keys[1]) if keys else None, _PAGE)
        return show(
            "shortlist.html",
            uow,
            round_id,
            "staff_shortlist.shortlist",
            found=found,
            attributes=attributes,
            filters=filters,
            sort=sort,
            sorts=list(SORTS),
            plan=uow.rounds.plan(round_id),
            scores=uow.applications.blended_scores(round_id),
            next=_next(round_id, found.after),
            first=keys is None,
        )


def read_filters(attributes: Any) -> Filters:
    """The filters in the address; an attribute's field is called attribute-<id>."""
    least = request.args.get("least_reviews", "")
    wanted = {a.id: request.args.get(f"attribute-{a.id}", "") for a in attributes}
    return Filters(
        attributes={name: value for name, value in wanted.items() if value},
        least_reviews=int(least) if least.isascii() and least.isdigit() and len(least) < 6 else None,
        flagged=request.args.get("flagged") == "yes",
        text=request.args.get("text", "")[:100],
    )


def _next(round_id: UUID, after: tuple[Any, str] | None) -> str | None:
    if after is None:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "cursor" and value}
    return url_for("staff_shortlist.shortlist", round_id=round_id, cursor=cursor_of(*after), **kept)


@pages.get("/applications/<uuid:application_id>")
@staff_only
def application(application_id: UUID) -> ResponseReturnValue:
    """One application: scores with their breakdown, reviews, answers, and whose it is."""
    with units().begin(write=False) as uow:
        file = open_application(uow, application_id)
        row = file.row.application
        round_: Round = uow.rounds.get(row.round_id)
        deliveries = uow.deliveries.about([f"application/{row.id}"]).get((f"application/{row.id}", row.person_id), [])
        return show(
            "application.html",
            uow,
            row.round_id,
            "staff_shortlist.shortlist",
            file=file,
            a=row,
            rubric=read_rubric(round_.rubric),
            attributes=read_attributes(round_.attributes),
            answers=shown_answers(file.questions, row.visible, uow.blind.redacted(row.id)),
            deliveries=deliveries,
            decision=uow.releases.decision_of(row.id),
            offer=uow.offers.of_application(row.id),
        )
