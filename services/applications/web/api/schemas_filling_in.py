"""The shapes of files, helpers, more time and paper in the JSON API."""

from marshmallow import fields, validate

from services.applications.use_cases.enter_paper import CHANNELS
from shared.web.api import ApiSchema, page_schema
from shared.web.i18n import LANGUAGES


class NewFileSchema(ApiSchema):
    """A file, as multipart."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


class FileSchema(ApiSchema):
    """What is known of a file."""

    id = fields.UUID()
    question_id = fields.String()
    name = fields.String()
    kind = fields.String()
    size = fields.Integer(metadata={"description": "in bytes"})
    state = fields.String()
    added_at = fields.AwareDateTime(format="iso")


class NewHelperSchema(ApiSchema):
    """Whom to ask, and what they may open: ids of sections. Equality questions only if their section is named."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    sections = fields.List(fields.String(), required=True)
    may_submit = fields.Boolean(load_default=False)


class HelperSchema(NewHelperSchema):
    """Somebody who helps, was asked to, or did."""

    id = fields.UUID()
    invited_at = fields.AwareDateTime(format="iso")
    accepted_at = fields.AwareDateTime(format="iso", allow_none=True)
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)


class NewExtensionSchema(ApiSchema):
    """More time: `until` is a wall-clock time in `zone`, such as 2027-03-05 23:59, the last minute in time."""

    email = fields.String(required=True)
    until = fields.String(required=True)
    zone = fields.String(required=True)
    reason = fields.String(required=True)


class ExtensionSchema(ApiSchema):
    """More time that was given."""

    id = fields.UUID()
    person_id = fields.UUID()
    until = fields.String()
    zone = fields.String()
    closes_at = fields.AwareDateTime(format="iso", metadata={"description": "first moment too late"})
    reason = fields.String()
    given_at = fields.AwareDateTime(format="iso")


class PaperSchema(ApiSchema):
    """An application that came on paper or by telephone. `received` is a wall-clock time in the round's zone."""

    name = fields.String(required=True)
    email = fields.String(load_default="")
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    received = fields.String(required=True)
    language = fields.String(load_default="en", validate=validate.OneOf(list(LANGUAGES)))
    note = fields.String(load_default="")
    eligibility = fields.Dict(keys=fields.String(), load_default=dict)


FileList = page_schema(FileSchema)
HelperList = page_schema(HelperSchema)
ExtensionList = page_schema(ExtensionSchema)
