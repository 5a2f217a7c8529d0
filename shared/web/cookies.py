"""Names and flags of Hearth's cookies, in one place. On https they carry the `__Host-` prefix."""

from flask import Request, current_app
from werkzeug.wrappers import Response

SESSION = "hearth-session"
IDENTITY = "hearth-identity"
BROWSER = "hearth-browser"
LANGUAGE = "hearth-language"
RENEWALS = "hearth-renewals"


def _secure() -> bool:
    return str(current_app.config["PUBLIC_URL"]).startswith("https://")


def name_of(cookie: str) -> str:
    """The cookie's full name on this site."""
    return f"__Host-{cookie}" if _secure() else cookie


def read(request: Request, cookie: str) -> str | None:
    """The cookie's value, if the browser sent it."""
    return request.cookies.get(name_of(cookie))


def write(response: Response, cookie: str, value: str, *, seconds: int | None = None) -> None:
    """Set it for the whole site: HttpOnly, SameSite=Lax, Secure on https; for this browser session if no `seconds`."""
    response.set_cookie(
        name_of(cookie), value, max_age=seconds, path="/", secure=_secure(), httponly=True, samesite="Lax"
    )


def clear(response: Response, cookie: str) -> None:
    """Ask the browser to forget it."""
    response.delete_cookie(name_of(cookie), path="/", secure=_secure(), httponly=True, samesite="Lax")
