"""The texts of messages, for staff's own tools: read, try, publish, compare, bring back."""

from typing import Any

from flask import Response, jsonify
from flask_smorest import Blueprint
from marshmallow import fields

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.comparing import Side, compare
from services.notifications.domain.templating.source import Source, typed
from services.notifications.storage.template_tables import TemplateVersionRow
from services.notifications.use_cases.edit_template import (
    Standing,
    checked,
    look,
    publish_version,
    restore_version,
    standing,
    version_source,
)
from services.notifications.web.context import units
from shared.message_kinds import title_of
from shared.web import access
from shared.web.api import ApiSchema, require_match, tagged
from shared.web.identity import known

blueprint = Blueprint("api_templates", __name__, url_prefix="/notifications/api/v1/templates", description="Templates")
staff = access.role("staff", "administrator")


class TextSchema(ApiSchema):
    """What somebody writes: Markdown with `{{placeholders}}`. `draft`: no native speaker has read it."""

    subject = fields.String(required=True)
    preheader = fields.String(load_default="")
    body = fields.String(required=True)
    draft = fields.Boolean(load_default=False)


class NewVersionSchema(TextSchema):
    """A text to publish, with what is different in a few words."""

    note = fields.String(required=True)


class TemplateSchema(ApiSchema):
    """The text in use. `number` 0 is the text that Hearth ships before anything was published."""

    kind = fields.String()
    title = fields.String()
    language = fields.String()
    number = fields.Integer()
    shipped = fields.Boolean()
    subject = fields.String()
    preheader = fields.String()
    body = fields.String()
    draft = fields.Boolean()


class VersionSchema(ApiSchema):
    """A published version; `hash` is what messages name, and empty where the shipped text came back."""

    number = fields.Integer()
    hash = fields.String(allow_none=True)
    note = fields.String()
    restored = fields.Integer(allow_none=True)
    published_at = fields.AwareDateTime(format="iso")
    published_by = fields.UUID(allow_none=True)
    subject = fields.String()
    preheader = fields.String()
    body = fields.String()
    draft = fields.Boolean()


class LookSchema(ApiSchema):
    """The message as it would be delivered, filled with invented values."""

    subject = fields.String()
    html = fields.String()
    text = fields.String()


class ComparisonArguments(ApiSchema):
    """Two numbers; 0 is the shipped text."""

    from_ = fields.Integer(required=True, data_key="from")
    to = fields.Integer(required=True)


def _shown(kind: str, language: str, now: Standing) -> dict[str, Any]:
    source = now.source or Source(kind, language, "", "", "", draft=False)
    text = {name: getattr(source, name) for name in ("subject", "preheader", "body", "draft")}
    return {
        "kind": kind,
        "title": title_of(kind),
        "language": language,
        "number": now.number,
        "shipped": now.shipped,
        **text,
    }


@blueprint.route("", methods=["GET"])
@blueprint.response(200, TemplateSchema(many=True))
@staff
def templates() -> list[dict[str, Any]]:
    """Every text in use."""
    with units().begin(write=False) as uow:
        found = [(kind, code, standing(uow, kind, code)) for kind in KINDS for code in LANGUAGES]
    return [_shown(*each) for each in found if each[2].source]


@blueprint.route("/<kind>/<language_code>", methods=["GET"])
@blueprint.response(200, TemplateSchema)
@staff
def template(kind: str, language_code: str) -> Response:
    """The text in use, with the ETag that publishing over it needs."""
    with units().begin(write=False) as uow:
        now = standing(uow, kind, language_code)
    return tagged(jsonify(TemplateSchema().dump(_shown(kind, language_code, now))), now.number)


@blueprint.route("/<kind>/<language_code>", methods=["PUT"])
@blueprint.arguments(NewVersionSchema)
@blueprint.response(200, VersionSchema)
@staff
def publish(given: dict[str, Any], kind: str, language_code: str) -> TemplateVersionRow:
    """Publish a version; needs If-Match. Problems are named by subject, preheader, body or note."""
    with units().begin() as uow:
        now = standing(uow, kind, language_code)
        require_match(now.number)
        return publish_version(
            uow, typed(kind, language_code, given), given["note"], known().person_id, over=now.number
        )


@blueprint.route("/<kind>/<language_code>/look", methods=["POST"])
@blueprint.arguments(TextSchema)
@blueprint.response(200, LookSchema)
@staff
def try_out(given: dict[str, Any], kind: str, language_code: str) -> dict[str, str]:
    """Check a text and show it as it would arrive. Nothing is kept."""
    with units().begin(write=False) as uow:
        standing(uow, kind, language_code)
        rendered = look(uow, checked(typed(kind, language_code, given)))
    return {"subject": rendered.subject, "html": rendered.html, "text": rendered.text}


@blueprint.route("/<kind>/<language_code>/versions", methods=["GET"])
@blueprint.response(200, VersionSchema(many=True))
@staff
def versions(kind: str, language_code: str) -> list[TemplateVersionRow]:
    """All versions, newest first."""
    with units().begin(write=False) as uow:
        standing(uow, kind, language_code)
        return uow.template_versions.of(kind, language_code)


@blueprint.route("/<kind>/<language_code>/versions/<int:number>/restoration", methods=["POST"])
@blueprint.response(200, VersionSchema)
@staff
def restore(kind: str, language_code: str, number: int) -> TemplateVersionRow:
    """Bring an earlier version back as a new one, or with 0 the shipped text; needs If-Match."""
    with units().begin() as uow:
        now = standing(uow, kind, language_code)
        require_match(now.number)
        return restore_version(uow, kind, language_code, number, known().person_id, over=now.number)


@blueprint.route("/<kind>/<language_code>/comparison", methods=["GET"])
@blueprint.arguments(ComparisonArguments, location="query")
@staff
def comparison(wanted: dict[str, Any], kind: str, language_code: str) -> Response:
    """Two versions beside each other, line by line: `where`, `before`, `after` and `differs`."""
    with units().begin(write=False) as uow:
        standing(uow, kind, language_code)
        sides = [version_source(uow, kind, language_code, wanted[name]) for name in ("from_", "to")]
    rows = compare(*sides)
    return jsonify(
        [
            {"where": row.where, "before": _line(row.before), "after": _line(row.after), "differs": row.differs}
            for row in rows
        ]
    )


def _line(side: Side) -> str | None:
    return None if side is None else "".join(words.text for words in side)
