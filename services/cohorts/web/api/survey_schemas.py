"""What goes in and out of surveys, field by field."""

from marshmallow import Schema, fields, validate

from services.cohorts.domain.survey import KINDS, MOMENTS
from shared.web.api import ApiSchema, page_schema


class SurveyChoiceSchema(ApiSchema):
    """One answer that can be picked."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class SurveyConditionSchema(ApiSchema):
    """Asked only of those who gave one of these answers to an earlier question."""

    question = fields.String(required=True)
    values = fields.List(fields.String(), required=True)


class SurveyQuestionSchema(ApiSchema):
    """One question."""

    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    text = fields.String(required=True)
    hint = fields.String(load_default="")
    choices = fields.List(fields.Nested(SurveyChoiceSchema), load_default=list)
    anchors = fields.List(fields.String(), load_default=list, validate=validate.Length(max=2))
    lowest = fields.Integer(load_default=None, allow_none=True, strict=True)
    highest = fields.Integer(load_default=None, allow_none=True, strict=True)
    condition = fields.Nested(SurveyConditionSchema, load_default=None, allow_none=True)


class NewSurveySchema(ApiSchema):
    """A survey as staff write it."""

    title = fields.String(required=True)
    intro = fields.String(load_default="")
    moment = fields.String(required=True, validate=validate.OneOf(MOMENTS))
    session_id = fields.UUID(load_default=None, allow_none=True)
    anonymous = fields.Boolean(load_default=False)
    minutes = fields.Integer(load_default=None, allow_none=True, strict=True)
    opens_at = fields.AwareDateTime(load_default=None, allow_none=True)
    closes_at = fields.AwareDateTime(load_default=None, allow_none=True)
    questions = fields.List(fields.Nested(SurveyQuestionSchema), load_default=list)


class SurveySchema(Schema):
    """A survey as it stands, for staff."""

    id = fields.UUID()
    title = fields.String()
    intro = fields.String()
    moment = fields.String()
    session_id = fields.UUID(allow_none=True)
    anonymous = fields.Boolean()
    minutes = fields.Integer(allow_none=True)
    opens_at = fields.AwareDateTime(allow_none=True)
    closes_at = fields.AwareDateTime(allow_none=True)
    state = fields.String()
    questions = fields.List(fields.Raw())
    words = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.String()))
    published_at = fields.AwareDateTime(allow_none=True)
    revision = fields.Integer()


SurveyList = page_schema(SurveySchema)


class SurveyWordsSchema(ApiSchema):
    """What a survey says in another language, by the key of each text."""

    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class SurveyAnswersSchema(ApiSchema):
    """Answers by question: "yes" or "no", a choice's value, a list of them, a number, or a text."""

    answers = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
