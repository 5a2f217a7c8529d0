"""What a file truly is, by its content: its name and the type a browser claims are never believed.

Pictures come back without what a camera wrote into them: where they were taken, when, by which telephone.
"""

import io
import zipfile
from dataclasses import dataclass

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
_CHUNK = 1024 * 1024
_PICTURES = {"JPEG": "jpg", "PNG": "png"}
_MAGIC = {".pdf": "pdf", ".rtf": "rtf", ".mp3": "mp3", ".m4a": "m4a", ".mp4": "mp4"}
_ODT = b"application/vnd.oasis.opendocument.text"
_NOT_TEXT = ("<", "#!", "%!", "MZ", "{\\rtf")


class Refused(Exception):
    """A file that is not taken. `reason`: unknown, too_big_inside, damaged, locked or programs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Inspected:
    """A file's kind (pdf, docx, odt, rtf, txt, jpg, png, mp3, m4a or mp4) and what to keep of it."""

    kind: str
    data: bytes


def inspect(data: bytes) -> Inspected:
    """What it is; raises Refused for anything else and for what swells when it is opened."""
    if data[:4] == b"PK\x03\x04":
        return Inspected(_archive(data), data)
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


def _archive(data: bytes) -> str:
    """A document that is a zip file inside: of a known kind, without programs, and not a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = _document(archive, names)
            if kind is None:
                raise Refused("unknown")
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
                raise Refused("programs")
            _unpack(archive)
            return kind
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise Refused("damaged") from None


def _document(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        return "docx"
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            return "odt" if part.read(len(_ODT) + 1).strip() == _ODT else None
    return None


def _unpack(archive: zipfile.ZipFile) -> None:
    """Count what comes out, whatever the archive says of itself."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused("too_big_inside")
    left = MOST_UNPACKED
    for part in parts:
        if part.flag_bits & 1:
            raise Refused("locked")
        with archive.open(part) as opened:
            while chunk := opened.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Refused("too_big_inside")


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
