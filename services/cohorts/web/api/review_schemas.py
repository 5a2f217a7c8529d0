"""What goes in and out of reviewing, field by field: blind, since nothing else is named here."""

from marshmallow import Schema, fields

from shared.web.api import ApiSchema, page_schema


class DeclarationSchema(ApiSchema):
    """What a reviewer declares before reading."""

    organisations = fields.List(fields.String(), load_default=list)
    domains = fields.List(fields.String(), load_default=list)
    agreed = fields.Boolean(required=True)


class LineSchema(ApiSchema):
    """A score from 1 to 5 with its reason."""

    score = fields.Integer(load_default=None, allow_none=True, strict=True)
    reason = fields.String(load_default="")


class WrittenSchema(ApiSchema):
    """What a reviewer wrote."""

    scores = fields.Dict(keys=fields.String(), values=fields.Nested(LineSchema), required=True)
    comment = fields.String(load_default="")
    flagged = fields.Boolean(load_default=False)
    flag_reason = fields.String(load_default="")


class ReasonSchema(ApiSchema):
    """Why."""

    reason = fields.String(required=True)


class ReviewSchema(Schema):
    """A reviewer's own review."""

    assignment_id = fields.UUID()
    state = fields.String()
    scores = fields.Dict()
    comment = fields.String()
    flagged = fields.Boolean()
    flag_reason = fields.String()
    overall = fields.Float(allow_none=True)
    submitted_at = fields.AwareDateTime(allow_none=True)
    revision = fields.Integer()


class ListedReviewSchema(Schema):
    """One line of a reviewer's list."""

    assignment_id = fields.UUID()
    reference = fields.String()
    language = fields.String()
    state = fields.String()
    flagged = fields.Boolean()
    overall = fields.Float(allow_none=True)
    readers = fields.Integer()


class MyPanelSchema(Schema):
    """A reviewer's place on one panel."""

    member_id = fields.UUID(attribute="member.id")
    round = fields.String(attribute="round.title")
    declared = fields.Boolean()
    phase = fields.String()
    closes_at = fields.AwareDateTime(allow_none=True)
    reviews = fields.List(fields.Nested(ListedReviewSchema))


class StandingSchema(Schema):
    """What others' reviews come to, shown once one's own is in."""

    count = fields.Integer()
    mean = fields.Float(allow_none=True)
    median = fields.Float(allow_none=True)
    spread = fields.Float(allow_none=True)


class ReadingSchema(Schema):
    """One assigned application with the rubric and one's own review: blind."""

    assignment_id = fields.UUID(attribute="application.assignment_id")
    reference = fields.String(attribute="application.reference")
    language = fields.String(attribute="application.language")
    answers = fields.List(fields.Dict(), attribute="application.answers")
    round = fields.String(attribute="round_title")
    rubric = fields.List(
        fields.Nested(
            Schema.from_dict(
                {
                    "id": fields.String(),
                    "label": fields.String(),
                    "description": fields.String(),
                    "weight": fields.Float(),
                    "anchors": fields.List(fields.String()),
                    "independent": fields.Boolean(),
                },
                name="RubricLineSchema",
            )
        )
    )
    review = fields.Nested(ReviewSchema, allow_none=True)
    others = fields.Nested(StandingSchema, allow_none=True)
    open = fields.Boolean()
    revision = fields.Integer()


MyPanelList = page_schema(MyPanelSchema)
