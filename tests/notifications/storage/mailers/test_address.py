"""Where mail goes: what is understood, and what is refused because it is not safe."""

from pathlib import Path

import pytest

from services.notifications.storage.mailers import open_mailer
from services.notifications.storage.mailers.address import FolderAddress, Security, SmtpAddress, parse_address
from services.notifications.storage.mailers.folder import FolderMailer
from services.notifications.storage.mailers.smtp import SmtpMailer
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("smtps://h.example", SmtpAddress("h.example", 465, Security.IMPLICIT)),
        ("smtps://u%40x:p%2Fw@h.example:4650", SmtpAddress("h.example", 4650, Security.IMPLICIT, "u@x", "p/w")),
        ("smtp+starttls://h.example", SmtpAddress("h.example", 587, Security.STARTTLS)),
        ("smtp+insecure://127.0.0.1:1025", SmtpAddress("127.0.0.1", 1025, Security.NONE)),
        ("smtp+insecure://[::1]:1025", SmtpAddress("::1", 1025, Security.NONE)),
        ("smtp+insecure://u:p@localhost", SmtpAddress("localhost", 25, Security.NONE, "u", "p")),
        ("folder:/var/mail/out", FolderAddress(Path("/var/mail/out"))),
        ("folder:out", FolderAddress(Path("out"))),
    ],
)
def test_understands(text: str, expected: SmtpAddress | FolderAddress) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "smtp://h.example", "http://h.example", "smtps://", "smtps://h.example:99999", "smtps://h.example/path",
        "smtps://h.example?tls=no", "smtp+insecure://h.example", "smtp+insecure://127.0.0.1.evil.example",
        "smtp+insecure://10.0.0.1:25", "folder:",
    ],
)  # fmt: skip
def test_refuses(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_address(text)
    assert list(caught.value.problems) == ["mailer"]


def test_a_host_named_as_insecure_may_do_without_tls_but_not_with_a_password() -> None:
    address = parse_address("smtp+insecure://catcher:1025", ["catcher"])
    assert address == SmtpAddress("catcher", 1025, Security.NONE)
    with pytest.raises(Invalid, match="password"):
        parse_address("smtp+insecure://u:hunter2@catcher:1025", ["catcher"])


def test_the_password_is_in_no_text_about_the_address() -> None:
    assert "hunter2" not in repr(parse_address("smtps://u:hunter2@h.example"))
    with pytest.raises(Invalid) as caught:
        parse_address("smtps://u:hunter2@h.example/oops")
    assert "hunter2" not in str(caught.value)


def test_opens_the_mailer_that_the_address_names(tmp_path: Path) -> None:
    assert isinstance(open_mailer(f"folder:{tmp_path}"), FolderMailer)
    assert isinstance(open_mailer("smtp+insecure://127.0.0.1:1"), SmtpMailer)
