"""What goes in and out of offers and sessions, field by field."""

from marshmallow import Schema, fields, validate

from shared.web.api import ApiSchema, page_schema


class FingerprintSchema(ApiSchema):
    """Which proposal is applied."""

    fingerprint = fields.String(required=True)


class OfferSchema(Schema):
    """An offer, for staff. Its link is its owner's secret and not shown."""

    id = fields.UUID()
    round_id = fields.UUID()
    application_id = fields.UUID()
    state = fields.String()
    respond_by = fields.AwareDateTime()
    made_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    lapse_proposed_at = fields.AwareDateTime(allow_none=True)
    replaces_id = fields.UUID(allow_none=True)
    revision = fields.Integer()


class OwnOfferSchema(Schema):
    """An offer, for the person who holds its link."""

    programme = fields.String()
    state = fields.String()
    respond_by = fields.AwareDateTime()
    open = fields.Boolean()


class AnswerSchema(ApiSchema):
    """accepted or declined."""

    answer = fields.String(required=True, validate=validate.OneOf(["accepted", "declined"]))


class RespondBySchema(ApiSchema):
    """A later time to answer."""

    respond_by = fields.AwareDateTime(required=True)


class OutOfTurnSchema(RespondBySchema):
    """A place for one person, and why."""

    reference = fields.String(required=True)
    reason = fields.String(required=True)


class BackfillSchema(FingerprintSchema):
    """Which proposal is carried out, and by when the new people answer."""

    respond_by = fields.AwareDateTime(required=True)


class NewSessionSchema(ApiSchema):
    """A session. `start` is wall time in `zone`, without an offset; `fold` chooses when it comes twice."""

    title = fields.String(required=True)
    purpose = fields.String(load_default="")
    start = fields.NaiveDateTime(required=True)
    minutes = fields.Integer(required=True, strict=True)
    zone = fields.String(required=True)
    fold = fields.Integer(load_default=None, allow_none=True, validate=validate.OneOf([0, 1]))
    place = fields.String(load_default="")
    link = fields.String(load_default="")
    access_notes = fields.String(load_default="")
    facilitator = fields.String(load_default="")
    joining = fields.String(load_default="invited", validate=validate.OneOf(["invited", "sign_up"]))
    capacity = fields.Integer(load_default=None, allow_none=True, strict=True)
    group_id = fields.UUID(load_default=None, allow_none=True)


class SessionSchema(Schema):
    """A session as it stands."""

    id = fields.UUID()
    cohort_id = fields.UUID()
    uid = fields.String()
    calendar_sequence = fields.Integer()
    status = fields.String()
    title = fields.String()
    purpose = fields.String()
    local_start = fields.String()
    minutes = fields.Integer()
    zone = fields.String()
    fold = fields.Integer()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    place = fields.String()
    link = fields.String()
    access_notes = fields.String()
    facilitator = fields.String()
    series_id = fields.UUID(allow_none=True)
    group_id = fields.UUID(allow_none=True)
    joining = fields.String()
    capacity = fields.Integer(allow_none=True)
    revision = fields.Integer()


OfferList = page_schema(OfferSchema)
SessionList = page_schema(SessionSchema)
