"""Several sessions at once, by API."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from services.cohorts.domain.series import LONGEST, UNITS, Repeat
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.schedule_series import SCOPES, cancel_series, change_series, schedule_series
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.web.api.offer_schemas import NewSessionSchema, SessionList
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.errors import Conflict
from shared.web.api import ApiSchema, Page, once, require_match

blueprint = Blueprint("api_series", __name__, url_prefix="/cohorts/api/v1", description="Series of sessions")


class SeriesSchema(NewSessionSchema):
    """The first session, and how it comes again. Days in `without` are left out and not counted."""

    count = fields.Integer(required=True, strict=True, validate=validate.Range(1, LONGEST))
    every = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 12))
    unit = fields.String(load_default="week", validate=validate.OneOf(UNITS))
    without = fields.List(fields.Date(), load_default=list)


class ScopedSchema(NewSessionSchema):
    """What a session is to be, and which others of its series change with it."""

    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))


class ScopeArguments(ApiSchema):
    """Which sessions of the series."""

    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))


@blueprint.route("/rounds/<uuid:round_id>/series", methods=["POST"])
@blueprint.arguments(SeriesSchema)
@blueprint.response(201, SessionList)
@staff_only
def schedule(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Schedule all, or none. Takes an Idempotency-Key."""
    who = actor()
    without = frozenset(wanted.pop("without"))
    repeat = Repeat(wanted.pop("count"), wanted.pop("every"), wanted.pop("unit"), without)

    def work(uow: CohortsUnit) -> Page:
        uow.rounds.get(round_id)
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        return Page(schedule_series(uow, who, cohort.id, Plan(**wanted), repeat))

    return once(units(), work, SessionList())


@blueprint.route("/sessions/<uuid:session_id>/series", methods=["PUT"])
@blueprint.arguments(ScopedSchema)
@blueprint.response(200, SessionList)
@staff_only
def change(wanted: dict[str, Any], session_id: UUID) -> Page:
    """Change this session and others of its series. Needs If-Match."""
    scope = wanted.pop("scope")
    with units().begin() as uow:
        require_match(uow.sessions.get(session_id, lock=True).revision)
        return Page(change_series(uow, actor(), session_id, Plan(**wanted), scope, None))


@blueprint.route("/sessions/<uuid:session_id>/series", methods=["DELETE"])
@blueprint.arguments(ScopeArguments, location="query")
@blueprint.response(200, SessionList)
@staff_only
def cancel(wanted: dict[str, Any], session_id: UUID) -> Page:
    """Cancel this session and others of its series. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.sessions.get(session_id, lock=True).revision)
        return Page(cancel_series(uow, actor(), session_id, wanted["scope"], None))
