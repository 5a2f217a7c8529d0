"""A round's form by API: the one being built, its versions, what changed, a copy of another round's."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint

from services.applications.domain.building.comparing import compare
from services.applications.domain.building.editing import problems_of
from services.applications.domain.building.files import in_order
from services.applications.use_cases.build_form import (
    FormInHand,
    copy_form,
    form_problems,
    open_form,
    publish_form,
    replace_form,
)
from services.applications.web.api.form_schemas import (
    ChangeArguments,
    ChangeSchema,
    FormCopySchema,
    FormDraftSchema,
    FormSchema,
    FormVersionSchema,
    PublishingNoteSchema,
)
from services.applications.web.context import units
from shared.errors import Invalid
from shared.web import access
from shared.web.api import Page, page_schema, require_match, tagged
from shared.web.identity import known

blueprint = Blueprint(
    "api_forms", __name__, url_prefix="/applications/api/v1/rounds/<uuid:round_id>/form", description="Forms"
)
_STAFF = ("staff", "administrator")


def _shown(form: FormInHand, problems: dict[str, list[str]]) -> Response:
    body = {
        "form": in_order(form.definition),
        "version": form.version,
        "revision": form.revision,
        "changed": form.changed,
        "problems": problems,
    }
    return tagged(jsonify(FormDraftSchema().dump(body)), form.revision)


@blueprint.route("/draft", methods=["GET"])
@blueprint.response(200, FormDraftSchema)
@access.role(*_STAFF)
def draft(round_id: UUID) -> Response:
    """The form being built, with what stands between it and publication, and its ETag."""
    with units().begin(write=False) as uow:
        form = open_form(uow, round_id)
        return _shown(form, form_problems(uow, form))


@blueprint.route("/draft", methods=["PUT"])
@blueprint.arguments(FormSchema)
@blueprint.response(200, FormDraftSchema)
@access.role(*_STAFF)
def put_draft(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Put another form in its place, if every part of it is right. Needs If-Match."""
    problems = problems_of(wanted["form"])
    if problems:
        raise Invalid({f"form.{path}": said for path, said in problems.items()})
    with units().begin() as uow:
        require_match(open_form(uow, round_id, lock=True).revision)
        form = replace_form(uow, round_id, wanted["form"], known().name, revision=None)
        return _shown(form, form_problems(uow, form))


@blueprint.route("/draft/copy", methods=["PUT"])
@blueprint.arguments(FormCopySchema)
@blueprint.response(200, FormDraftSchema)
@access.role(*_STAFF)
def copy(wanted: dict[str, Any], round_id: UUID) -> Response:
    """Put a copy of another round's published form in its place. Needs If-Match."""
    with units().begin() as uow:
        require_match(open_form(uow, round_id, lock=True).revision)
        form = copy_form(uow, round_id, wanted["round_id"], known().name, revision=None)
        return _shown(form, form_problems(uow, form))


@blueprint.route("/versions", methods=["GET"])
@blueprint.response(200, page_schema(FormVersionSchema))
@access.role(*_STAFF)
def versions(round_id: UUID) -> Page:
    """Every published version, newest first."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        return Page(uow.forms.versions(round_id))


@blueprint.route("/versions", methods=["POST"])
@blueprint.arguments(PublishingNoteSchema)
@blueprint.response(201, FormDraftSchema)
@access.role(*_STAFF)
def publish(wanted: dict[str, Any], round_id: UUID) -> tuple[Response, int]:
    """Freeze the form being built as the next version. Needs If-Match."""
    with units().begin() as uow:
        require_match(open_form(uow, round_id, lock=True).revision)
        form = publish_form(uow, round_id, wanted["note"], known().name)
        return _shown(form, {}), 201


@blueprint.route("/versions/<int:version>", methods=["GET"])
@blueprint.response(200, FormSchema)
@access.role(*_STAFF)
def version(round_id: UUID, version: int) -> dict[str, Any]:
    """A published version."""
    with units().begin(write=False) as uow:
        return {"form": in_order(uow.forms.version(round_id, version).definition)}


@blueprint.route("/changes", methods=["GET"])
@blueprint.arguments(ChangeArguments, location="query")
@blueprint.response(200, page_schema(ChangeSchema))
@access.role(*_STAFF)
def changes(wanted: dict[str, Any], round_id: UUID) -> Page:
    """What differs between two versions; without `to`, from a version to the form being built."""
    with units().begin(write=False) as uow:
        before = uow.forms.version(round_id, wanted["from_"]).definition
        newer = wanted.get("to")
        after = uow.forms.version(round_id, newer).definition if newer else open_form(uow, round_id).definition
    return Page(compare(before, after))
