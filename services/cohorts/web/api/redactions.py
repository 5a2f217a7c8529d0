"""Names inside answers by API: what waits, and what staff decide."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from marshmallow import Schema, fields

from services.cohorts.storage.tables import Redaction
from services.cohorts.use_cases.redact_answer import (
    NamedAnswer,
    clear_answer,
    named_answer,
    redact_answer,
    waiting_answers,
)
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import staff_only
from shared.web.api import ApiSchema, Page, page_schema

blueprint = Blueprint(
    "api_redactions", __name__, url_prefix="/cohorts/api/v1", description="Names in answers, for staff"
)


class PlaceSchema(Schema):
    """Characters `start` to `end` of the answer."""

    start = fields.Integer()
    end = fields.Integer()
    kind = fields.String()
    sure = fields.Boolean()


class NamedAnswerSchema(Schema):
    """A visible answer, where it may name the person, and what reviewers would read if all places were masked."""

    application_id = fields.UUID(attribute="application.id")
    reference = fields.String(attribute="application.reference")
    question_id = fields.String()
    label = fields.String()
    text = fields.String()
    places = fields.List(fields.Nested(PlaceSchema))
    suggestion = fields.String()
    waiting = fields.Boolean()
    shown = fields.Method("read_by_reviewers")

    def read_by_reviewers(self, answer: NamedAnswer) -> str:
        """What reviewers read now."""
        redacted = answer.standing is not None and answer.standing.action == "redacted"
        return answer.standing.text if redacted and answer.standing else answer.text


class RedactSchema(ApiSchema):
    """The text that reviewers read in place of the answer."""

    text = fields.String(required=True)
    reason = fields.String(load_default="")


class RedactionSchema(Schema):
    """What was done about an answer."""

    action = fields.String()
    text = fields.String()
    reason = fields.String()
    by_name = fields.String()
    at = fields.AwareDateTime()


class AfterSchema(ApiSchema):
    """Where to go on."""

    cursor = fields.String(load_default="")


@blueprint.route("/rounds/<uuid:round_id>/names", methods=["GET"])
@blueprint.arguments(AfterSchema, location="query")
@blueprint.response(200, page_schema(NamedAnswerSchema))
@staff_only
def waiting(wanted: dict[str, Any], round_id: UUID) -> Page:
    """Answers that may name a person and that nobody has looked at."""
    with units().begin(write=False) as uow:
        answers, more = waiting_answers(uow, round_id, wanted["cursor"])
    return Page(answers, more)


@blueprint.route("/applications/<uuid:application_id>/answers/<question_id>/redaction", methods=["GET"])
@blueprint.response(200, NamedAnswerSchema)
@staff_only
def one(application_id: UUID, question_id: str) -> NamedAnswer:
    """One visible answer."""
    with units().begin(write=False) as uow:
        return named_answer(uow, application_id, question_id)


@blueprint.route("/applications/<uuid:application_id>/answers/<question_id>/redaction", methods=["PUT"])
@blueprint.arguments(RedactSchema)
@blueprint.response(200, RedactionSchema)
@staff_only
def redact(wanted: dict[str, Any], application_id: UUID, question_id: str) -> Redaction:
    """Let reviewers read another text; the original is kept."""
    with units().begin() as uow:
        return redact_answer(uow, actor(), application_id, question_id, wanted["text"], wanted["reason"])


@blueprint.route("/applications/<uuid:application_id>/answers/<question_id>/redaction", methods=["DELETE"])
@blueprint.response(200, RedactionSchema)
@staff_only
def clear(application_id: UUID, question_id: str) -> Redaction:
    """Say that the answer may be read as it stands."""
    with units().begin() as uow:
        return clear_answer(uow, actor(), application_id, question_id)


@blueprint.route("/applications/<uuid:application_id>/answers/<question_id>/redaction/history", methods=["GET"])
@blueprint.response(200, page_schema(RedactionSchema))
@staff_only
def history(application_id: UUID, question_id: str) -> Page:
    """Everything that was done about one answer, the newest first."""
    with units().begin(write=False) as uow:
        named_answer(uow, application_id, question_id)
        return Page(uow.redactions.history(application_id, question_id))
