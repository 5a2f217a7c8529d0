"""Applications by API: their owners fill them in and send them; staff list them with their scores."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.applications.domain.forms import check_section, unknown_answers
from services.applications.storage.applications import Listed
from services.applications.storage.tables import ApplicationRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.fill_in import Draft, open_shared, save_section
from services.applications.use_cases.score_application import stored_breakdown
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application, withdraw_application
from services.applications.web.api.schemas import (
    AnswersSchema,
    ApplicationSchema,
    HeadSchema,
    ListArguments,
    ListedPage,
    StartSchema,
)
from services.applications.web.context import units
from services.applications.web.listing import next_cursor, read_wish
from services.applications.web.sharing import acts_for_programme
from shared.errors import Invalid
from shared.web import access
from shared.web.api import Page, once, require_match, tagged
from shared.web.identity import known

blueprint = Blueprint("api_applications", __name__, url_prefix="/applications/api/v1", description="Applications")


def head(row: ApplicationRow) -> dict[str, Any]:
    """An application without its answers: what posts answer with, since a repeated post's answer is stored."""
    return {
        "id": row.id,
        "round_id": row.round_id,
        "reference": row.reference,
        "state": row.state,
        "language": row.language,
        "submitted_at": row.submitted_at,
        "updated_at": row.updated_at,
        "revision": row.revision,
    }


def _answer(draft: Draft, problems: dict[str, list[str]]) -> Response:
    found = {**head(draft.row), "answers": draft.readable, "problems": problems}
    return tagged(jsonify(ApplicationSchema().dump(found)), draft.row.revision)


def _changed(change: Callable[[ApplicationsUnitOfWork], ApplicationRow]) -> Response:
    def work(uow: ApplicationsUnitOfWork) -> dict[str, Any]:
        row = change(uow)
        uow.session.flush()
        return head(row)

    return once(units(), work, HeadSchema())


@blueprint.route("/rounds/<slug>/applications", methods=["POST"])
@blueprint.arguments(StartSchema)
@blueprint.response(201, HeadSchema)
@access.signed_in
def start(wish: dict[str, Any], slug: str) -> Response:
    """Begin one's application, or get the one begun. Takes an Idempotency-Key."""
    who = known().person_id
    return _changed(lambda uow: start_application(uow, slug, who, **wish))


@blueprint.route("/applications/<uuid:application_id>", methods=["GET"])
@blueprint.response(200, ApplicationSchema)
@access.signed_in
def one(application_id: UUID) -> Response:
    """An application that one works on, with its ETag and what stands in the way of sending it."""
    with units().begin(write=False) as uow:
        draft = open_shared(uow, application_id, known().person_id, staff=acts_for_programme())
    return _answer(draft, _hindrances(draft) if draft.row.state == "draft" else {})


def _hindrances(draft: Draft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for section in draft.form.all_sections if draft.reach.sections is None else draft.sections:
        found.update(check_section(draft.form, section, draft.answers))
    return found


@blueprint.route("/applications/<uuid:application_id>/sections/<section_id>", methods=["PUT"])
@blueprint.arguments(AnswersSchema)
@blueprint.response(200, ApplicationSchema)
@access.signed_in
def save(body: dict[str, Any], application_id: UUID, section_id: str) -> Response:
    """Save one section's answers; `problems` says what is missing still. Needs If-Match.

    A program that sends unknown or malformed answers gets them named, and nothing is saved.
    """
    who, staff = known().person_id, acts_for_programme()
    with units().begin() as uow:
        draft = open_shared(uow, application_id, who, staff=staff, lock=True)
        require_match(draft.row.revision)
        section = draft.section(section_id)
        unknown = unknown_answers(section, body["answers"])
        saved = save_section(uow, application_id, who, section_id, body["answers"], staff=staff)
        if unknown or saved.problems:
            raise Invalid({**saved.problems, **unknown})
    return _answer(saved.draft, check_section(saved.draft.form, section_id, saved.draft.answers))


@blueprint.route("/applications/<uuid:application_id>/submission", methods=["POST"])
@blueprint.response(201, HeadSchema)
@access.signed_in
def submit(application_id: UUID) -> Response:
    """Send it. Sent before: the same answer, and nothing happens twice."""
    who, staff = known().person_id, acts_for_programme()
    return _changed(lambda uow: submit_application(uow, application_id, who, staff=staff))


@blueprint.route("/applications/<uuid:application_id>/withdrawal", methods=["POST"])
@blueprint.response(201, HeadSchema)
@access.signed_in
def withdraw(application_id: UUID) -> Response:
    """Take it back, for good."""
    who = known().person_id
    return _changed(lambda uow: withdraw_application(uow, application_id, who))


@blueprint.route("/rounds/<uuid:round_id>/scored", methods=["GET"])
@blueprint.arguments(ListArguments, location="query")
@blueprint.response(200, ListedPage)
@access.role("staff", "administrator")
def listed(wanted: dict[str, Any], round_id: UUID) -> Page:
    """A round's applications with their scores and breakdowns, for staff."""
    wish = read_wish(wanted, wanted["limit"])
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        found = uow.applications.listed(round_id, wish)
        channels = uow.helping.channels(each.row.id for each in found)
        items = [_listed(uow, each, channels.get(each.row.id)) for each in found[: wish.limit]]
    return Page(items, next_cursor(found, wish))


def _listed(uow: ApplicationsUnitOfWork, found: Listed, channel: str | None) -> dict[str, Any]:
    row, score = found.row, found.score
    breakdown = stored_breakdown(uow, uow.rounds.get(row.round_id), score) if score else None
    return {
        **head(row),
        "name": found.person.name,
        "score": score.score if score else None,
        "rules_version": score.made_by if score else None,
        "breakdown": [line.dump() for line in breakdown.lines] if breakdown else [],
        "attributes": row.attributes,
        "channel": channel,
    }
