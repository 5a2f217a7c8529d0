"""The shapes of the JSON API."""

from marshmallow import fields, validate

from services.applications.domain.rounds import State
from services.applications.storage.applications import CAME, SORTS, STATES
from services.applications.web.listing import LONGEST_SEARCH
from shared.web.api import ApiSchema, PageArguments, page_schema
from shared.web.i18n import LANGUAGES


class RoundSchema(ApiSchema):
    """A round."""

    id = fields.UUID(dump_only=True)
    slug = fields.String(dump_only=True)
    title = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    opens_at = fields.AwareDateTime(format="iso", dump_only=True)
    closes_at = fields.AwareDateTime(format="iso", dump_only=True, metadata={"description": "first moment too late"})
    zone = fields.String(dump_only=True)
    form_version = fields.Integer(dump_only=True)
    rules_version = fields.Integer(dump_only=True)
    revision = fields.Integer(dump_only=True)


class NewRoundSchema(ApiSchema):
    """What a new round is made of. Without `form`, `rules` and `rubric` it gets the standard ones."""

    id = fields.String(required=True)
    title = fields.Raw(required=True)
    summary = fields.Raw()
    about = fields.Raw()
    zone = fields.String(required=True)
    opens = fields.String()
    deadline = fields.String(required=True)
    decisions_by = fields.String()
    places = fields.Integer(validate=validate.Range(1, 100_000))
    breakdown_shown = fields.Boolean()
    form = fields.Dict()
    rules = fields.Dict()
    rubric = fields.Dict()


class StateSchema(ApiSchema):
    """Where to move a round."""

    state = fields.String(required=True, validate=validate.OneOf([state.value for state in State]))


class StartSchema(ApiSchema):
    """Begin an application: the answers of the eligibility check."""

    eligibility = fields.Dict(keys=fields.String(), load_default=dict)
    language = fields.String(load_default="en", validate=validate.OneOf(list(LANGUAGES)))


class AnswersSchema(ApiSchema):
    """Answers of one section by question id; null clears one."""

    answers = fields.Dict(keys=fields.String(), required=True)


class HeadSchema(ApiSchema):
    """An application without its answers."""

    id = fields.UUID()
    round_id = fields.UUID()
    reference = fields.String()
    state = fields.String()
    language = fields.String()
    submitted_at = fields.AwareDateTime(format="iso", allow_none=True)
    updated_at = fields.AwareDateTime(format="iso")
    revision = fields.Integer()


class ApplicationSchema(HeadSchema):
    """An application, to its owner. `problems` is what stands in the way of sending it, by question id."""

    answers = fields.Dict()
    problems = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class LineSchema(ApiSchema):
    """A line of a breakdown."""

    id = fields.String()
    label = fields.Raw()
    points = fields.Float()
    kind = fields.String()


class ListedSchema(HeadSchema):
    """An application in the staff list."""

    name = fields.String()
    score = fields.Float(allow_none=True)
    rules_version = fields.Integer(allow_none=True)
    breakdown = fields.List(fields.Nested(LineSchema))
    attributes = fields.Dict()
    channel = fields.String(
        allow_none=True,
        metadata={"description": "How it reached staff, who typed it in; null: filled in on this site."},
    )


class ListArguments(PageArguments):
    """Sorting and filtering of the staff list."""

    sort = fields.String(load_default="score", validate=validate.OneOf(SORTS))
    order = fields.String(load_default="desc", validate=validate.OneOf(["asc", "desc"]))
    state = fields.String(load_default="submitted", validate=validate.OneOf(STATES))
    came = fields.String(load_default="", validate=validate.OneOf(CAME))
    q = fields.String(load_default="", validate=validate.Length(max=LONGEST_SEARCH))


class MeSchema(ApiSchema):
    """Who is asking."""

    person_id = fields.UUID()
    name = fields.String()
    roles = fields.List(fields.String())


ListedPage = page_schema(ListedSchema)
RoundList = page_schema(RoundSchema)
