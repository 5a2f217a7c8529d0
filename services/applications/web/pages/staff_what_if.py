"""Staff: what other points would change, before anything is published. Looking changes nothing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.priority.comparing import NOT_GIVEN
from services.applications.domain.priority.editing import dials, turned
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.compare_rules import WhatIf, compare_rules
from services.applications.use_cases.keep_rules import read_draft_rules, save_draft_rules
from services.applications.web.context import here, units
from services.applications.web.round_view import view_of
from shared.errors import Invalid
from shared.web import access
from shared.web.charts import histogram_bins
from shared.web.identity import known

pages = Blueprint("staff_what_if", __name__, url_prefix="/staff/rounds/<uuid:round_id>/rules/what-if")
staff_only = access.role("staff", "administrator")
USUAL_PLACES = 40
MOST_SHOWN = 200
_Errors = dict[str, list[str]]


@pages.get("")
@staff_only
def what_if(round_id: UUID) -> ResponseReturnValue:
    """The ranking and the shares before and after; the points to try stand in the address."""
    with units().begin(write=False) as uow:
        row = uow.rounds.get(round_id)
        definition, errors = _wished(uow, row, request.args)
        places = _whole(request.args.get("places", ""), row.places or USUAL_PLACES)
        found = None
        if not errors:
            try:
                found = compare_rules(uow, row, definition, places)
            except Invalid as invalid:
                errors = {
                    path if path == "places" else "": [f"{path}: {' '.join(said)}"]
                    for path, said in invalid.problems.items()
                }
        draft = uow.rules.draft(round_id)
    page = render_template(
        "applications/staff/rules/what_if.html",
        round=view_of(row, here().clock()),
        of="draft" if request.args.get("of") == "draft" and draft else "",
        draft=draft,
        dials=dials(definition),
        typed={name: value for name, value in request.args.items() if name.startswith("p-")},
        places=request.args.get("places", places),
        errors=errors,
        found=found,
        most=MOST_SHOWN,
        **(_pictures(found) if found else {}),
    )
    return page, 422 if errors else 200


def _wished(uow: ApplicationsUnitOfWork, row: RoundRow, fields: Any) -> tuple[dict[str, Any], _Errors]:
    """The rules to try: those in force or the draft, with the points that `fields` name `p-<dial>`."""
    definition = uow.rules.version(row.id, row.rules_version).definition
    if fields.get("of") == "draft" and (draft := uow.rules.draft(row.id)):
        definition = draft.definition
    values, errors = {}, {}
    for dial in dials(definition):
        text = fields.get(f"p-{dial.key}", "").strip()
        if text.isascii() and text.isdigit() and len(text) < 7:
            values[dial.key] = int(text)
        elif text:
            errors[f"p-{dial.key}"] = ["Write a whole number of points, such as 20."]
    return turned(definition, values), errors


def _whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else (default if not text else 0)


def _pictures(found: WhatIf) -> dict[str, Any]:
    return {
        "groups": _groups(found),
        "spread_before": histogram_bins(found.scores_before),
        "spread_after": histogram_bins(found.scores_after),
    }


def _groups(found: WhatIf) -> list[dict[str, Any]]:
    """For each attribute: its name and a row {label, pool, before, after} of shares for each value."""
    groups = []
    before_all = after_all = max(min(found.comparison.places, found.total), 1)
    for name, label in found.names.items():
        rows: list[dict[str, Any]] = [
            {
                "label": "No answer"
                if one.value == NOT_GIVEN
                else found.labels.get(name, {}).get(one.value, one.value),
                "counts": (one.everybody, one.before, one.after),
                "pool": one.before / before_all,
                "chosen": one.after / after_all,
                "everybody": one.everybody / max(found.total, 1),
            }
            for one in found.shares
            if one.attribute == name
        ]
        if rows:
            groups.append(
                {
                    "name": name,
                    "label": label,
                    "rows": rows,
                    "moved": any(r["counts"][1] != r["counts"][2] for r in rows),
                }
            )
    return sorted(groups, key=lambda group: not group["moved"])


@pages.post("")
@staff_only
def keep(round_id: UUID) -> ResponseReturnValue:
    """Make a draft of the points that were tried. It replaces the draft there is."""
    with units().begin() as uow:
        row = uow.rounds.get(round_id)
        if request.form.get("of") == "draft":
            read_draft_rules(uow, round_id)
        definition, errors = _wished(uow, row, request.form)
        if errors:
            raise Invalid(errors)
        save_draft_rules(uow, round_id, definition, known().name, None)
    return redirect(f"/staff/rounds/{round_id}/rules/draft", 303)
