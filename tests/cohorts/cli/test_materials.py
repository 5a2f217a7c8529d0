"""`hearth materials`: links and files shared with a session's people, and withdrawn."""

from pathlib import Path

import pytest

from services.cohorts.cli.materials import materials
from services.cohorts.cli.sessions import sessions
from services.cohorts.domain.material import LARGEST
from tests.cohorts.cli.conftest import Desk


@pytest.fixture
def session(desk: Desk) -> str:
    start = ("--start", "2027-07-02T18:30", "--minutes", "90")
    done = desk.run(sessions, "schedule", "--round", "leaders", "--title", "Evening", *start, "--place", "Here")
    return done.output.split("\t")[0]


def test_a_link_and_a_file_are_shared_and_withdrawn(desk: Desk, session: str, tmp_path: Path) -> None:
    file = tmp_path / "notes ملاحظات.txt"
    file.write_text("What we said.\n")
    linked = desk.run(materials, "share", session, "Slides", "--link", "https://slides.example/1")
    assert linked.exit_code == 0, linked.output
    held = desk.run(materials, "share", session, "Notes", "--file", file, "--from", "2027-07-02T20:00")
    assert held.exit_code == 0, held.output
    lines = [line.split("\t") for line in desk.run(materials, "list", session).output.splitlines()]
    assert [line[1:4] for line in lines] == [
        ["at once", "0", "Slides"],
        ["2027-07-02T19:00+00:00", "14", "Notes"],  # summer time where the session is
    ]
    assert desk.run(materials, "withdraw", lines[0][0]).exit_code == 0
    assert desk.run(materials, "withdraw", lines[0][0]).exit_code == 1
    assert len(desk.run(materials, "list", session).output.splitlines()) == 1


def test_what_cannot_be_shared_is_said(desk: Desk, session: str, tmp_path: Path) -> None:
    program, huge = tmp_path / "slides.pdf", tmp_path / "huge.txt"
    program.write_bytes(b"MZ\x90\x00" + bytes(500))
    with huge.open("wb") as out:
        out.truncate(LARGEST + 1)
    for arguments, said in (
        (("--file", program), "Choose a PDF"),
        (("--file", huge), "up to 10 MB"),
        (("--link", "javascript:alert(1)"), "begins with https://"),
        ((), "either a web address or a file"),
        (("--link", "https://a.example", "--from", "tomorrow"), "Write a day and a time"),
        (("--file", tmp_path / "none.pdf"), "does not exist"),
    ):
        done = desk.run(materials, "share", session, "Slides", *arguments)
        assert done.exit_code in (1, 2) and said in done.output, done.output
    assert desk.run(materials, "list", session).output == ""
