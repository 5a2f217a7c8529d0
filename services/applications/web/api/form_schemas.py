"""The shapes of forms in the JSON API."""

from marshmallow import fields, validate

from services.applications.use_cases.build_form import LONGEST_NOTE
from shared.web.api import ApiSchema


class FormSchema(ApiSchema):
    """A form as data: sections, questions, conditions, choices."""

    form = fields.Dict(keys=fields.String(), required=True)


class FormDraftSchema(FormSchema):
    """The form being built. `version` is the newest published one; `problems` are by path."""

    version = fields.Integer(dump_only=True)
    revision = fields.Integer(dump_only=True)
    changed = fields.Boolean(dump_only=True)
    problems = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), dump_only=True)


class FormCopySchema(ApiSchema):
    """Whose form to copy."""

    round_id = fields.UUID(required=True)


class PublishingNoteSchema(ApiSchema):
    """What is different in the new version."""

    note = fields.String(required=True, validate=validate.Length(1, LONGEST_NOTE))


class FormVersionSchema(ApiSchema):
    """A published version, without its form."""

    version = fields.Integer()
    note = fields.String()
    published_by = fields.String()
    published_at = fields.AwareDateTime(format="iso")


class ChangeArguments(ApiSchema):
    """Which two versions to compare."""

    from_ = fields.Integer(data_key="from", load_default=1, validate=validate.Range(1, 1_000_000))
    to = fields.Integer(validate=validate.Range(1, 1_000_000))


class SettingSchema(ApiSchema):
    """A setting that differs."""

    name = fields.String()
    before = fields.String()
    after = fields.String()


class ChangeSchema(ApiSchema):
    """A part of a form that was added, removed, moved or changed."""

    part = fields.String()
    id = fields.String()
    label = fields.String()
    what = fields.String()
    settings = fields.List(fields.Nested(SettingSchema))
