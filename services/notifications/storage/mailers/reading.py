"""Reading the folder of messages back, for the page that shows them. What a message says is shown, never trusted."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from pathlib import Path

from shared.errors import NotFound

_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]+-[A-Za-z0-9-]{1,64}\.eml")


@dataclass(frozen=True)
class Listed:
    """A message as the list shows it; `calendar` says that it carries an invitation."""

    name: str
    date: datetime
    sender: str
    to: str
    subject: str
    calendar: bool


@dataclass(frozen=True)
class Read:
    """A whole message. `html` is as it was sent: show it in a sandboxed frame. `calendar` is the iCalendar text."""

    name: str
    date: datetime
    sender: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    calendar: str | None
    method: str | None


def count_messages(folder: Path) -> int:
    """How many messages the folder holds; none if it is not there yet."""
    return len(_names(folder))


def list_messages(folder: Path, limit: int = 50, offset: int = 0) -> list[Listed]:
    """The newest `limit` messages after the first `offset` newest. Only headers are read."""
    return [_listed(folder / name) for name in _names(folder)[offset : offset + limit]]


def read_message(folder: Path, name: str) -> Read:
    """The message of this file name. Raises NotFound if there is none, or if the name is not one that Hearth gives."""
    path = folder / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("There is no such message.")
    message = BytesParser(policy=default).parsebytes(path.read_bytes())
    calendar = _part(message, "text/calendar")
    return Read(
        name,
        _date(message, name),
        *_who(message),
        tuple((key, str(value)) for key, value in message.items()),
        _content(_part(message, "text/html")),
        _content(_part(message, "text/plain")),
        _content(calendar) if calendar is not None else None,
        str(calendar.get_param("method", "")) if calendar is not None else None,
    )


def _names(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted((entry.name for entry in folder.iterdir() if _NAME.fullmatch(entry.name)), reverse=True)


def _listed(path: Path) -> Listed:
    with path.open("rb") as file:
        message = BytesHeaderParser(policy=default).parse(file)
    return Listed(path.name, _date(message, path.name), *_who(message), message.get_content_type() == "multipart/mixed")


def _who(message: Message) -> tuple[str, str, str]:
    return str(message["From"] or ""), str(message["To"] or ""), str(message["Subject"] or "")


def _date(message: Message, name: str) -> datetime:
    """When the message says it was written; else when its file was."""
    written = getattr(message["Date"], "datetime", None)
    if isinstance(written, datetime) and written.tzinfo is not None:
        return written.astimezone(UTC)
    return datetime.strptime(name.split("Z-")[0], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)


def _part(message: Message, kind: str) -> Message | None:
    return next((part for part in message.walk() if part.get_content_type() == kind), None)


def _content(part: Message | None) -> str:
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(content, bytes) else ""
