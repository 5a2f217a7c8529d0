"""An email's HTML as a page of its own, to be shown in a frame: its own styles, and nothing else, may act in it."""

from flask import Response

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
_BASE = '<base target="_top">'


def framed(html: str) -> Response:
    """The answer for the frame's address. Links open in the window around it, as they would from a mail program."""
    response = Response(html.replace("<head>", f"<head>{_BASE}", 1), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    return response
