"""The stock of feedback phrases by API."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.use_cases.keep_phrases import Wording, keep_phrase, remove_phrase
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import ApiSchema, Page, once, page_schema, require_match, tagged

blueprint = Blueprint("api_phrases", __name__, url_prefix="/cohorts/api/v1/feedback-phrases", description="Phrases")


class WordingSchema(ApiSchema):
    """A phrase as staff write it."""

    text = fields.String(required=True)
    language = fields.String(load_default="en")
    outcome = fields.String(load_default="")


class PhraseSchema(Schema):
    """A phrase of the stock."""

    id = fields.UUID()
    text = fields.String()
    language = fields.String()
    outcome = fields.String()
    created_by_name = fields.String()
    revision = fields.Integer()


@blueprint.route("", methods=["GET"])
@blueprint.response(200, page_schema(PhraseSchema))
@staff_only
def all_phrases() -> Page:
    """Every phrase."""
    with units().begin(write=False) as uow:
        return Page(uow.phrases.all())


@blueprint.route("", methods=["POST"])
@blueprint.arguments(WordingSchema)
@blueprint.response(201, PhraseSchema)
@staff_only
def add(wanted: dict[str, Any]) -> Response:
    """Add one. Takes an Idempotency-Key."""
    who = actor()
    return once(units(), lambda uow: keep_phrase(uow, who, Wording(**wanted)), PhraseSchema())


@blueprint.route("/<uuid:phrase_id>", methods=["PUT"])
@blueprint.arguments(WordingSchema)
@blueprint.response(200, PhraseSchema)
@staff_only
def change(wanted: dict[str, Any], phrase_id: UUID) -> Response:
    """Change one. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.phrases.get(phrase_id).revision)
        row = keep_phrase(uow, actor(), Wording(**wanted), phrase_id)
    return tagged(jsonify(PhraseSchema().dump(row)), row.revision)


@blueprint.route("/<uuid:phrase_id>", methods=["DELETE"])
@blueprint.response(204)
@staff_only
def remove(phrase_id: UUID) -> None:
    """Take one away. Needs If-Match."""
    with units().begin() as uow:
        require_match(uow.phrases.get(phrase_id).revision)
        remove_phrase(uow, phrase_id)
