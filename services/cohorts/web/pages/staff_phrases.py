"""Staff: the stock of phrases that feedback is made from."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.keep_phrases import Wording, keep_phrase, remove_phrase
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from shared.errors import Invalid

pages = Blueprint("staff_phrases", __name__, url_prefix="/cohorts/staff/rounds/<uuid:round_id>/phrases")


@pages.get("")
@staff_only
def phrases(round_id: UUID) -> ResponseReturnValue:
    """Every phrase."""
    chosen = request.args.get("change", "")
    return _page(round_id, {"change": chosen}, {})


def _page(round_id: UUID, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        change = uow.phrases.get(fields.identifier(values["change"])) if values["change"] else None
        if change and not errors:
            values = {**values, "text": change.text, "language": change.language, "outcome": change.outcome}
        return show(
            "phrases.html",
            uow,
            round_id,
            "staff_decisions.decisions",
            phrases=uow.phrases.all(),
            change=change,
            values=values,
            errors=errors,
        )


@pages.post("")
@staff_only
def keep(round_id: UUID) -> ResponseReturnValue:
    """Add a phrase, or change one."""
    values = {name: fields.text(request.form, name) for name in ("text", "language", "outcome", "change")}
    wording = Wording(values["text"], values["language"], values["outcome"])
    change = fields.identifier(values["change"]) if values["change"] else None
    try:
        with units().begin() as uow:
            keep_phrase(uow, actor(), wording, change, fields.revision(request.form) if change else None)
    except Invalid as error:
        return _page(round_id, values, error.problems), 422
    flash("The phrase is kept.", "success")
    return redirect(url_for("staff_phrases.phrases", round_id=round_id))


@pages.post("/<uuid:phrase_id>/remove")
@staff_only
def remove(round_id: UUID, phrase_id: UUID) -> ResponseReturnValue:
    """Take a phrase away; feedback written with it stays."""
    with units().begin() as uow:
        remove_phrase(uow, phrase_id)
    flash("The phrase is taken away. Feedback that was written with it stays as it is.", "info")
    return redirect(url_for("staff_phrases.phrases", round_id=round_id))
