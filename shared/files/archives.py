"""Documents that are zip files inside: of a known kind, without programs, and no bombs."""

import io
import zipfile

from shared.files.refusing import Refused

MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2_000
_CHUNK = 1024 * 1024
_OFFICE = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "xl/workbook.xml": "xlsx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_LONGEST_MIME = 100
_PROGRAMS = ("vbaproject.bin", ".exe", ".dll")


def document_kind(data: bytes) -> str:
    """docx, pptx, xlsx, odt, odp or ods; raises Refused for anything else, and for what is dangerous to open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = _kind(archive, names)
            if kind is None:
                raise Refused("unknown")
            if any(name.lower().endswith(_PROGRAMS) for name in names):
                raise Refused("programs")
            _unpack(archive)
            return kind
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise Refused("damaged") from None


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _OFFICE.items() if part in names), None)
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            return _OPEN.get(part.read(_LONGEST_MIME).strip())
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
