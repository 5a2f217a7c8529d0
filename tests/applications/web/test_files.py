"""Files as answers: what is taken, what is refused and why, and how they come back."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image
from sqlalchemy import select

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.storage.scanning import Verdict
from services.applications.storage.tables import StoredFileRow
from services.applications.storage.tables import UploadRow as Upload
from services.applications.use_cases import add_file
from services.applications.use_cases.keep_round import create_round, move_round
from shared.schedule import Schedule
from tests.applications.parts import begin, fill_in, form_in, press, token_of

QUESTION = {
    "id": "cv",
    "kind": "file",
    "label": {"en": "Your story, as a file"},
    "accept": ["pdf", "jpg", "docx", "txt"],
    "most": 2,
    "megabytes": 1,
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def draft(service, client):
    form = form_definition()
    leadership = next(section for section in form["sections"] if section["id"] == "leadership")
    leadership["questions"].append(QUESTION)
    with service.units.begin() as uow:
        row = create_round(uow, {**round_definition(), "form": form, "rules": rules_definition()})
        move_round(uow, row.id, "open")
    return begin(service, client)


def add(client, draft, data, name="cv.pdf"):
    page = f"{draft}/questions/cv/files"
    fields = {"csrf_token": token_of(client, page), "file": (io.BytesIO(data), name)}
    return client.post(page, data=fields, content_type="multipart/form-data")


def listed(service):
    with service.units.begin(write=False) as uow:
        return list(uow.session.scalars(select(Upload).order_by(Upload.added_at, Upload.id)))


def stored(service):
    with service.units.begin(write=False) as uow:
        return {row.name: row.body for row in uow.session.scalars(select(StoredFileRow))}


def scan_with(service, scan):
    with service.units.begin(write=False) as uow:
        object.__setattr__(uow.context, "scan", scan)


def run_clock(service):
    schedule = Schedule(service.units, service.due_handlers)
    while schedule.run_next():
        pass


def picture(kind="JPEG", size=(40, 30), exif=None):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def archive(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def swelling():
    """A picture of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}


def test_a_file_is_kept_sealed_and_comes_back_as_an_attachment(service, client, draft):
    assert add(client, draft, PDF, "../../Noor’s “plan”\u202e 2027.exe").status_code == 303
    (row,) = listed(service)
    assert row.name == "Noor’s _plan_ 2027.pdf" and row.state == "unchecked"
    assert all(PDF not in body for body in stored(service).values())
    answer = client.get(f"{draft}/files/{row.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert row.name in client.get(f"{draft}/check").get_data(as_text=True)


REFUSED = {
    "exe": (b"MZ\x90\x00" + bytes(200), "cannot be taken"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "cannot be taken"),
    "script": (b"#!/bin/sh\nrm -rf /", "cannot be taken"),
    "empty": (b"", "not empty"),
    "large": (PDF + bytes(1024 * 1024), "too large"),
    "png, not asked for": (picture("PNG"), "cannot be taken"),
    "cut": (picture()[:300], "cannot be opened"),
    "macro": (archive(WORD | {"word/vbaProject.bin": "x"}), "a program"),
    "zip bomb": (archive(WORD | {"word/media/a.bin": bytes(101 * 1024 * 1024)}), "far too large inside"),
    "picture bomb": (swelling(), "far too large inside"),
    "zip": (archive({"a.txt": "plain zip"}), "cannot be taken"),
    "broken zip": (archive(WORD)[:60], "cannot be opened"),
}


def test_what_is_refused_says_why_and_leaves_nothing(service, client, draft):
    for name, (data, why) in REFUSED.items():
        answer = add(client, draft, data, "innocent.pdf")
        assert (answer.status_code, why in answer.get_data(as_text=True)) == (422, True), name
    assert listed(service) == [] and stored(service) == {}


def test_where_a_photo_was_taken_is_taken_out(service, client, draft):
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    assert add(client, draft, picture(exif=exif), "me.jpeg").status_code == 303
    (row,) = listed(service)
    data = client.get(f"{draft}/files/{row.id}").data
    with Image.open(io.BytesIO(data)) as image:
        assert not image.getexif() and image.size == (30, 40)
    assert b"SECRETPHONE" not in data and row.name == "me.jpg"


def test_no_more_files_than_the_form_says_and_one_can_be_taken_away(service, client, draft):
    assert (
        add(client, draft, PDF).status_code
        == add(client, draft, b"Plain words, \xd9\x85\xd8\xad\xd9\x85\xd8\xaf", "a.txt").status_code
        == 303
    )
    page = f"{draft}/questions/cv/files"
    assert "Choose a file" not in client.get(page).get_data(as_text=True)
    first = listed(service)[0]
    removal = f"{draft}/files/{first.id}/removal"
    assert press(client, page, removal).status_code == 303
    run_clock(service)
    assert [row.name for row in listed(service)] == ["a.txt"] and len(stored(service)) == 1
    assert client.get(f"{draft}/files/{first.id}").status_code == 404
    assert "Choose a file" in client.get(page).get_data(as_text=True)


def test_a_far_too_large_file_is_refused_before_it_is_read_and_costs_no_words(client, draft):
    section, page = f"{draft}/sections/leadership", f"{draft}/questions/cv/files"
    to_files = press(client, section, section, motivation="Words before the file", then="files:cv")
    assert to_files.location == page

    class Endless:
        def read(self, *_):
            raise AssertionError("the body was read")

    endless = {"CONTENT_LENGTH": str(300 * 2**20), "wsgi.input": Endless()}
    refused = client.post(page, content_type="multipart/form-data; boundary=x", environ_overrides=endless)
    assert refused.status_code == 413
    text = refused.get_data(as_text=True)
    assert page in text and "was saved before" in text and "1 MB at most" in text and "make a file smaller" in text
    assert "Words before the file" in client.get(section).get_data(as_text=True)


def test_what_is_typed_into_the_form_of_words_is_no_file(service, client, draft):
    address = f"{draft}/sections/leadership"
    press(client, address, address, cv="0190c0de-0000-7000-8000-000000000000", then="later")
    assert "cv" not in _answers(service, draft)


def _answers(service, draft):
    from uuid import UUID

    with service.units.begin(write=False) as uow:
        return uow.applications.get(UUID(draft.rpartition("/")[2])).answers


@pytest.mark.parametrize(("verdict", "held"), [("clean", False), ("infected", True), ("failed", True)])
def test_staff_get_a_file_when_the_scanner_has_passed_it(service, client, draft, sign_in, verdict, held):
    scan_with(service, lambda data: Verdict(verdict, "Eicar") if data == PDF else None)
    fill_in(client, draft)
    assert add(client, draft, PDF).status_code == 303
    (row,) = listed(service)
    assert row.state == "waiting" and "checking" in client.get(f"{draft}/questions/cv/files").get_data(as_text=True)
    assert press(client, f"{draft}/check", f"{draft}/submit").status_code == 303
    staff = service.web.test_client()
    sign_in("staff", browser=staff)
    assert staff.get(f"/staff/files/{row.id}").status_code == 409
    run_clock(service)
    assert staff.get(f"/staff/files/{row.id}").status_code == (409 if held else 200)
    page = staff.get(f"/staff/applications/{row.application_id}").get_data(as_text=True)
    assert row.name in page and (("Held" in page or "Taken away" in page) is held)


def test_a_harmful_file_leaves_the_draft_and_its_owner_is_told(service, client, draft):
    scan_with(service, lambda data: Verdict("infected", "Eicar"))
    add(client, draft, PDF)
    run_clock(service)
    assert "cv" not in _answers(service, draft) and stored(service) == {}
    assert "something harmful" in client.get(f"{draft}/questions/cv/files").get_data(as_text=True)
    assert client.get(f"{draft}/files/{listed(service)[0].id}").status_code == 404


def test_files_go_with_a_draft_that_is_taken_back(service, client, draft):
    add(client, draft, PDF)
    press(client, f"{draft}/withdraw", f"{draft}/withdraw")
    run_clock(service)
    assert listed(service) == [] and stored(service) == {}


def test_nobody_else_opens_a_file(service, client, draft, sign_in):
    add(client, draft, PDF)
    (row,) = listed(service)
    other = service.web.test_client()
    sign_in("applicant", browser=other)
    assert other.get(f"{draft}/files/{row.id}").status_code == 404
    assert other.get(f"{draft}/questions/cv/files").status_code == 404
    sign_in("staff", browser=other)
    assert other.get(f"/staff/files/{row.id}").status_code == 404, "a draft is its owner's alone"
    assert add_file.MOST_MEGABYTES >= 1 and form_in(
        client.get(f"{draft}/questions/cv/files").get_data(as_text=True), f"{draft}/questions/cv/files"
    )
