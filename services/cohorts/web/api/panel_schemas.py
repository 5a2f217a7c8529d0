"""What goes in and what comes out of the panel's rules, field by field."""

from marshmallow import Schema, fields, validate

from services.cohorts.use_cases.assign_reviews import MODES, TOP_UP
from shared.web.api import ApiSchema, page_schema


class PhasesSchema(ApiSchema):
    """When a panel's phases begin and end; null for a phase without that date."""

    scoring_opens_at = fields.AwareDateTime(load_default=None, allow_none=True)
    scoring_due_at = fields.AwareDateTime(load_default=None, allow_none=True)
    scoring_closes_at = fields.AwareDateTime(load_default=None, allow_none=True)
    discussion_closes_at = fields.AwareDateTime(load_default=None, allow_none=True)


class TermsSchema(ApiSchema):
    """A version of the panel's terms. `over` is the version that a new one was written over (0 for the first)."""

    version = fields.Integer(dump_only=True)
    text = fields.String(required=True)
    published_by = fields.String(dump_only=True)
    published_at = fields.AwareDateTime(dump_only=True)
    over = fields.Integer(load_only=True, load_default=None, allow_none=True, strict=True)
    ask_again = fields.Boolean(load_only=True, load_default=True)


class DescriptionSchema(ApiSchema):
    """How much a member reads, and what is known of them; what is left out stays as it is."""

    capacity = fields.Integer(required=True, strict=True)
    languages = fields.List(fields.String())
    expertise = fields.List(fields.String())
    organisation = fields.String()


class ModeSchema(ApiSchema):
    """How to share out: top_up keeps every list, rebalance moves little, whole starts anew."""

    mode = fields.String(load_default=TOP_UP, validate=validate.OneOf(MODES))


class ProposalNameSchema(ModeSchema):
    """A proposal that was looked at."""

    fingerprint = fields.String(required=True)


class ConflictRowSchema(Schema):
    """One conflict: whose, what, where it is known from (declared, staff, register, email or own)."""

    id = fields.UUID(attribute="conflict_id", allow_none=True)
    panel_member_id = fields.UUID(attribute="member.id")
    name = fields.String(attribute="member.name")
    kind = fields.String()
    shown = fields.String()
    known_as = fields.String()
    source = fields.String()
    since = fields.AwareDateTime(allow_none=True)
    applications = fields.Integer()


class RosterSchema(ApiSchema):
    """A list of reviewers as CSV text; `invite` to invite them."""

    csv = fields.String(required=True)
    invite = fields.Boolean(load_default=False)


class ChangeSchema(ApiSchema):
    """One application given to a member, taken from one, or both; an exchange names the one that goes back."""

    application = fields.UUID(required=True)
    take_from = fields.UUID(load_default=None, allow_none=True)
    give_to = fields.UUID(load_default=None, allow_none=True)
    in_exchange = fields.UUID(load_default=None, allow_none=True)


class ApplyChangeSchema(ChangeSchema):
    """A change that was looked at."""

    fingerprint = fields.String(required=True)


TermsList = page_schema(TermsSchema)
ConflictRowList = page_schema(ConflictRowSchema)
