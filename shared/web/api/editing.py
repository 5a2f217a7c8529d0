"""Edits say which version they were made on, so that the later of two editors never overwrites unseen."""

from flask import Response, request

from shared.errors import PreconditionRequired, Stale

_ENCODINGS = ("-gzip", "-zstd", "-br")


def require_match(revision: int) -> None:
    """Check If-Match against the stored revision.

    Our tags are revision numbers, so that a tag which a proxy has weakened (`W/"5"`) or marked with its compression
    (`"5-gzip"`) still says which version it was. `*` names no version, and so does not do.

    Raises:
        PreconditionRequired: there is no If-Match, or it is `*`.
        Stale: it names another version.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        raise PreconditionRequired("Send If-Match with the ETag of the version that you are changing.")
    named = {_bare(tag) for tag in request.if_match.as_set(include_weak=True)}
    if str(revision) not in named:
        raise Stale("Somebody else changed this first. Load it again to see what is there now.")


def _bare(tag: str | None) -> str:
    tag = tag or ""  # how werkzeug reads an empty one
    for encoding in _ENCODINGS:
        tag = tag.removesuffix(encoding)
    return tag


def tagged(response: Response, revision: int) -> Response:
    """Say which version an answer shows."""
    response.set_etag(str(revision))
    return response
