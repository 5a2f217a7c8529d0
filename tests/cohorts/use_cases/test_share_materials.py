"""What may be handed out, found out by its content."""

import io
import zipfile

import pytest

from services.cohorts.domain.material import LARGEST
from services.cohorts.use_cases.share_materials import checked
from shared.errors import Invalid


def archive(*names: str, first: bytes | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        if first is not None:
            made.writestr("mimetype", first)
        for name in names:
            made.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("Plan.PDF", b"%PDF-1.7 ...", "Plan.pdf"),
        ("slides.exe", archive("[Content_Types].xml", "ppt/presentation.xml"), "slides.pptx"),
        ("../../etc/notes", "نور and words\n".encode(), "notes.txt"),
        ("a\r\nb: c.txt", b"plain", "ab_ c.txt"),
        ("..", b"plain", "material.txt"),
        ("letter.odt", archive("content.xml", first=b"application/vnd.oasis.opendocument.text"), "letter.odt"),
    ],
)
def test_a_file_gets_the_ending_of_what_it_is(name: str, content: bytes, kept: str) -> None:
    assert checked(name, content).name == kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00program",
        b"<html><script>1</script>",
        b"  <svg onload=x>",
        b"#!/bin/sh\n",
        archive("a.txt"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04 broken",
        b"x" * (LARGEST + 1),
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        checked("harmless.pdf", content)
