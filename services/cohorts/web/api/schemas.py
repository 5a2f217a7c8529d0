"""What goes in and what comes out, field by field: nothing is shown that is not named here."""

from marshmallow import Schema, fields, validate

from services.cohorts.storage.repositories.shortlist import SORTS
from shared.web.api import ApiSchema, PageArguments, page_schema


class RoundSchema(Schema):
    """A round."""

    id = fields.UUID()
    slug = fields.String()
    title = fields.String()
    state = fields.String()
    opens_at = fields.AwareDateTime()
    closes_at = fields.AwareDateTime()
    zone = fields.String()


class PlanSchema(ApiSchema):
    """How a round is reviewed and chosen."""

    reviews_per_application = fields.Integer(required=True, strict=True)
    review_closes_at = fields.AwareDateTime(required=True, allow_none=True)
    priority_weight = fields.Integer(required=True, strict=True)
    review_weight = fields.Integer(required=True, strict=True)
    places = fields.Integer(required=True, strict=True)
    respond_days = fields.Integer(required=True, strict=True)


class ConflictSchema(Schema):
    """A conflict of interest."""

    id = fields.UUID()
    kind = fields.String()
    shown = fields.String()
    source = fields.String()


class MemberSchema(Schema):
    """A panel member."""

    id = fields.UUID()
    round_id = fields.UUID()
    name = fields.String()
    email = fields.String()
    language = fields.String()
    capacity = fields.Integer()
    languages = fields.List(fields.String())
    expertise = fields.List(fields.String())
    organisation = fields.String()
    state = fields.String()
    declared_at = fields.AwareDateTime(allow_none=True)
    terms_version = fields.Integer(allow_none=True)
    reminded_at = fields.AwareDateTime(allow_none=True)
    revision = fields.Integer()


class ProgressSchema(Schema):
    """A panel member with the state of their list."""

    member = fields.Nested(MemberSchema)
    assigned = fields.Integer(attribute="load")
    submitted = fields.Integer()
    begun = fields.Integer()
    abstained = fields.Integer()
    conflicts = fields.List(fields.Nested(ConflictSchema))


class InvitationSchema(ApiSchema):
    """Whom to ask onto a panel."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    language = fields.String(load_default="en", validate=validate.Length(1, 20))
    capacity = fields.Integer(load_default=40, strict=True)
    languages = fields.List(fields.String(), load_default=list)
    expertise = fields.List(fields.String(), load_default=list)
    organisation = fields.String(load_default="")


class NewConflictSchema(ApiSchema):
    """A conflict to enter: kind is organisation, domain or application."""

    kind = fields.String(required=True)
    value = fields.String(required=True)


class ShortlistArguments(PageArguments):
    """Order and filters of a shortlist; `attribute` may be repeated as <id>:<value>."""

    sort = fields.String(load_default="blended", validate=validate.OneOf(list(SORTS)))
    attribute = fields.List(fields.String(), load_default=list)
    least_reviews = fields.Integer(load_default=None, validate=validate.Range(0, 99_999))
    flagged = fields.Boolean(load_default=False)
    text = fields.String(load_default="")
    stage = fields.String(load_default=None, allow_none=True)
    least_score = fields.Float(load_default=None, allow_none=True)
    least_priority = fields.Float(load_default=None, allow_none=True)
    disagreement = fields.Boolean(load_default=False)
    marked = fields.Boolean(load_default=False)
    contested = fields.Boolean(load_default=False)


class ShortlistRowSchema(Schema):
    """One application on the shortlist."""

    id = fields.UUID(attribute="application.id")
    reference = fields.String(attribute="application.reference")
    name = fields.String(attribute="person.name", allow_none=True)
    organisation = fields.String(attribute="identity.organisation", allow_none=True)
    stage = fields.String(attribute="application.stage")
    attributes = fields.Dict(attribute="application.attributes")
    score = fields.Float(attribute="application.blended", allow_none=True)
    priority_score = fields.Float(attribute="application.priority_score", allow_none=True)
    review_count = fields.Integer(attribute="application.review_count")
    review_mean = fields.Float(attribute="application.review_mean", allow_none=True)
    review_median = fields.Float(attribute="application.review_median", allow_none=True)
    review_spread = fields.Float(attribute="application.review_spread", allow_none=True)
    flags = fields.Integer(attribute="application.flags")
    adjusted_review = fields.Float(attribute="calibrated.adjusted", allow_none=True)
    standard_error = fields.Float(attribute="calibrated.standard_error", allow_none=True)
    disagreement = fields.Boolean()
    marks = fields.List(fields.Nested("MarkSchema"))
    case = fields.Nested("CaseMarkSchema", allow_none=True)


class CaseMarkSchema(Schema):
    """A review request or complaint that is open (no `closed_at`) or was upheld. No word of what it says."""

    id = fields.UUID()
    kind = fields.String()
    opened_at = fields.AwareDateTime(format="iso")
    closed_at = fields.AwareDateTime(format="iso", allow_none=True)
    outcome = fields.String()


class MarkSchema(Schema):
    """A flag or a note that staff put on an application."""

    id = fields.UUID()
    application_id = fields.UUID()
    kind = fields.String()
    text = fields.String()
    by_name = fields.String()
    at = fields.AwareDateTime(format="iso")


class ExceptionSchema(ApiSchema):
    """A value that more may share."""

    value = fields.String(required=True)
    maximum = fields.Integer(required=True, strict=True)


class PairSchema(ApiSchema):
    """A value of an attribute."""

    attribute = fields.String(required=True)
    value = fields.String(required=True)


class TargetSchema(PairSchema):
    """At least `minimum` and at most `maximum` people with a value of an attribute, and with every one of `also`.

    `percent`: the bounds are shares of the places, 0 to 100. The value `*` bounds every value by itself (the attribute
    may then be `organisation`), with `exceptions` where more may share one.
    """

    minimum = fields.Float(load_default=0)
    maximum = fields.Float(load_default=None, allow_none=True)
    also = fields.List(fields.Nested(PairSchema), load_default=list)
    percent = fields.Boolean(load_default=False)
    exceptions = fields.List(fields.Nested(ExceptionSchema), load_default=list)


class PinSchema(ApiSchema):
    """Somebody pinned in or out, with the reason."""

    reference = fields.String(required=True)
    reason = fields.String(required=True)


class QuestionSchema(ApiSchema):
    """Whom to choose."""

    title = fields.String(load_default="")
    size = fields.Integer(required=True, strict=True)
    targets = fields.List(fields.Nested(TargetSchema), load_default=list)
    one_per_organisation = fields.Boolean(
        load_default=False, metadata={"description": "Adds a last target: organisation, *, at most 1"}
    )
    pinned_in = fields.List(fields.Nested(PinSchema), load_default=list)
    pinned_out = fields.List(fields.Nested(PinSchema), load_default=list)


class RunSchema(Schema):
    """A selection that was computed."""

    id = fields.UUID()
    round_id = fields.UUID()
    title = fields.String()
    created_by_name = fields.String()
    created_at = fields.AwareDateTime()
    size = fields.Integer()
    targets = fields.List(fields.Dict())
    one_per_organisation = fields.Boolean()
    pinned_in = fields.List(fields.Dict())
    pinned_out = fields.List(fields.Dict())
    priority_weight = fields.Integer()
    review_weight = fields.Integer()
    data_hash = fields.String()
    pool_size = fields.Integer()
    left_out = fields.Integer()
    status = fields.String()
    objective = fields.Float(allow_none=True)
    bound = fields.Float(allow_none=True)
    counts = fields.List(fields.Dict())
    relaxation = fields.List(fields.Dict())
    clash = fields.List(fields.String())
    seconds = fields.Float()
    kind = fields.String()
    scores = fields.String()
    seed = fields.String()


class StageSchema(ApiSchema):
    """Which selection becomes the decision."""

    run_id = fields.UUID(required=True)
    waitlist = fields.Integer(load_default=0, strict=True)
    respond_by = fields.AwareDateTime(required=True)


class ReleaseSchema(Schema):
    """A round's decisions as a whole."""

    id = fields.UUID()
    round_id = fields.UUID()
    run_id = fields.UUID()
    state = fields.String()
    waitlist = fields.Integer()
    respond_by = fields.AwareDateTime()
    released_at = fields.AwareDateTime(allow_none=True)
    released_by_name = fields.String()
    revision = fields.Integer()


class DecisionSchema(Schema):
    """One application's outcome. `case`: it is being looked at again (`closed_at` null), or a case was upheld."""

    id = fields.UUID()
    application_id = fields.UUID()
    reference = fields.String()
    outcome = fields.String()
    rank = fields.Integer()
    score = fields.Float(allow_none=True)
    feedback = fields.String()
    approved_at = fields.AwareDateTime(allow_none=True)
    approved_by_name = fields.String()
    told_at = fields.AwareDateTime(allow_none=True)
    case = fields.Nested(CaseMarkSchema, allow_none=True)
    revision = fields.Integer()


class EventArguments(ApiSchema):
    """Where to begin."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=1_000_000))


class FeedbackSchema(ApiSchema):
    """What somebody is told beyond the outcome."""

    feedback = fields.String(required=True)


class RecordEntrySchema(Schema):
    """One entry of the decision record."""

    position = fields.Integer()
    at = fields.AwareDateTime()
    actor = fields.String()
    action = fields.String()
    detail = fields.Dict()
    previous = fields.String()
    hash = fields.String()


class WhySchema(Schema):
    """What a selection says of one application."""

    application_id = fields.UUID()
    reference = fields.String()
    chosen = fields.Boolean()
    score = fields.Float()
    code = fields.String()
    reason = fields.String()
    points = fields.Float(allow_none=True)
    exact = fields.Boolean()
    rules = fields.List(fields.Integer())
    instead = fields.List(fields.String())


RoundList = page_schema(RoundSchema)
ProgressList = page_schema(ProgressSchema)
ShortlistPage = page_schema(ShortlistRowSchema)
RunList = page_schema(RunSchema)
DecisionList = page_schema(DecisionSchema)
RecordList = page_schema(RecordEntrySchema)
WhyList = page_schema(WhySchema)
