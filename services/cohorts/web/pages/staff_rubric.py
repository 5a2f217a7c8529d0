"""Staff: the rubric of a round, edited until scoring begins."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.rubric import HIGHEST, LOWEST
from services.cohorts.domain.rubric_editing import MOST_CRITERIA, Wanted
from services.cohorts.use_cases.edit_rubric import edit_rubric, see_rubric
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Conflict, Invalid, Stale

pages = Blueprint("staff_rubric", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/rubric")
@staff_only
def rubric(round_id: UUID) -> ResponseReturnValue:
    """The rubric; a form while it may change. `?criteria=n` shows empty fields for more."""
    return _rubric(round_id, None, {})


def _rubric(round_id: UUID, typed: Sequence[Wanted] | None, errors: Mapping[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        seen = see_rubric(uow, round_id)
        lines = list(typed) if typed is not None else [_line(c) for c in seen.criteria]
        more = request.args.get("more", "0")
        empty = min(int(more) if more.isdigit() and len(more) < 3 else 0, MOST_CRITERIA - len(lines))
        lines += [Wanted(label="")] * max(empty, 0 if lines else 1)
        return show(
            "rubric.html",
            uow,
            round_id,
            "staff_reviewing.hub",
            seen=seen,
            lines=lines,
            errors=errors,
            most=MOST_CRITERIA,
        )


def _line(criterion: object) -> Wanted:
    names = ("id", "label", "description", "weight", "anchors", "independent")
    return Wanted(**{name: getattr(criterion, name) for name in names})


@pages.post("/rounds/<uuid:round_id>/rubric")
@staff_only
def keep(round_id: UUID) -> ResponseReturnValue:
    """Put the typed rubric in place."""
    typed = _typed()
    try:
        with units().begin() as uow:
            edit_rubric(uow, actor(), round_id, typed, fields.revision(request.form))
    except Invalid as error:
        return _rubric(round_id, typed, error.problems), 422
    except Stale as error:
        return _rubric(round_id, typed, {"label-0": [error.message]}), 412
    except Conflict as error:
        return _rubric(round_id, typed, {"label-0": [error.message]}), 409
    flash("The rubric is kept.", "success")
    more = 1 if request.form.get("then") == "more" else None
    return redirect(url_for("staff_rubric.rubric", round_id=round_id, more=more))


def _typed() -> list[Wanted]:
    """Every criterion that was typed and is not to be taken out, in order."""
    places = range(MOST_CRITERIA + 1)
    lines = [_criterion(place) for place in places if f"label-{place}" in request.form]
    return [line for line in lines if line is not None]


def _criterion(place: int) -> Wanted | None:
    form = request.form
    anchors = [fields.text(form, f"anchor-{place}-{score}") for score in range(LOWEST, HIGHEST + 1)]
    label, about = fields.text(form, f"label-{place}"), fields.text(form, f"description-{place}")
    if form.get(f"remove-{place}") == "yes" or not (label or about or any(anchors)):
        return None
    return Wanted(
        id=fields.text(form, f"id-{place}")[:40],
        label=label,
        description=about,
        weight=_weight(fields.text(form, f"weight-{place}")),
        anchors=anchors,
        independent=form.get(f"independent-{place}") == "yes",
    )


def _weight(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
