"""The two cookies of a signed-in browser: its session, and the short identity that every service reads."""

from flask import make_response
from werkzeug.wrappers import Response

from services.applications.use_cases import keep_session
from services.applications.web.context import here
from shared.web import cookies
from shared.web.identity import LIFETIME, Identity, sign


def signed_in(answer: Response | str, token: str, identity: Identity | None) -> Response:
    """Give the browser its session and its first identity."""
    response = make_response(answer)
    cookies.write(response, cookies.SESSION, token, seconds=int(keep_session.ABSOLUTE.total_seconds()))
    return with_identity(response, identity)


def with_identity(response: Response, identity: Identity | None) -> Response:
    """Give the browser a fresh identity, or take away the one it has."""
    if identity is None:
        cookies.clear(response, cookies.IDENTITY)
        return response
    context = here()
    signed = sign(identity, context.config.identity_private_key, context.clock())
    # The cookie outlives the identity in it, so that an expired one is renewed rather than taken for a stranger's.
    lifetime = keep_session.ABSOLUTE + LIFETIME
    cookies.write(response, cookies.IDENTITY, signed, seconds=int(lifetime.total_seconds()))
    return response


def forget(response: Response) -> Response:
    """Take both away."""
    cookies.clear(response, cookies.SESSION)
    cookies.clear(response, cookies.IDENTITY)
    return response
