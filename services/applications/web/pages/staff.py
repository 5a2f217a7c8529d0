"""Staff: a round's applications, sorted, filtered and one by one with the breakdown of each score."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.storage.applications import SORTS, ListWish
from services.applications.storage.tables import ApplicationRow
from services.applications.use_cases.fill_in import Draft
from services.applications.use_cases.keep_round import texts_of
from services.applications.web.answers import answer_rows
from services.applications.web.context import units
from services.applications.web.stages import stage_of
from shared.errors import Invalid
from shared.web import access
from shared.web.api import cursor_of, read_cursor

pages = Blueprint("staff", __name__, url_prefix="/staff")
STATES = ("submitted", "draft", "withdrawn")


def read_wish(limit: int = 50) -> ListWish:
    """What the address asks for; raises Invalid naming the parameter."""
    sort, state = request.args.get("sort", "score"), request.args.get("state", "submitted")
    if sort not in SORTS:
        raise Invalid({"sort": [f"Choose one of: {', '.join(SORTS)}."]})
    if state not in STATES:
        raise Invalid({"state": [f"Choose one of: {', '.join(STATES)}."]})
    after = read_cursor(request.args.get("cursor"), 2)
    return ListWish(
        sort=sort,
        descending=request.args.get("order", "desc") != "asc",
        state=state,
        search=request.args.get("q", "")[:100],
        after=(after[0], str(after[1])) if after else None,
        limit=limit,
    )


def next_cursor(rows: list[ApplicationRow], wish: ListWish) -> str | None:
    """The cursor of the page after `rows`, which hold one row more than the page if there is one."""
    if len(rows) <= wish.limit:
        return None
    last = rows[wish.limit - 1]
    value = {"score": -1 if last.score is None else last.score, "reference": last.reference}.get(wish.sort)
    if wish.sort == "submitted":
        value = last.submitted_at.isoformat() if last.submitted_at else ""
    return cursor_of(value, str(last.id))


@pages.get("/rounds/<uuid:round_id>/applications")
@access.role("staff", "administrator")
def applications(round_id: UUID) -> ResponseReturnValue:
    wish = read_wish()
    with units().begin(write=False) as uow:
        round_ = uow.rounds.get(round_id)
        found = uow.applications.listed(round_id, wish)
        counts = uow.rounds.counts(round_id)
    further = next_cursor([row for row, _ in found], wish)
    return render_template(
        "applications/staff/applications.html",
        round=round_,
        texts=texts_of(round_, "en"),
        found=found[: wish.limit],
        counts=counts,
        states=STATES,
        wish=wish,
        next_href=_address(cursor=further) if further else None,
        first_href=_address(cursor=None) if wish.after else None,
        sort_href=lambda key: _address(sort=key, order=_turned(wish, key), cursor=None),
        state_href=lambda state: _address(state=state, cursor=None),
    )


def _turned(wish: ListWish, key: str) -> str:
    return "asc" if wish.sort == key and wish.descending else "desc"


def _address(**changes: str | None) -> str:
    arguments = {**request.args.to_dict(), **changes}
    kept = {name: value for name, value in arguments.items() if value}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@pages.get("/applications/<uuid:application_id>")
@access.role("staff", "administrator")
def application(application_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row = uow.applications.get(application_id)
        round_ = uow.rounds.get(row.round_id)
        form = uow.rounds.form(row.round_id, row.form_version)
        person = uow.people.get(row.person_id)
        status = uow.applications.status(row.id)
        subjects = [f"application/{row.id}", f"person/{row.person_id}"]
        deliveries = uow.applications.deliveries(subjects)
    return render_template(
        "applications/staff/application.html",
        row=row,
        round=round_,
        texts=texts_of(round_, "en"),
        person=person,
        stage=stage_of(row, status),
        sections=answer_rows(Draft(row, form, row.answers), "en"),
        deliveries=deliveries,
    )
