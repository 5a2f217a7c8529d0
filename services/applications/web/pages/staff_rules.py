"""Staff: a round's priority rules: their versions, the draft and its parts, importing, copying, publishing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.priority import RuleKind
from services.applications.domain.priority.editing import (
    MOST_RULES,
    blank_rule,
    moved_rule,
    rules_of,
    shape_problems,
    with_rule,
    without_rule,
)
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_rules
from services.applications.use_cases.publish_rules import publish_again, publish_draft
from services.applications.use_cases.rules_text import read_rules_text, rules_json, rules_yaml
from services.applications.web.context import here, units
from services.applications.web.round_view import view_of
from services.applications.web.rule_words import rule_lines
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
from shared.errors import Conflict, Invalid, NotFound, Stale
from shared.web import access
from shared.web.identity import known

pages = Blueprint("staff_rules", __name__, url_prefix="/staff/rounds/<uuid:round_id>/rules")
staff_only = access.role("staff", "administrator")


def revision() -> int:
    """The version of the draft that the page was made from; one that no draft has when the form says none."""
    text = request.form.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@pages.get("")
@staff_only
def overview(round_id: UUID) -> ResponseReturnValue:
    return _overview_page(round_id, {})


def _overview_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row = uow.rounds.get(round_id)
        versions = uow.rules.versions(round_id)
        current = uow.rules.version(round_id, row.rules_version)
        parts: dict[str, Any] = {
            "versions": versions,
            "draft": uow.rules.draft(round_id),
            "rescore": uow.rules.last_rescore(round_id),
            "lines": rule_lines(uow.rounds.rules(row), uow.rounds.form(row.id, row.form_version), "en"),
            "problems": keep_rules.problems_of(uow, row, current.definition),
            "others": [(str(one.id), one.title) for one in uow.rounds.all() if one.id != round_id],
        }
    view = view_of(row, here().clock())
    return render_template("applications/staff/rules/overview.html", round=view, errors=errors, **parts)


@pages.post("/shown")
@staff_only
def shown(round_id: UUID) -> ResponseReturnValue:
    """Whether applicants may read the breakdown of their own score."""
    with units().begin() as uow:
        row = keep_rules.show_scores(uow, round_id, request.form.get("shown") == "yes")
    said = "Applicants can now read" if row.show_scores else "Applicants can no longer read"
    flash(f"{said} their own score and how it comes about.", "success")
    return redirect(f"/staff/rounds/{round_id}/rules", 303)


@pages.get("/versions/<int:version>")
@staff_only
def version(round_id: UUID, version: int) -> ResponseReturnValue:
    """A version in words; `?format=yaml` or `json` gives the file."""
    with units().begin(write=False) as uow:
        row = uow.rounds.get(round_id)
        found = uow.rules.version(round_id, version)
        form = uow.rounds.form(round_id, found.form_version or row.form_version)
        lines, rules = rule_lines(uow.rounds.rules(row, version), form, "en"), uow.rounds.rules(row, version)
    if wanted := request.args.get("format"):
        return _file(found.definition, f"{row.slug}-rules-{version}", wanted)
    view = view_of(row, here().clock())
    return render_template("applications/staff/rules/version.html", round=view, found=found, lines=lines, rules=rules)


def _file(definition: dict[str, Any], name: str, wanted: str) -> Response:
    ending = "json" if wanted == "json" else "yaml"
    text = rules_json(definition) if ending == "json" else rules_yaml(definition)
    answer = Response(text, mimetype=f"application/{ending}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


@pages.get("/draft")
@staff_only
def draft(round_id: UUID) -> ResponseReturnValue:
    """The draft with what is wrong beside each part; `?format=yaml` or `json` gives the file."""
    with units().begin(write=False) as uow:
        row = uow.rounds.get(round_id)
        found = keep_rules.read_draft_rules(uow, round_id)
        problems = keep_rules.problems_of(uow, row, found.definition)
    if wanted := request.args.get("format"):
        return _file(found.definition, f"{row.slug}-rules-draft", wanted)
    rules = rules_of(found.definition)
    return render_template(
        "applications/staff/rules/draft.html",
        round=view_of(row, here().clock()),
        draft=found,
        rules=rules,
        wrong=[errors_of(problems, place) for place in range(len(rules))],
        elsewhere={path: said for path, said in problems.items() if not path.startswith("rules.")},
        problems=problems,
        kinds=KINDS,
    )


@pages.post("/draft")
@staff_only
def change_draft(round_id: UUID) -> ResponseReturnValue:
    """Begin, throw away, import or copy: `action` says which."""
    action, by = request.form.get("action", ""), known().name
    try:
        with units().begin() as uow:
            uow.rounds.get(round_id)
            if action == "drop":
                keep_rules.drop_draft_rules(uow, round_id, revision())
                flash("The draft is thrown away. The rules in force are as they were.", "success")
                return redirect(f"/staff/rounds/{round_id}/rules", 303)
            _begin(uow, round_id, action, by)
    except Invalid as error:
        return _overview_page(round_id, error.problems), 422
    except Conflict as error:
        return _overview_page(round_id, {"": [error.message]}), 409
    return redirect(f"/staff/rounds/{round_id}/rules/draft", 303)


def _begin(uow: ApplicationsUnitOfWork, round_id: UUID, action: str, by: str) -> None:
    if action == "begin":
        keep_rules.open_draft_rules(uow, round_id, by)
    elif action == "import":
        keep_rules.save_draft_rules(uow, round_id, _imported(), by, None)
    elif action == "copy":
        try:
            keep_rules.copy_rules(uow, round_id, UUID(request.form.get("source", "")), by)
        except (ValueError, NotFound):
            raise Invalid({"source": ["Choose one of the rounds in the list."]}) from None
    else:
        raise Invalid({"": ["Press one of the buttons of the page."]})


def _imported() -> dict[str, Any]:
    file = request.files.get("file")
    text = file.stream.read(1_000_000).decode("utf-8-sig", "replace") if file else ""
    definition = read_rules_text(text or request.form.get("text", ""))
    if wrong := shape_problems(definition):
        raise Invalid({"file": wrong})
    return definition


@pages.post("/draft/rules")
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


@pages.get("/draft/rules/<int:place>")
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


@pages.post("/draft/rules/<int:place>")
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


@pages.get("/draft/settings")
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


@pages.post("/draft/settings")
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


@pages.get("/publish")
@staff_only
def publish_page(round_id: UUID) -> ResponseReturnValue:
    return _publish_page(round_id, {})


def _publish_page(round_id: UUID, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        row, found = uow.rounds.get(round_id), keep_rules.read_draft_rules(uow, round_id)
        problems = keep_rules.problems_of(uow, row, found.definition)
        count = uow.scores.count(round_id)
    return render_template(
        "applications/staff/rules/publish.html",
        round=view_of(row, here().clock()),
        draft=found,
        problems=problems,
        count=count,
        reason=request.form.get("reason", ""),
        errors=errors,
    )


@pages.post("/publish")
@staff_only
def publish(round_id: UUID) -> ResponseReturnValue:
    reason, by = request.form.get("reason", ""), known().name
    try:
        with units().begin() as uow:
            if request.form.get("what") == "again":
                publish_again(uow, round_id, reason, by)
            else:
                publish_draft(uow, round_id, reason, by, revision())
    except Invalid as error:
        page = _overview_page if request.form.get("what") == "again" else _publish_page
        return page(round_id, error.problems), 422
    except Conflict as error:
        return _overview_page(round_id, {"": [error.message]}), 409
    flash(
        "The new version is published. It comes into force as soon as every application has its new score.", "success"
    )
    return redirect(f"/staff/rounds/{round_id}/rules", 303)
