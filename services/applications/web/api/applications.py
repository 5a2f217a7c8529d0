"""Applications by API: their owners fill them in and send them; staff list them with their scores."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.applications.domain.forms import check_section, unknown_answers
from services.applications.storage.applications import ListWish
from services.applications.use_cases.fill_in import Draft, open_draft, save_section
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application, withdraw_application
from services.applications.web.api.schemas import (
    AnswersSchema,
    ApplicationSchema,
    ListArguments,
    ListedPage,
    StartSchema,
)
from services.applications.web.context import units
from services.applications.web.pages.staff import next_cursor
from shared.errors import Invalid
from shared.web import access
from shared.web.api import Page, once, read_cursor, require_match, tagged
from shared.web.identity import known

blueprint = Blueprint("api_applications", __name__, url_prefix="/applications/api/v1", description="Applications")


def _dump(draft: Draft, problems: dict[str, list[str]] | None = None) -> dict[str, Any]:
    row = draft.row
    return {
        "id": row.id,
        "round_id": row.round_id,
        "reference": row.reference,
        "state": row.state,
        "language": row.language,
        "answers": draft.answers,
        "submitted_at": row.submitted_at,
        "updated_at": row.updated_at,
        "revision": row.revision,
        "problems": problems or {},
    }


def _answer(draft: Draft, problems: dict[str, list[str]] | None = None) -> Response:
    return tagged(jsonify(ApplicationSchema().dump(_dump(draft, problems))), draft.row.revision)


@blueprint.route("/rounds/<slug>/applications", methods=["POST"])
@blueprint.arguments(StartSchema)
@blueprint.response(201, ApplicationSchema)
@access.signed_in
def start(wish: dict[str, Any], slug: str) -> Response:
    """Begin one's application, or get the one begun. Takes an Idempotency-Key."""
    who = known()

    def work(uow: Any) -> dict[str, Any]:
        row = start_application(uow, slug, who.person_id, language=wish["language"], eligibility=wish["eligibility"])
        return _dump(open_draft(uow, row.id, who.person_id))

    return once(units(), work, ApplicationSchema())


@blueprint.route("/applications/<uuid:application_id>", methods=["GET"])
@blueprint.response(200, ApplicationSchema)
@access.signed_in
def one(application_id: UUID) -> Response:
    """One's own application, with its ETag."""
    with units().begin(write=False) as uow:
        return _answer(open_draft(uow, application_id, known().person_id))


@blueprint.route("/applications/<uuid:application_id>/sections/<section_id>", methods=["PUT"])
@blueprint.arguments(AnswersSchema)
@blueprint.response(200, ApplicationSchema)
@access.signed_in
def save(body: dict[str, Any], application_id: UUID, section_id: str) -> Response:
    """Save one section's answers as they are; `problems` says what stands in the way of sending. Needs If-Match."""
    who = known().person_id
    with units().begin() as uow:
        draft = open_draft(uow, application_id, who, lock=True)
        require_match(draft.row.revision)
        unknown = unknown_answers(draft.form.section(section_id), body["answers"]) if _has(draft, section_id) else {}
        if unknown:
            raise Invalid(unknown)
        save_section(uow, application_id, who, section_id, body["answers"], revision=None)
        saved = open_draft(uow, application_id, who)
    return _answer(saved, check_section(saved.form, section_id, saved.answers))


def _has(draft: Draft, section_id: str) -> bool:
    return any(section.id == section_id for section in draft.form.all_sections)


@blueprint.route("/applications/<uuid:application_id>/submission", methods=["POST"])
@blueprint.response(201, ApplicationSchema)
@access.signed_in
def submit(application_id: UUID) -> Response:
    """Send it. Sent before: the same answer, and nothing happens twice."""
    who = known().person_id

    def work(uow: Any) -> dict[str, Any]:
        submit_application(uow, application_id, who)
        return _dump(open_draft(uow, application_id, who))

    return once(units(), work, ApplicationSchema())


@blueprint.route("/applications/<uuid:application_id>/withdrawal", methods=["POST"])
@blueprint.response(201, ApplicationSchema)
@access.signed_in
def withdraw(application_id: UUID) -> Response:
    """Take it back, for good."""
    who = known().person_id

    def work(uow: Any) -> dict[str, Any]:
        withdraw_application(uow, application_id, who)
        return _dump(open_draft(uow, application_id, who))

    return once(units(), work, ApplicationSchema())


@blueprint.route("/rounds/<uuid:round_id>/scored", methods=["GET"])
@blueprint.arguments(ListArguments, location="query")
@blueprint.response(200, ListedPage)
@access.role("staff", "administrator")
def listed(wanted: dict[str, Any], round_id: UUID) -> Page:
    """A round's applications with their scores and breakdowns, for staff."""
    after = read_cursor(wanted["cursor"], 2)
    wish = ListWish(
        sort=wanted["sort"],
        descending=wanted["order"] == "desc",
        state=wanted["state"],
        search=wanted["q"],
        after=(after[0], str(after[1])) if after else None,
        limit=wanted["limit"],
    )
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        found = uow.applications.listed(round_id, wish)
    items = [_listed(row, person.name) for row, person in found[: wish.limit]]
    return Page(items, next_cursor([row for row, _ in found], wish))


def _listed(row: Any, name: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "reference": row.reference,
        "name": name,
        "state": row.state,
        "score": row.score,
        "breakdown": row.breakdown,
        "attributes": row.attributes,
        "submitted_at": row.submitted_at,
    }
