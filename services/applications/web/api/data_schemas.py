"""The shapes of what people ask about their data."""

from marshmallow import fields, validate

from services.applications.use_cases.correct_answers import LONGEST_REASON
from shared.web.api import ApiSchema


class CopySchema(ApiSchema):
    """A copy that was asked for: gathering, ready or ended."""

    id = fields.UUID()
    state = fields.String()
    asked_at = fields.AwareDateTime(format="iso")
    ready_at = fields.AwareDateTime(format="iso", allow_none=True)
    expires_at = fields.AwareDateTime(format="iso", allow_none=True)


class ErasureSchema(ApiSchema):
    """An erasure: held (`holds` says by what), running, done, cancelled or refused."""

    id = fields.UUID()
    reference = fields.String()
    state = fields.String()
    holds = fields.List(fields.String())
    reason = fields.String()
    asked_at = fields.AwareDateTime(format="iso")
    completed_at = fields.AwareDateTime(format="iso", allow_none=True)
    missing = fields.List(fields.String(), metadata={"description": "services that have not confirmed"})


class SureSchema(ApiSchema):
    """Said on purpose."""

    sure = fields.Boolean(required=True, validate=validate.Equal(True))


class AddressSchema(ApiSchema):
    """A new email address."""

    email = fields.String(required=True, validate=validate.Length(max=254))


class CorrectionWishSchema(ApiSchema):
    """Answers of one section as they should be, by question id; a reason for those that are judged."""

    section = fields.String(required=True)
    answers = fields.Dict(keys=fields.String(), required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class CorrectionSchema(ApiSchema):
    """A correction: asked, made, noted (decisions were made already) or refused."""

    id = fields.UUID()
    application_id = fields.UUID()
    question_id = fields.String()
    before = fields.Raw(allow_none=True)
    wanted = fields.Raw(allow_none=True)
    reason = fields.String()
    state = fields.String()
    note = fields.String()
    asked_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)


class DecisionSchema(ApiSchema):
    """What staff decide about a correction."""

    accept = fields.Boolean(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class ReasonSchema(ApiSchema):
    """Why not."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))
