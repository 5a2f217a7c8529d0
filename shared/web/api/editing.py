"""Edits say which version they were made on, so that the later of two editors never overwrites unseen."""

from flask import Response, request

from shared.errors import PreconditionRequired, Stale


def require_match(revision: int) -> None:
    """Check If-Match against the stored revision.

    Raises:
        PreconditionRequired: there is no If-Match.
        Stale: it names another version.
    """
    if "If-Match" not in request.headers:
        raise PreconditionRequired("Send If-Match with the ETag of the version that you are changing.")
    if not request.if_match.contains(str(revision)):
        raise Stale("Somebody else changed this first. Load it again to see what is there now.")


def tagged(response: Response, revision: int) -> Response:
    """Say which version an answer shows."""
    response.set_etag(str(revision))
    return response
