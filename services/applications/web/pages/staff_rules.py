"""Staff: a round's priority rules: their versions, the draft, importing, copying, publishing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.applications.domain.priority.editing import (
    rules_of,
    shape_problems,
)
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_rules
from services.applications.use_cases.publish_rules import publish_again, publish_draft
from services.applications.use_cases.rules_text import read_rules_text, rules_json, rules_yaml
from services.applications.web.context import here, units
from services.applications.web.round_view import view_of
from services.applications.web.rule_words import rule_lines
from services.applications.web.rules_form import (
    KINDS,
    errors_of,
)
from shared.errors import Conflict, Invalid, NotFound
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
