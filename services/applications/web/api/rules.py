"""Priority rules by API: every published version for anybody; the draft, what-if, publishing and progress for staff."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.applications.domain.priority.editing import shape_problems
from services.applications.storage.tables import RescoreRow, RoundRow, RulesDraftRow, RulesVersionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_rules
from services.applications.use_cases.compare_rules import compare_rules
from services.applications.use_cases.publish_rules import publish_rules
from services.applications.web.api.rules_schemas import (
    PublishSchema,
    RescoreSchema,
    RulesDraftSchema,
    RulesSchema,
    RulesVersionSchema,
    ShownSchema,
    VersionList,
    WhatIfSchema,
    WishSchema,
)
from services.applications.web.context import units
from services.applications.web.round_view import sees_drafts
from shared.errors import Invalid, NotFound
from shared.web import access
from shared.web.api import Page, once, require_match, tagged
from shared.web.identity import known

blueprint = Blueprint(
    "api_rules", __name__, url_prefix="/applications/api/v1/rounds/<uuid:round_id>", description="Priority rules"
)
_STAFF = ("staff", "administrator")


def _seen(uow: ApplicationsUnitOfWork, round_id: UUID) -> RoundRow:
    row = uow.rounds.get(round_id)
    if row.state == "draft" and not sees_drafts():
        raise NotFound("There is no such round.")
    return row


@blueprint.route("/rules", methods=["GET"])
@blueprint.response(200, VersionList)
@access.public
def versions(round_id: UUID) -> Page:
    """Every version that is or was in force, newest first, with its date and reason."""
    with units().begin(write=False) as uow:
        row = _seen(uow, round_id)
        return Page(uow.rules.versions(round_id, row.rules_version))


@blueprint.route("/rules/<int:version>", methods=["GET"])
@blueprint.response(200, RulesVersionSchema)
@access.public
def version(round_id: UUID, version: int) -> RulesVersionRow:
    """One of them, with the rules themselves."""
    with units().begin(write=False) as uow:
        row = _seen(uow, round_id)
        if version > row.rules_version and not sees_drafts():
            raise NotFound("There is no such version of the rules.")
        return uow.rules.version(round_id, version)


@blueprint.route("/rules", methods=["POST"])
@blueprint.arguments(PublishSchema)
@blueprint.response(201, RescoreSchema)
@access.role(*_STAFF)
def publish(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Publish a version with its reason, and score everybody again. Takes an Idempotency-Key."""
    by = known().name

    def work(uow: ApplicationsUnitOfWork) -> RescoreRow:
        return publish_rules(uow, round_id, wanted["definition"], wanted["reason"], by)

    return once(units(), work, RescoreSchema())


@blueprint.route("/rules/draft", methods=["GET"])
@blueprint.response(200, RulesDraftSchema)
@access.role(*_STAFF)
def draft(round_id: UUID) -> Response:
    """The draft with its ETag, and what keeps it from being published, by path."""
    with units().begin(write=False) as uow:
        return _draft(uow, round_id, keep_rules.read_draft_rules(uow, round_id))


def _draft(uow: ApplicationsUnitOfWork, round_id: UUID, row: RulesDraftRow) -> Response:
    problems = keep_rules.problems_of(uow, uow.rounds.get(round_id), row.definition)
    body = {"definition": row.definition, "updated_by": row.updated_by, "updated_at": row.updated_at}
    return tagged(jsonify(RulesDraftSchema().dump({**body, "problems": problems})), row.revision)


@blueprint.route("/rules/draft", methods=["PUT"])
@blueprint.arguments(RulesSchema)
@blueprint.response(200, RulesDraftSchema)
@access.role(*_STAFF)
def save_draft(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Keep a draft, right or wrong. Needs If-Match when there is one."""
    if wrong := shape_problems(wanted["definition"]):
        raise Invalid({"definition": wrong})
    with units().begin() as uow:
        uow.rounds.get(round_id)
        if (known_one := uow.rules.draft(round_id, lock=True)) is not None:
            require_match(known_one.revision)
        row = keep_rules.save_draft_rules(uow, round_id, wanted["definition"], known().name, None)
        return _draft(uow, round_id, row)


@blueprint.route("/rules/draft", methods=["DELETE"])
@blueprint.response(204)
@access.role(*_STAFF)
def drop_draft(round_id: UUID) -> None:
    """Throw the draft away. Needs If-Match."""
    with units().begin() as uow:
        require_match(keep_rules.read_draft_rules(uow, round_id).revision)
        keep_rules.drop_draft_rules(uow, round_id)


@blueprint.route("/rules/what-if", methods=["POST"])
@blueprint.arguments(WishSchema)
@blueprint.response(200, WhatIfSchema)
@access.role(*_STAFF)
def what_if(wanted: dict[str, Any], round_id: UUID) -> dict[str, Any]:
    """The ranking and the shares by the rules in force and by those sent. Nothing is stored."""
    with units().begin(write=False) as uow:
        found = compare_rules(uow, uow.rounds.get(round_id), wanted["definition"], wanted["places"])
    return {
        "total": found.total,
        "changed": found.comparison.changed,
        "on_the_line": found.comparison.on_the_line,
        "first": found.comparison.first,
        "came": found.comparison.came,
        "went": found.comparison.went,
        "shares": found.shares,
    }


@blueprint.route("/rescore", methods=["GET"])
@blueprint.response(200, RescoreSchema)
@access.role(*_STAFF)
def rescore(round_id: UUID) -> RescoreRow:
    """How far the newest rescoring has come."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        row = uow.rules.last_rescore(round_id)
    if row is None:
        raise NotFound("This round was never scored again.")
    return row


@blueprint.route("/breakdowns", methods=["PUT"])
@blueprint.arguments(ShownSchema)
@blueprint.response(204)
@access.role(*_STAFF)
def shown(wanted: dict[str, Any], round_id: UUID) -> None:
    """Whether applicants may read the breakdown of their own score. Needs If-Match with the round's ETag."""
    with units().begin() as uow:
        require_match(uow.rounds.get(round_id, lock=True).revision)
        keep_rules.show_scores(uow, round_id, wanted["shown"])
