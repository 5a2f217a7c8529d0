"""What a file truly is, whatever it is called; pictures without metadata; swelling and programs refused."""

import io
import zipfile

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from shared.files import inspecting
from shared.files.names import safe_name
from shared.files.refusing import Refused


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def inspect(data):
    return inspecting.inspect(data, ALL)


ODT = archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"})
DOCX = archive(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
M4A = b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + bytes(64)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x21" + bytes(200)
KINDS = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    "rtf": b"{\\rtf1\\ansi Words}",
    "txt": "Words, كلمات, 🦊".encode(),
    "odt": ODT,
    "odp": archive(mimetype="application/vnd.oasis.opendocument.presentation", **{"content.xml": "<x/>"}),
    "ods": archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": "<x/>"}),
    "docx": DOCX,
    "pptx": archive(**{"[Content_Types].xml": "<x/>", "ppt/presentation.xml": "<x/>"}),
    "xlsx": archive(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}),
    "mp3": MP3,
    "m4a": M4A,
    "mp4": MP4,
}

ALL = frozenset({*KINDS, "jpg", "png"})


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_content(kind):
    found = inspect(KINDS[kind])
    assert (found.kind, found.data) == (kind, KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_not_asked_for_is_refused(kind):
    with pytest.raises(Refused, match="unknown"):
        inspecting.inspect(KINDS[kind], ALL - {kind})


def test_words_in_a_picture_go_too():
    out, words = io.BytesIO(), PngInfo()
    words.add_text("Comment", "Taken at SECRET STREET")
    Image.new("RGBA", (9, 9), (1, 2, 3, 4)).save(out, "PNG", pnginfo=words)
    found = inspect(out.getvalue())
    assert found.kind == "png" and b"SECRET" in out.getvalue() and b"SECRET" not in found.data
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.getpixel((0, 0)) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"MZ" + bytes(100), "unknown"),
        (b"\x7fELF" + bytes(100), "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
        (b"\x00\x01\x02", "unknown"),
        (archive(**{"a.txt": "x"}), "unknown"),
        (archive(mimetype="application/x-evil"), "unknown"),
        (DOCX[:-30], "damaged"),
        (archive(**{"[Content_Types].xml": "", "word/document.xml": "", "x.EXE": "MZ"}), "programs"),
        (archive(**{"[Content_Types].xml": "", "word/document.xml": bytes(101 * 2**20)}), "too_big_inside"),
    ],
)
def test_what_is_no_document_is_refused(data, reason):
    with pytest.raises(Refused) as refused:
        inspect(data)
    assert refused.value.reason == reason


def test_an_archive_that_lies_about_its_size_is_found_out():
    """The list says a few bytes, and more come out than it says: the reader stops rather than believe it."""
    whole = bytearray(archive(**{"[Content_Types].xml": "", "word/document.xml": bytes(5_000_000)}))
    size = (5_000_000).to_bytes(4, "little")
    while (place := whole.find(size)) >= 0:
        whole[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Refused):
        inspect(bytes(whole))


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\plan.docx", "plan.pdf"),
        ("cv.pdf.exe", "cv.pdf.pdf"),
        ("محمد 2027.png", "محمد 2027.pdf"),
        ("O'Brien-Ñuñez.pdf", "O'Brien-Ñuñez.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("\u202egnp.exe", "gnp.pdf"),
        ("\u200b\u200d", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 500, "x" * 100 + ".pdf"),
    ],
)
def test_names_are_safe_and_end_in_what_the_file_is(given, safe):
    assert safe_name(given, "pdf") == safe
