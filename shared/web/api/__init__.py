"""What every JSON API shares: OpenAPI, problem+json, cursor paging, ETag and If-Match, Idempotency-Key."""

from shared.web.api.base import ApiSchema, make_api
from shared.web.api.editing import require_match, tagged
from shared.web.api.idempotency import once
from shared.web.api.paging import Page, PageArguments, cursor_of, page_schema, read_cursor

__all__ = [
    "ApiSchema",
    "Page",
    "PageArguments",
    "cursor_of",
    "make_api",
    "once",
    "page_schema",
    "read_cursor",
    "require_match",
    "tagged",
]
