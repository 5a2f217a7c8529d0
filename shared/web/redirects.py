"""Redirects go to paths of this site only."""

from urllib.parse import urlsplit


def local_path(target: str | None, default: str = "/") -> str:
    """`target` if it is a path of this site, else `default`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    parts = urlsplit(target)
    if (
        parts.scheme
        or parts.netloc
        or "\\" in target
        or any(ord(character) < 32 or character == "\x7f" for character in target)
    ):
        return default
    return target
