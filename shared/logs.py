"""Logs: one JSON object a line, with what the line belongs to, and without personal data or secrets."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO, Any

from pythonjsonlogger.json import JsonFormatter

from shared.errors import HearthError
from shared.tracing import current_trace

event_in_hand: ContextVar[dict[str, str] | None] = ContextVar("event_in_hand", default=None)
"""Identifier, type and subject of the event being handled, for every line that its handler logs."""

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_RULES = (
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "[token]"),
    (re.compile(r"(\w+://)[^/\s:@]*:[^/\s@]*@"), r"\1[secret]@"),
    (re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(?i)\b(token|code|secret|password|key)([\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}]+"), r"\1\2[secret]"),
    (re.compile(r"(?<![\w-])(?:\+|00?)\d[\d ().-]{7,}\d"), "[phone]"),
    # What is long, mixed and no identifier is a link's secret part.
    (re.compile(rf"(?<![\w-])(?!{_UUID}(?![\w-]))(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{{22,}}"), "[token]"),
)
_OWN_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


def redact(text: str) -> str:
    """The text with e-mail addresses, phone-like numbers, tokens and passwords masked; UUIDs stay."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def safe_message(error: BaseException) -> str:
    """What may be kept of an exception: its type, and its sentence only if it is one of ours (never a value's repr)."""
    name = type(error).__name__
    if isinstance(error, HearthError):
        return redact(f"{name}: {error.message} ({error.code})")[:500]
    return name


def where(error: BaseException) -> str:
    """File, line and function of the innermost frame, so that an operator finds the place."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    path = "/".join(frames[-1].filename.split("/")[-4:])
    return f"{path}:{frames[-1].lineno} in {frames[-1].name}"


@contextmanager
def handling(id: str, type: str, subject: str) -> Iterator[None]:
    """Name the event in hand on every line logged inside the block."""
    token = event_in_hand.set({"event_id": id, "event_type": type, "event_subject": subject})
    try:
        yield
    finally:
        event_in_hand.reset(token)


class Formatter(JsonFormatter):
    """Adds service, correlation and event to each line; masks its texts; strips exceptions of their values."""

    def __init__(self, service: str) -> None:
        super().__init__("%(levelname)s %(name)s %(message)s", timestamp="time", json_ensure_ascii=False)
        self._service = service

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Fill in what the line belongs to, then mask every text in it."""
        super().add_fields(log_data, record, message_dict)
        log_data["level"] = log_data.pop("levelname", record.levelname).lower()
        log_data["logger"] = log_data.pop("name", record.name)
        log_data["service"] = getattr(record, "service", self._service)
        if (correlation := current_trace.get().correlation_id) is not None:
            log_data.setdefault("correlation_id", correlation)
        for name, value in (event_in_hand.get() or {}).items():
            log_data.setdefault(name, value)
        for name, value in log_data.items():
            log_data[name] = _masked(value)

    def formatException(self, ei: Any) -> str:
        """Types and frames, innermost last; no messages, because drivers put whole rows into them."""
        error, lines = ei[1], []
        while error is not None:
            lines += [
                f"{frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            lines.append(safe_message(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(inner) for inner in value]
    if isinstance(value, BaseException):
        return safe_message(value)
    return value


def configure(service: str, level: str = "INFO", stream: IO[str] | None = None) -> logging.Handler:
    """Send every log line of the process to `stream` (standard error) as JSON; returns the handler."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Formatter(service))
    root = logging.getLogger()
    for old in [old for old in root.handlers if isinstance(old.formatter, Formatter)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("pika", "amqp", "kombu", "alembic"):
        logging.getLogger(noisy).setLevel("WARNING")
    # pika tells of every refused connection at length; the code that uses it says it in one line.
    logging.getLogger("pika").setLevel("CRITICAL")
    return handler
