"""Staff: the scored shortlist, its pictures and files, and one application with all that is known of it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.choosing import Attribute, read_attributes
from services.cohorts.domain.rubric import read_rubric
from services.cohorts.storage.repositories.blind import shown_answers
from services.cohorts.storage.repositories.shortlist import Filters
from services.cohorts.storage.tables import Round
from services.cohorts.use_cases.list_shortlist import (
    DEFAULT_SORT,
    compare_chosen,
    list_shortlist,
    open_application,
    whole_shortlist,
)
from services.cohorts.use_cases.mark_applications import mark_applications, review_marks, take_back_mark
from services.cohorts.use_cases.save_view import forget_view, save_view
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from services.cohorts.web.shortlist_file import Cell, as_csv, as_xlsx, cells, header
from services.cohorts.web.shortlist_pictures import attribute_bars, pictures
from shared.errors import Invalid
from shared.web.api import cursor_of, read_cursor

pages = Blueprint("staff_shortlist", __name__, url_prefix="/cohorts/staff")
_PAGE = 50
_TAB = "staff_shortlist.shortlist"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/rounds/<uuid:round_id>/shortlist")
@staff_only
def shortlist(round_id: UUID) -> ResponseReturnValue:
    """A page of the shortlist."""
    return _list_page(round_id, {})


def _list_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        attributes = read_attributes(uow.rounds.get(round_id).attributes)
        filters, sort = read_filters(attributes), request.args.get("sort") or DEFAULT_SORT
        keys = read_cursor(request.args.get("cursor"), 2)
        found = list_shortlist(uow, round_id, filters, sort, (keys[0], keys[1]) if keys else None, _PAGE)
        return show(
            "shortlist.html",
            uow,
            round_id,
            _TAB,
            found=found,
            attributes=attributes,
            filters=filters,
            sort=sort,
            plan=uow.rounds.plan(round_id),
            views=uow.shortlist.views(round_id, actor().person_id),
            me=actor().person_id,
            query=query_string(),
            kept=parse_qsl(query_string()),
            next=_next(round_id, found.after),
            first=keys is None,
            errors=errors,
        )


def query_string(**changes: str) -> str:
    """The order and the filters of the address, without what belongs to one page of them."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if value and name not in _OF_ONE_PAGE]
    return urlencode([pair for pair in kept if pair[0] not in changes] + list(changes.items()))


_OF_ONE_PAGE = ("cursor", "id", "format", "kind", "text_of_mark")


def read_filters(attributes: Any) -> Filters:
    """The filters in the address; an attribute's field is called attribute-<id>."""
    least = request.args.get("least_reviews", "")
    wanted = {a.id: request.args.get(f"attribute-{a.id}", "") for a in attributes}
    return Filters(
        attributes={name: value for name, value in wanted.items() if value},
        least_reviews=int(least) if least.isascii() and least.isdigit() and len(least) < 6 else None,
        flagged=request.args.get("flagged") == "yes",
        stage=request.args.get("stage") or None,
        text=request.args.get("text", "")[:100],
        least_priority=_figure("least_priority"),
        least_score=_figure("least_score"),
        disagreement=request.args.get("disagreement") == "yes",
        marked=request.args.get("marked") == "yes",
        contested=request.args.get("contested") == "yes",
    )


def _figure(name: str) -> float | None:
    text = request.args.get(name, "").strip()
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 10 else None


def _next(round_id: UUID, after: tuple[Any, str] | None) -> str | None:
    if after is None:
        return None
    return f"{url_for(_TAB, round_id=round_id)}?{query_string(cursor=cursor_of(*after))}"


@pages.get("/rounds/<uuid:round_id>/shortlist/pictures")
@staff_only
def distributions(round_id: UUID) -> ResponseReturnValue:
    """How the scores spread, and how each attribute stands, among those that the filters leave."""
    with units().begin(write=False) as uow:
        attributes = read_attributes(uow.rounds.get(round_id).attributes)
        filters = read_filters(attributes)
        return show(
            "shortlist_pictures.html",
            uow,
            round_id,
            _TAB,
            total=uow.shortlist.count(round_id, filters),
            pictures=pictures(uow, round_id, filters),
            groups=[attribute_bars(uow, round_id, filters, attribute) for attribute in attributes],
            query=query_string(),
        )


@pages.get("/rounds/<uuid:round_id>/shortlist/file")
@staff_only
def file(round_id: UUID) -> ResponseReturnValue:
    """All that the filters leave, as CSV or (`?format=xlsx`) for a spreadsheet."""
    with units().begin(write=False) as uow:
        round_ = uow.rounds.get(round_id)
        attributes = read_attributes(round_.attributes)
        filters, sort = read_filters(attributes), request.args.get("sort") or DEFAULT_SORT
        rows = [cells(row, attributes) for row in whole_shortlist(uow, round_id, filters, sort)]
    return _download(f"{round_.slug}-shortlist", _with_head(attributes, rows))


def _with_head(attributes: tuple[Attribute, ...], rows: list[list[Cell]]) -> Iterator[list[Cell]]:
    yield list(header(attributes))
    yield from rows


def _download(name: str, rows: Iterator[list[Cell]]) -> Response:
    if request.args.get("format") == "xlsx":
        answer, ending = Response(as_xlsx(rows), mimetype=_XLSX), "xlsx"
    else:
        answer, ending = Response("".join(as_csv(rows)), mimetype="text/csv"), "csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def _chosen(values: list[str]) -> list[UUID]:
    found = []
    for value in values[:1_000]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


@pages.get("/rounds/<uuid:round_id>/shortlist/compare")
@staff_only
def compare(round_id: UUID) -> ResponseReturnValue:
    """The ticked applications side by side."""
    try:
        with units().begin(write=False) as uow:
            round_ = uow.rounds.get(round_id)
            rows = compare_chosen(uow, round_id, _chosen(request.args.getlist("id")))
            attributes = read_attributes(round_.attributes)
            return show(
                "shortlist_compare.html", uow, round_id, _TAB, rows=rows, attributes=attributes, query=query_string()
            )
    except Invalid as error:
        return _list_page(round_id, error.problems), 422


@pages.get("/rounds/<uuid:round_id>/shortlist/marks")
@staff_only
def look_at_marks(round_id: UUID) -> ResponseReturnValue:
    """The ticked applications, before a mark is put on them."""
    try:
        kind, text = request.args.get("kind", ""), request.args.get("text_of_mark", "")
        with units().begin(write=False) as uow:
            rows = review_marks(uow, round_id, _chosen(request.args.getlist("id")), kind, text)
            return show(
                "shortlist_marks.html", uow, round_id, _TAB, rows=rows, kind=kind, text=text, query=query_string()
            )
    except Invalid as error:
        return _list_page(round_id, error.problems), 422


@pages.post("/rounds/<uuid:round_id>/shortlist/marks")
@staff_only
def put_marks(round_id: UUID) -> ResponseReturnValue:
    """Confirmed: put the mark on all of them."""
    with units().begin() as uow:
        ids = _chosen(request.form.getlist("id"))
        marks = mark_applications(
            uow, actor(), round_id, ids, request.form.get("kind", ""), request.form.get("text_of_mark", "")
        )
    flash(f"Done for {len(marks)} applications, and in the decision record.", "success")
    return redirect(_back(round_id), 303)


def _back(round_id: UUID) -> str:
    """The list with the filters that it had; what is no query of ours is left out by reading it again."""
    query = request.form.get("query", "")[:2000]
    return f"{url_for(_TAB, round_id=round_id)}?{query}" if query else url_for(_TAB, round_id=round_id)


@pages.post("/marks/<uuid:mark_id>/take-back")
@staff_only
def take_back(mark_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        mark = take_back_mark(uow, actor(), mark_id)
    flash("It no longer stands. The record keeps that it did.", "success")
    return redirect(url_for("staff_shortlist.application", application_id=mark.application_id), 303)


@pages.post("/rounds/<uuid:round_id>/shortlist/views")
@staff_only
def keep_view(round_id: UUID) -> ResponseReturnValue:
    """Keep the filters under a name."""
    form = request.form
    try:
        with units().begin() as uow:
            shared = form.get("shared") == "yes"
            save_view(uow, actor(), round_id, form.get("name", ""), form.get("query", ""), shared=shared)
    except Invalid as error:
        return _list_page(round_id, error.problems), 422
    flash("The view is kept. You find it above the list.", "success")
    return redirect(_back(round_id), 303)


@pages.post("/views/<uuid:view_id>/forget")
@staff_only
def drop_view(view_id: UUID) -> ResponseReturnValue:
    with units().begin() as uow:
        round_id = forget_view(uow, actor(), view_id)
    return redirect(url_for(_TAB, round_id=round_id), 303)


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
