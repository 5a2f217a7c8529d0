"""The folder that stands in for a mail server, and reading it back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.notifications.domain.addresses import Address
from services.notifications.domain.kinds import Method
from services.notifications.domain.mime import Letter, build
from services.notifications.domain.outcomes import Phase, Result
from services.notifications.domain.templating.render import Rendered
from services.notifications.storage.mailers.folder import FolderMailer
from services.notifications.storage.mailers.reading import count_messages, list_messages, read_message
from shared.errors import NotFound
from shared.timekeeping import MovableClock

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Café\r\nEND:VCALENDAR\r\n"


def letter(number: int, *, calendar: bool = False) -> bytes:
    return build(
        Letter(
            UUID(int=number),
            "hearth.example",
            Address("Ember Leaders", "team@hearth.example"),
            Address("Siân", "sian@example.org"),
            Rendered(f"Subject {number}: é", (f"<p>HTML {number} ü</p>",), f"Text {number} ü\nsecond line\n"),
            "en",
            NOON,
            (Method.REQUEST, ICS.encode()) if calendar else None,
        )
    )


def nothing() -> None:
    pass


def test_writes_messages_that_can_be_read_back_newest_first(tmp_path: Path) -> None:
    folder, clock = tmp_path / "outbox", MovableClock(NOON)
    mailer = FolderMailer(folder, clock)
    assert (count_messages(folder), list_messages(folder)) == (0, [])
    for number in range(3):
        outcome = mailer.send("b@hearth.example", "s@example.org", letter(number), on_final_dot=nothing)
        assert (outcome.result, outcome.phase, outcome.code) == (Result.SENT, Phase.ACCEPTED, 250)
        clock.advance(timedelta(seconds=1))
    assert count_messages(folder) == 3
    assert [item.subject for item in list_messages(folder)] == ["Subject 2: é", "Subject 1: é", "Subject 0: é"]
    assert [item.subject for item in list_messages(folder, limit=1, offset=1)] == ["Subject 1: é"]
    newest = list_messages(folder)[0]
    # When the message says it was written, not when its file was.
    assert (newest.date, newest.to, newest.calendar) == (NOON, "Siân <sian@example.org>", False)


def test_reads_a_whole_message_with_its_calendar(tmp_path: Path) -> None:
    FolderMailer(tmp_path).send("b@hearth.example", "s@example.org", letter(7, calendar=True), on_final_dot=nothing)
    [listed] = list_messages(tmp_path)
    read = read_message(tmp_path, listed.name)
    assert listed.calendar
    assert (read.subject, read.text, read.html) == ("Subject 7: é", "Text 7 ü\nsecond line", "<p>HTML 7 ü</p>")
    assert (read.method, read.calendar) == ("REQUEST", ICS.replace("\r\n", "\n"))
    assert dict(read.headers)["Return-Path"] == "<b@hearth.example>"
    assert dict(read.headers)["Delivered-To"] == "s@example.org"


def test_a_message_sent_twice_is_there_twice(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path, MovableClock(NOON))
    for _ in range(2):
        mailer.send("b@hearth.example", "s@example.org", letter(1), on_final_dot=nothing)
    assert count_messages(tmp_path) == 2


def test_nothing_is_there_until_it_is_noted(tmp_path: Path) -> None:
    seen: list[int] = []
    mailer = FolderMailer(tmp_path)
    mailer.send("b@x.example", "s@example.org", letter(1), on_final_dot=lambda: seen.append(count_messages(tmp_path)))
    assert (seen, count_messages(tmp_path)) == ([0], 1)


def test_nothing_is_left_when_it_cannot_be_noted(tmp_path: Path) -> None:
    def broken() -> None:
        raise RuntimeError("database is gone")

    with pytest.raises(RuntimeError, match="database"):
        FolderMailer(tmp_path).send("b@x.example", "s@example.org", letter(1), on_final_dot=broken)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    outcome = FolderMailer(tmp_path / "file").send("b@x.example", "s@example.org", letter(1), on_final_dot=nothing)
    assert outcome.result is Result.NOT_SENT


def test_an_envelope_address_cannot_add_a_header(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line"):
        FolderMailer(tmp_path).send("b@x.example\r\nX: y", "s@e.org", letter(1), on_final_dot=nothing)


@pytest.mark.parametrize("name", ["../secret.eml", "secret.eml", "/etc/passwd", "", "20270301T120000.000000Z-1-x.eml"])
def test_only_names_of_our_own_making_are_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "outbox"
    folder.mkdir()
    for secret in (tmp_path / "secret.eml", folder / "secret.eml"):
        secret.write_text("Subject: secret\n\n")
    with pytest.raises(NotFound):
        read_message(folder, name)
