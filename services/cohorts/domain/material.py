"""Files that staff hand out: known kinds alone, found out by their content and never by their name."""

import io
import unicodedata
import zipfile
from dataclasses import dataclass

from shared.errors import Invalid

LARGEST = 10 * 1024 * 1024
_STARTS = (
    (b"%PDF-", "pdf", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "png", "image/png"),
    (b"\xff\xd8\xff", "jpg", "image/jpeg"),
    (b"ID3", "mp3", "audio/mpeg"),
)
_OFFICE = (
    ("word/", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("ppt/", "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("xl/", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand out: the name it is downloaded under has the ending of what it is."""

    name: str
    media_type: str
    content: bytes


def checked(name: str, content: bytes) -> File:
    """The file under a safe name; raises Invalid for an empty, too large or unknown one."""
    if not content:
        raise Invalid({"file": ["Choose a file that is not empty."]})
    if len(content) > LARGEST:
        raise Invalid({"file": [f"A file may have up to {LARGEST // 1024 // 1024} MB. Share a larger one by a link."]})
    kind = _kind(content)
    if kind is None:
        raise Invalid({"file": ["Choose a PDF, a document, slides, a table, a picture, an MP3 or a plain text."]})
    ending, media_type = kind
    return File(f"{_stem(name)}.{ending}", media_type, content)


def _kind(content: bytes) -> tuple[str, str] | None:
    for start, ending, media_type in _STARTS:
        if content.startswith(start):
            return ending, media_type
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    return _text(content)


def _archive(content: bytes) -> tuple[str, str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if names and names[0] == "mimetype":
                told = archive.open("mimetype").read(100)
                return (_OPEN[told], told.decode()) if told in _OPEN else None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next(((e, m) for folder, e, m in _OFFICE if any(name.startswith(folder) for name in names)), None)


def _text(content: bytes) -> tuple[str, str] | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    harmless = not text.lstrip().startswith(("<", "#!", "%!")) and not any(
        unicodedata.category(character) == "Cc" and character not in "\n\r\t\f" for character in text[:20_000]
    )
    return ("txt", "text/plain; charset=utf-8") if harmless else None


def _stem(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2]
    stem = bare.rpartition(".")[0] or bare
    kept = "".join(c if c.isalnum() or c in " -_()" else "-" for c in unicodedata.normalize("NFC", stem)).strip(" -")
    return kept[:80] or "material"
