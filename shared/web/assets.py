"""The shared static files, compressed once, named with a hash of their content so that browsers may keep them."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request

from shared.errors import NotFound
from shared.web import access

FOLDER = Path(__file__).parent / "static"
_COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".webmanifest"}
# Not from the machine's own table, which may know less: a page that is sent as the wrong kind is not used.
_KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}

blueprint = Blueprint("assets", __name__)


@cache
def _load(name: str, _changed: int) -> tuple[bytes, bytes | None, str]:
    content = (FOLDER / name).read_bytes()
    packed = gzip.compress(content, 9) if Path(name).suffix in _COMPRESSIBLE else None
    return content, packed, hashlib.sha256(content).hexdigest()[:12]


def _file(name: str) -> tuple[bytes, bytes | None, str]:
    path = FOLDER / name
    try:
        # One name for each file, so that what is kept in memory cannot be made to grow by other ways of writing it.
        known = path.resolve() == FOLDER.resolve() / name and path.as_posix() == f"{FOLDER.as_posix()}/{name}"
        if not known or not path.is_file():
            raise NotFound("There is no such file.")
        return _load(name, path.stat().st_mtime_ns)
    except (OSError, ValueError):  # a name that is too long, or no name at all
        raise NotFound("There is no such file.") from None


def address(name: str) -> str:
    """The URL of a shared file, changing whenever its content does."""
    return f"/assets/{name}?v={_file(name)[2]}"


@blueprint.get("/assets/<path:name>")
@access.public
def asset(name: str) -> Response:
    """One file; kept for a year when asked for by the right hash."""
    content, packed, digest = _file(name)
    use_packed = packed is not None and request.accept_encodings.quality("gzip") > 0
    kind = _KINDS.get(Path(name).suffix, "application/octet-stream")
    response = Response(packed if use_packed else content, mimetype=kind)
    if use_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    kept = request.args.get("v") == digest
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
    response.set_etag(f"{digest}-{'gzip' if use_packed else 'plain'}")
    response.make_conditional(request)
    return response
