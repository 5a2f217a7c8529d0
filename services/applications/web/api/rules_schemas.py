"""The shapes of the API of priority rules."""

from marshmallow import fields, validate

from shared.web.api import ApiSchema, page_schema


class RulesSchema(ApiSchema):
    """Rules as data: format, title, rules, caps, cap, tie."""

    definition = fields.Dict(required=True)


class RulesDraftSchema(RulesSchema):
    """A draft. `problems` is what keeps it from being published, by path such as `rules.1.bands.0.points`."""

    updated_by = fields.String()
    updated_at = fields.AwareDateTime(format="iso")
    problems = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class PublishSchema(RulesSchema):
    """A version to publish, and why."""

    reason = fields.String(required=True)


class VersionHeadSchema(ApiSchema):
    """A version without its rules."""

    version = fields.Integer()
    published_at = fields.AwareDateTime(format="iso")
    reason = fields.String()


class RulesVersionSchema(VersionHeadSchema):
    """A version with its rules."""

    definition = fields.Dict()


class RescoreSchema(ApiSchema):
    """A rescoring: `state` is staging, ready or done."""

    round_id = fields.UUID()
    rules_version = fields.Integer()
    state = fields.String()
    done = fields.Integer()
    total = fields.Integer()
    started_at = fields.AwareDateTime(format="iso")
    finished_at = fields.AwareDateTime(format="iso", allow_none=True)


class WishSchema(RulesSchema):
    """Rules to try, and how many places to look at."""

    places = fields.Integer(load_default=40, validate=validate.Range(1, 100_000))


class MovedSchema(ApiSchema):
    """An application by both."""

    id = fields.UUID()
    score_before = fields.Integer()
    score_after = fields.Integer()
    rank_before = fields.Integer()
    rank_after = fields.Integer()


class ShareSchema(ApiSchema):
    """How many have a value of an attribute: of all, of the first places before, and after."""

    attribute = fields.String()
    value = fields.String()
    everybody = fields.Integer()
    before = fields.Integer()
    after = fields.Integer()


class WhatIfSchema(ApiSchema):
    """What other rules would change. `on_the_line` share the last rank when not all of them fit."""

    total = fields.Integer()
    changed = fields.Integer()
    on_the_line = fields.Integer()
    first = fields.List(fields.Nested(MovedSchema))
    came = fields.List(fields.Nested(MovedSchema))
    went = fields.List(fields.Nested(MovedSchema))
    shares = fields.List(fields.Nested(ShareSchema))


class ShownSchema(ApiSchema):
    """Whether applicants may read their own breakdown."""

    shown = fields.Boolean(required=True)


VersionList = page_schema(VersionHeadSchema)
