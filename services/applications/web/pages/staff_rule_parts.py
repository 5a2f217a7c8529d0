"""Staff: the parts of the draft of a round's priority rules: each rule, and the title, caps and ties."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.priority import RuleKind
from services.applications.domain.priority.editing import (
    MOST_RULES,
    blank_rule,
    moved_rule,
    rules_of,
    with_rule,
    without_rule,
)
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_rules
from services.applications.web.context import here, units
from services.applications.web.pages.staff_rules import revision, staff_only
from services.applications.web.round_view import view_of
from services.applications.web.rules_form import (
    KINDS,
    LANGUAGES,
    SPARE_BANDS,
    add_part,
    errors_of,
    fitting,
    names,
    read_rule,
)
from services.applications.web.rules_settings import read_settings, settings_errors
from shared.errors import Invalid, NotFound, Stale
from shared.web.identity import known

pages = Blueprint("staff_rule_parts", __name__, url_prefix="/staff/rounds/<uuid:round_id>/rules/draft")


@pages.post("/rules")
@staff_only
def change_rules(round_id: UUID) -> ResponseReturnValue:
    """Add a rule, move one, or take one away."""
    action, place = request.form.get("action", ""), _place(request.form.get("place", ""))
    to = f"/staff/rounds/{round_id}/rules/draft"
    with units().begin() as uow:
        row = keep_rules.read_draft_rules(uow, round_id)
        definition, count = row.definition, len(rules_of(row.definition))
        if action == "add":
            kind = request.form.get("kind", "")
            if kind not in KINDS or count >= MOST_RULES:
                raise Invalid({"kind": [f"Choose what the rule looks at; there can be {MOST_RULES} rules."]})
            definition = with_rule(definition, None, blank_rule(definition, RuleKind(kind)))
            to += f"/rules/{count}?new=1"
        elif not 0 <= place < count:
            raise NotFound("There is no such rule.")
        elif action == "remove":
            definition = without_rule(definition, place)
        else:
            definition = moved_rule(definition, place, -1 if action == "up" else 1)
        keep_rules.save_draft_rules(uow, round_id, definition, known().name, revision())
    return redirect(to, 303)


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


@pages.get("/rules/<int:place>")
@staff_only
def rule(round_id: UUID, place: int) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row, found = uow.rounds.get(round_id), keep_rules.read_draft_rules(uow, round_id)
        problems = keep_rules.problems_of(uow, row, found.definition)
        return _rule_page(uow, row, found.definition, found.revision, place, problems)


def _rule_page(
    uow: ApplicationsUnitOfWork,
    row: RoundRow,
    definition: dict[str, Any],
    made_from: int,
    place: int,
    problems: dict[str, list[str]],
) -> str:
    rules = rules_of(definition)
    if place >= len(rules):
        raise NotFound("There is no such rule.")
    form, one = uow.rounds.form(row.id, row.form_version), rules[place]
    kind = str(one.get("kind"))
    errors = {} if request.args.get("new") else errors_of(problems, place)
    return render_template(
        "applications/staff/rules/rule.html",
        round=view_of(row, here().clock()),
        rule=one,
        place=place,
        revision=made_from,
        kind=kind,
        kinds=KINDS,
        tongues=LANGUAGES,
        names=names(form),
        fitting=fitting(form, kind),
        spare=SPARE_BANDS,
        errors=errors,
    )


@pages.post("/rules/<int:place>")
@staff_only
def save_rule(round_id: UUID, place: int) -> ResponseReturnValue:
    """Keep the rule as it was filled in, right or wrong: what is wrong is said, and nothing typed is lost."""
    try:
        with units().begin() as uow:
            row, changed, asked_before = _changed_rule(uow, round_id, place)
            saved = keep_rules.save_draft_rules(uow, round_id, changed, known().name, revision())
            problems = _of_rule(keep_rules.problems_of(uow, row, changed), place)
            goes_on = not asked_before or request.form.get("action") != "save"
            if problems or goes_on:
                page = _rule_page(uow, row, changed, saved.revision, place, problems)
                return page, 200 if goes_on else 422
    except Stale as error:
        with units().begin(write=False) as uow:
            row, changed, _ = _changed_rule(uow, round_id, place)
            newest = keep_rules.read_draft_rules(uow, round_id).revision
            said = {f"rules.{place}.": [f"{error.message} What you typed is still here: keep it again if it is right."]}
            return _rule_page(uow, row, changed, newest, place, said), 409
    flash("The rule is kept in the draft.", "success")
    return redirect(f"/staff/rounds/{round_id}/rules/draft", 303)


def _changed_rule(uow: ApplicationsUnitOfWork, round_id: UUID, place: int) -> tuple[RoundRow, dict[str, Any], bool]:
    """The round, the draft with the rule as it was filled in, and whether it looks at the question it looked at."""
    row, found = uow.rounds.get(round_id), keep_rules.read_draft_rules(uow, round_id)
    rules = rules_of(found.definition)
    if place >= len(rules):
        raise NotFound("There is no such rule.")
    before = rules[place]
    asked_before = before.get("question") == request.form.get("question", before.get("question"))
    return row, with_rule(found.definition, place, _filled_in(before)), asked_before


def _of_rule(problems: dict[str, list[str]], place: int) -> dict[str, list[str]]:
    return {path: said for path, said in problems.items() if path.startswith(f"rules.{place}.")}


def _filled_in(before: dict[str, Any]) -> dict[str, Any]:
    fields = request.form.copy()
    if fields.get("action") == "add-part":
        fields["when"] = add_part(fields)
    return read_rule(str(before.get("kind")), fields, request.form.getlist("offered"))


@pages.get("/settings")
@staff_only
def settings(round_id: UUID) -> ResponseReturnValue:
    """The title, the caps and what becomes of equal scores."""
    with units().begin(write=False) as uow:
        row, found = uow.rounds.get(round_id), keep_rules.read_draft_rules(uow, round_id)
        errors = settings_errors(keep_rules.problems_of(uow, row, found.definition))
    return _settings_page(row, found.definition, found.revision, errors)


def _settings_page(row: RoundRow, definition: dict[str, Any], made_from: int, errors: dict[str, list[str]]) -> str:
    return render_template(
        "applications/staff/rules/settings.html",
        round=view_of(row, here().clock()),
        definition=definition,
        rules=rules_of(definition),
        tongues=LANGUAGES,
        revision=made_from,
        errors=errors,
    )


@pages.post("/settings")
@staff_only
def save_settings(round_id: UUID) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            row, found = uow.rounds.get(round_id), keep_rules.read_draft_rules(uow, round_id)
            changed = read_settings(found.definition, request.form)
            made_from = keep_rules.save_draft_rules(uow, round_id, changed, known().name, revision()).revision
            errors = settings_errors(keep_rules.problems_of(uow, row, changed))
    except Stale as error:
        with units().begin(write=False) as uow:
            newest = keep_rules.read_draft_rules(uow, round_id)
        said = f"{error.message} What you typed is still here: keep it again if it is right."
        return _settings_page(row, read_settings(newest.definition, request.form), newest.revision, {"": [said]}), 409
    if errors:
        return _settings_page(row, changed, made_from, errors), 422
    flash("It is kept in the draft.", "success")
    return redirect(f"/staff/rounds/{round_id}/rules/draft", 303)
