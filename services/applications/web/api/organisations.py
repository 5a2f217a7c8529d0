"""The register of organisations by API, and the interest list. For staff, but for signing up."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request
from flask_smorest import Blueprint
from marshmallow import fields, validate

from services.applications.domain.organisations import organisation_key
from services.applications.storage.tables import OrganisationRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_organisations as register
from services.applications.use_cases.keep_interest import register_interest
from services.applications.web.context import units
from services.applications.web.pages.organisations import read_after
from shared.errors import Invalid
from shared.web import access
from shared.web.api import ApiSchema, Page, PageArguments, cursor_of, page_schema, require_match, tagged
from shared.web.i18n import LANGUAGES
from shared.web.identity import known

blueprint = Blueprint(
    "api_organisations", __name__, url_prefix="/applications/api/v1/organisations", description="Organisations"
)
interest = Blueprint("api_interest", __name__, url_prefix="/applications/api/v1/interest", description="Interest list")
_STAFF = ("staff", "administrator")


class OrganisationSchema(ApiSchema):
    """An organisation of the register."""

    id = fields.UUID(dump_only=True)
    name = fields.String(required=True)
    offered = fields.Boolean()
    merged_into = fields.UUID(dump_only=True, allow_none=True)
    revision = fields.Integer(dump_only=True)


class OrganisationChangeSchema(ApiSchema):
    """A thing that was done."""

    what = fields.String()
    detail = fields.Dict()
    by = fields.String()
    at = fields.AwareDateTime(format="iso")


class WholeOrganisationSchema(OrganisationSchema):
    """An organisation with its names and its history."""

    names = fields.List(fields.String(), dump_only=True)
    history = fields.List(fields.Nested(OrganisationChangeSchema), dump_only=True)


class NamesSchema(ApiSchema):
    """What to change: its name in the register, whether applicants can pick it."""

    name = fields.String()
    offered = fields.Boolean()


class AliasSchema(ApiSchema):
    """One name more."""

    name = fields.String(required=True)


class MergeSchema(ApiSchema):
    """Which other organisation becomes this one, and how you know."""

    merged = fields.UUID(required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=1000))


class SuggestionSchema(ApiSchema):
    """Two that may be one; `score` is how alike their names are, of 100."""

    one = fields.UUID()
    other = fields.UUID()
    one_name = fields.String()
    other_name = fields.String()
    score = fields.Float()


class FindArguments(PageArguments):
    """A part of any of its names."""

    q = fields.String(load_default="", validate=validate.Length(max=100))


def _whole(uow: ApplicationsUnitOfWork, row: OrganisationRow) -> Response:
    uow.session.flush()
    body = {
        **OrganisationSchema().dump(row),
        "names": [each.name for each in uow.organisations.names(row.id)],
        "history": OrganisationChangeSchema(many=True).dump(uow.organisations.history(row.id)),
    }
    return tagged(jsonify(body), row.revision)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(FindArguments, location="query")
@blueprint.response(200, page_schema(OrganisationSchema))
@access.role(*_STAFF)
def listed(wanted: dict[str, Any]) -> Page:
    """The register by name, without those that were merged into others."""
    search, limit = wanted["q"], wanted["limit"]
    with units().begin(write=False) as uow:
        rows = uow.organisations.listed(
            organisation_key(search) or search.strip(), read_after(wanted.get("cursor")), limit
        )
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of(rows[limit - 1].name.lower(), str(rows[limit - 1].id)) if more else None)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(OrganisationSchema)
@blueprint.response(201, WholeOrganisationSchema)
@access.role(*_STAFF)
def add(wanted: dict[str, Any]) -> tuple[Response, int]:
    """Put one into the register."""
    with units().begin() as uow:
        row = register.add_organisation(uow, wanted["name"], known().name, offered=wanted.get("offered", True))
        return _whole(uow, row), 201


@blueprint.route("/suggestions", methods=["GET"])
@blueprint.response(200, page_schema(SuggestionSchema))
@access.role(*_STAFF)
def suggestions() -> Page:
    """Organisations that may be one, the likeliest first."""
    with units().begin(write=False) as uow:
        return Page(register.suggestions(uow))


@blueprint.route("/<uuid:organisation_id>", methods=["GET"])
@blueprint.response(200, WholeOrganisationSchema)
@access.role(*_STAFF)
def one(organisation_id: UUID) -> Response:
    """One with its names and all that was done to it, merged or not; with its ETag."""
    with units().begin(write=False) as uow:
        return _whole(uow, uow.organisations.get(organisation_id))


@blueprint.route("/<uuid:organisation_id>", methods=["PATCH"])
@blueprint.arguments(NamesSchema)
@blueprint.response(200, WholeOrganisationSchema)
@access.role(*_STAFF)
def change(wanted: dict[str, Any], organisation_id: UUID) -> Response:
    """Give it another name, or show it to applicants. Needs If-Match."""
    with units().begin() as uow:
        row = uow.organisations.get(organisation_id, lock=True)
        require_match(row.revision)
        if "offered" in wanted:
            register.offer(uow, organisation_id, wanted["offered"], known().name)
        if "name" in wanted:
            uow.session.flush()
            register.rename_organisation(uow, organisation_id, wanted["name"], known().name, revision=row.revision)
        return _whole(uow, row)


@blueprint.route("/<uuid:organisation_id>/names", methods=["POST"])
@blueprint.arguments(AliasSchema)
@blueprint.response(201, WholeOrganisationSchema)
@access.role(*_STAFF)
def add_name(wanted: dict[str, Any], organisation_id: UUID) -> tuple[Response, int]:
    """Let it go by one name more."""
    with units().begin() as uow:
        register.add_name(uow, organisation_id, wanted["name"], known().name)
        return _whole(uow, uow.organisations.get(organisation_id)), 201


@blueprint.route("/<uuid:organisation_id>/merges", methods=["POST"])
@blueprint.arguments(MergeSchema)
@blueprint.response(201, WholeOrganisationSchema)
@access.role(*_STAFF)
def merge(wanted: dict[str, Any], organisation_id: UUID) -> tuple[Response, int]:
    """Another one becomes this one."""
    with units().begin() as uow:
        row = register.merge_organisations(
            uow, organisation_id, wanted["merged"], known().name, reason=wanted["reason"]
        )
        return _whole(uow, row), 201


class InterestSchema(ApiSchema):
    """An address that wants to hear when a round opens."""

    email = fields.String(required=True, validate=validate.Length(max=254))
    language = fields.String(load_default="en", validate=validate.OneOf(list(LANGUAGES)))


class InterestCountSchema(ApiSchema):
    """How many have confirmed, by language, and how many have not yet."""

    confirmed = fields.Integer()
    by_language = fields.Dict(keys=fields.String(), values=fields.Integer())
    waiting = fields.Integer()


@interest.route("", methods=["POST"])
@interest.arguments(InterestSchema)
@interest.response(202)
@access.public
def sign_up(wanted: dict[str, Any]) -> tuple[dict[str, str], int]:
    """Ask an address to confirm that it wants to hear. The answer is the same for every address."""
    if not wanted["email"].strip():
        raise Invalid({"email": ["Write an email address."]})
    with units().begin() as uow:
        register_interest(uow, wanted["email"], language=wanted["language"], network=request.remote_addr or "")
    return {}, 202


@interest.route("", methods=["GET"])
@interest.response(200, InterestCountSchema)
@access.role(*_STAFF)
def counted() -> dict[str, Any]:
    """How many want to hear."""
    with units().begin(write=False) as uow:
        counts = uow.interests.counts()
        return {"confirmed": sum(counts.values()), "by_language": counts, "waiting": uow.interests.waiting()}
