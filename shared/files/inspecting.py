"""What a file truly is, by its content: its name and the type a browser claims are never believed.

Pictures come back without what a camera wrote into them: where they were taken, when, by which telephone.
"""

import io
from dataclasses import dataclass

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

from shared.files.archives import document_kind
from shared.files.refusing import Refused

MOST_PIXELS = 50_000_000
_PICTURES = {"JPEG": "jpg", "PNG": "png"}
_MAGIC = {".pdf": "pdf", ".rtf": "rtf", ".mp3": "mp3", ".m4a": "m4a", ".mp4": "mp4"}
_NOT_TEXT = ("<", "#!", "%!", "MZ", "{\\rtf")


@dataclass(frozen=True)
class Inspected:
    """A file's kind and what to keep of it."""

    kind: str
    data: bytes


def inspect(data: bytes, kinds: frozenset[str]) -> Inspected:
    """What it is, if it is one of `kinds`.

    Known are pdf, docx, pptx, xlsx, odt, odp, ods, rtf, txt, jpg, png, mp3, m4a and mp4. Raises Refused for anything
    else and for what swells when it is opened.
    """
    found = _found(data)
    if found.kind not in kinds:
        raise Refused("unknown")
    return found


def _found(data: bytes) -> Inspected:
    if data[:4] == b"PK\x03\x04":
        return Inspected(document_kind(data), data)
    picture = _picture(data)
    if picture is not None:
        return picture
    kind = _by_magic(data) or _text(data)
    if kind is None:
        raise Refused("unknown")
    return Inspected(kind, data)


def _picture(data: bytes) -> Inspected | None:
    try:
        with Image.open(io.BytesIO(data), formats=list(_PICTURES)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused("too_big_inside")
            kind = str(image.format)
            return Inspected(_PICTURES[kind], _without_metadata(image, kind))
    except UnidentifiedImageError:
        return None
    except Image.DecompressionBombError:
        raise Refused("too_big_inside") from None
    except (OSError, ValueError, SyntaxError):
        raise Refused("damaged") from None


def _without_metadata(image: Image.Image, kind: str) -> bytes:
    """The picture drawn anew, turned as the camera meant it."""
    upright = ImageOps.exif_transpose(image)
    if kind == "JPEG" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    if upright.mode == "P" and (palette := upright.getpalette()):
        bare.putpalette(palette)
    out = io.BytesIO()
    bare.save(out, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": False}))
    return out.getvalue()


def _by_magic(data: bytes) -> str | None:
    try:
        found = [_MAGIC[each.extension] for each in puremagic.magic_string(data) if each.extension in _MAGIC]
    except (puremagic.PureError, ValueError):
        return None
    return found[0] if found else None


def _text(data: bytes) -> str | None:
    """Plain text in UTF-8, and nothing that a program would run or show as a page."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if text.lstrip().startswith(_NOT_TEXT) or any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text):
        return None
    return "txt"
