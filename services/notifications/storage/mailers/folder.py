"""The mailer that writes messages into a folder, one `.eml` each, for development and the demo."""

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path

from services.notifications.domain.outcomes import Outcome, Phase, Result, lost
from services.notifications.storage.mailers.protocol import Route
from shared.timekeeping import Clock, system_clock

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>@\s]+)@", re.I | re.M)
_NUMBERS = count()
_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


class FolderMailer:
    """A Mailer (see `protocol`). A message sent twice is there twice: nothing is hidden."""

    def __init__(self, folder: Path, clock: Clock = system_clock) -> None:
        self._folder, self._clock = folder, clock

    def send(
        self,
        envelope_from: str,
        recipient: str,
        message: bytes,
        *,
        on_final_dot: Callable[[], None],
        following: Route | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Outcome:
        """As the protocol says: taken when the file has its name, which it gets whole or not at all."""
        trace = f"Return-Path: <{_line(envelope_from)}>\r\nDelivered-To: {_line(recipient)}\r\n".encode()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._written(trace + message)
        except OSError as error:
            return lost(Phase.DATA, f"{type(error).__name__}: {error.strerror}")
        try:
            on_final_dot()
        except BaseException:
            part.unlink()
            raise
        return self._named(part, message)

    def close(self) -> None:
        """Nothing is held open."""

    def _written(self, content: bytes) -> Path:
        part = self._folder / f".{os.getpid()}-{os.urandom(8).hex()}.part"
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return part

    def _named(self, part: Path, message: bytes) -> Outcome:
        match = _MESSAGE_ID.search(message[:8192])
        label = _UNSAFE.sub("", match[1].decode("ascii", "ignore"))[:64] if match else "message"
        name = f"{self._clock():%Y%m%dT%H%M%S.%fZ}-{next(_NUMBERS):06}{os.urandom(4).hex()}-{label}.eml"
        try:
            part.rename(self._folder / name)
        except OSError as error:
            return lost(Phase.DATA, f"{type(error).__name__}: {error.strerror}")
        return Outcome(Result.SENT, Phase.ACCEPTED, 250, text=name)


def _line(address: str) -> str:
    if not address.isprintable():
        raise ValueError("an envelope address stays on its line")
    return address
