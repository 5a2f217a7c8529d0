"""Cursor paging: a page says where the next begins, so that rows added meanwhile are neither lost nor doubled."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from marshmallow import Schema, fields, validate

from shared.errors import Invalid

_SIGNATURE = 12


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursor of the next page if there is one."""

    items: Sequence[Any]
    next: str | None = None


class PageArguments(Schema):
    """`?cursor=...&limit=...`"""

    cursor = fields.String(load_default=None, metadata={"description": "`next` of the page before"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


def cursor_of(*keys: Any) -> str:
    """A cursor holding the sort keys of a page's last row (JSON values), signed for the address that is being answered:
    it comes back as it went out, to the same list, or not at all."""
    text = json.dumps(keys, default=str).encode()
    return base64.urlsafe_b64encode(_signature(text) + text).decode().rstrip("=")


def read_cursor(cursor: str | None, length: int) -> list[Any] | None:
    """The sort keys in a cursor, or None for the first page; Invalid when it is not one of this list's."""
    if not cursor:
        return None
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        found = b""
    signature, text = found[:_SIGNATURE], found[_SIGNATURE:]
    keys = json.loads(text) if text and hmac.compare_digest(signature, _signature(text)) else None
    if not isinstance(keys, list) or len(keys) != length:
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]})
    return keys


def _signature(text: bytes) -> bytes:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.digest(key, b"cursor\0" + request.path.encode() + b"\0" + text, hashlib.sha256)[:_SIGNATURE]


def page_schema(item: type[Schema]) -> type[Schema]:
    """The schema of a page of `item`."""
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(item)), "next": fields.String(allow_none=True)},
        name=f"{item.__name__.removesuffix('Schema')}Page",
    )
