"""Review requests and complaints by API: for who asks, for officers, and the published counts."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from services.applications.domain import cases as rules
from services.applications.storage.tables import CaseRow
from services.applications.use_cases import decide_case
from services.applications.use_cases.open_case import CaseWish, open_case, own_case, withdraw_case
from services.applications.web.context import language, units
from services.applications.web.pages.cases import counted
from shared.web import access
from shared.web.api import ApiSchema, once, require_match
from shared.web.identity import known

blueprint = Blueprint("api_cases", __name__, url_prefix="/applications/api/v1", description="Cases")


class CaseWishSchema(ApiSchema):
    """A review request or a complaint."""

    round_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(rules.GROUNDS)))
    ground = fields.String(required=True)
    text = fields.String(required=True)
    wish = fields.String(load_default="")
    application_id = fields.UUID(load_default=None)


class CaseSchema(ApiSchema):
    """A case, to its owner: `outcome` and `letter` once it is closed."""

    id = fields.UUID()
    reference = fields.String()
    kind = fields.String()
    ground = fields.String()
    round_id = fields.UUID()
    application_id = fields.UUID(allow_none=True)
    state = fields.String()
    opened_at = fields.AwareDateTime(format="iso")
    respond_by = fields.AwareDateTime(format="iso", metadata={"description": "first moment too late"})
    outcome = fields.String()
    letter = fields.String()


class OfficerCaseSchema(CaseSchema):
    """A case, to an officer."""

    text = fields.String()
    wish = fields.String()
    language = fields.String()
    officer_id = fields.UUID(allow_none=True)
    revision = fields.Integer()


class AssignSchema(ApiSchema):
    """Whom to give it to."""

    officer_id = fields.UUID(required=True)


class NoteSchema(ApiSchema):
    """A note for the file."""

    text = fields.String(required=True)


class OutcomeSchema(ApiSchema):
    """The outcome and the letter."""

    outcome = fields.String(required=True, validate=validate.OneOf(rules.OUTCOMES))
    letter = fields.String(required=True)


def _own(row: CaseRow) -> dict[str, Any]:
    """What its owner may know: nothing of a letter that was not released."""
    names = ("id", "reference", "kind", "ground", "round_id", "application_id", "state", "opened_at", "respond_by")
    closed = row.state == rules.CLOSED
    state = rules.ASSIGNED if row.state == rules.DECIDED else row.state
    told = {"outcome": row.outcome if closed else "", "letter": row.letter if closed else "", "state": state}
    return {**{name: getattr(row, name) for name in names}, **told}


@blueprint.route("/me/cases", methods=["GET"])
@blueprint.response(200, CaseSchema(many=True))
@access.signed_in
def mine() -> list[dict[str, Any]]:
    """One's own cases, newest first."""
    with units().begin(write=False) as uow:
        return [_own(row) for row in uow.cases.of_person(known().person_id)]


@blueprint.route("/me/cases", methods=["POST"])
@blueprint.arguments(CaseWishSchema)
@blueprint.response(201, CaseSchema)
@access.signed_in
def ask(body: dict[str, Any]) -> Response:
    """Ask for a decision to be looked at again, or complain. Takes an Idempotency-Key."""
    who, tag = known().person_id, language()
    return once(units(), lambda uow: _own(open_case(uow, who, CaseWish(**body, language=tag))), CaseSchema())


@blueprint.route("/me/cases/<uuid:case_id>", methods=["GET"])
@blueprint.response(200, CaseSchema)
@access.signed_in
def one(case_id: UUID) -> dict[str, Any]:
    """One's own case."""
    with units().begin(write=False) as uow:
        return _own(own_case(uow, case_id, known().person_id))


@blueprint.route("/me/cases/<uuid:case_id>/withdrawal", methods=["PUT"])
@blueprint.response(200, CaseSchema)
@access.signed_in
def withdraw(case_id: UUID) -> dict[str, Any]:
    """Take it back."""
    with units().begin() as uow:
        return _own(withdraw_case(uow, case_id, known().person_id))


@blueprint.route("/cases", methods=["GET"])
@blueprint.response(200, OfficerCaseSchema(many=True))
@access.role("officer")
def listed() -> list[CaseRow]:
    """Cases for an officer, the most pressing first; none of rounds on whose panel they are or were."""
    with units().begin(write=False) as uow:
        seats = uow.cases.seats_of(known().person_id)
        return [row for row in uow.cases.listed() if row.round_id not in seats]


@blueprint.route("/cases/<uuid:case_id>/officer", methods=["PUT"])
@blueprint.arguments(AssignSchema)
@blueprint.response(200, OfficerCaseSchema)
@access.role("officer")
def assign(body: dict[str, Any], case_id: UUID) -> CaseRow:
    """Give it to an officer."""
    with units().begin() as uow:
        row = decide_case.assign_case(uow, case_id, known().person_id, body["officer_id"])
        uow.session.flush()
        return row


@blueprint.route("/cases/<uuid:case_id>/notes", methods=["POST"])
@blueprint.arguments(NoteSchema)
@blueprint.response(204)
@access.role("officer")
def note(body: dict[str, Any], case_id: UUID) -> None:
    """Add a note to the trail."""
    with units().begin() as uow:
        decide_case.note(uow, case_id, known().person_id, body["text"])


@blueprint.route("/cases/<uuid:case_id>/outcome", methods=["PUT"])
@blueprint.arguments(OutcomeSchema)
@blueprint.response(200, OfficerCaseSchema)
@access.role("officer")
def decide(body: dict[str, Any], case_id: UUID) -> CaseRow:
    """Write the outcome and the letter; nobody is told yet."""
    with units().begin() as uow:
        row = decide_case.decide(uow, case_id, known().person_id, body["outcome"], body["letter"])
        uow.session.flush()
        return row


@blueprint.route("/cases/<uuid:case_id>/release", methods=["PUT"])
@blueprint.response(200, OfficerCaseSchema)
@access.role("officer")
def release(case_id: UUID) -> CaseRow:
    """Send the letter. Needs If-Match with the revision of the letter that was read."""
    with units().begin() as uow:
        row = decide_case.open_as_officer(uow, case_id, known().person_id, lock=True)
        if row.state != rules.CLOSED:
            require_match(row.revision)
        row = decide_case.release(uow, case_id, known().person_id)
        uow.session.flush()
        return row


@blueprint.route("/rounds/<uuid:round_id>/cases/counts", methods=["GET"])
@blueprint.response(200)
@access.public
def counts(round_id: UUID) -> dict[str, Any]:
    """How the round's cases ended, by kind; null for a number that is not shown."""
    with units().begin(write=False) as uow:
        uow.rounds.get(round_id)
        found = uow.cases.outcomes(round_id)
    return {kind: counted(found.get(kind, {})) for kind in rules.GROUNDS}
