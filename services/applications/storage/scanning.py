"""Asks a virus scanner about a file: clamd over its socket, or any command that reads the file from its input."""

import shlex
import socket
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

CLEAN, INFECTED, FAILED = "clean", "infected", "failed"
_SECONDS = 60
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Verdict:
    """clean, infected (with what was found), or failed (with why the scanner did not say)."""

    state: str
    reason: str = ""


Scan = Callable[[bytes], Verdict]


def scanner(setting: str) -> Scan | None:
    """The scanner that a setting names; None for an empty one. Raises ValueError for what is no setting.

    `clamd:/run/clamav/clamd.ctl`, `clamd:scanner:3310`, or `command:clamdscan --no-summary -` (0 is clean, 1 infected).
    """
    kind, _, rest = setting.strip().partition(":")
    if not setting.strip():
        return None
    if kind == "clamd" and rest:
        return lambda data: _guarded(_clamd, rest, data)
    if kind == "command" and shlex.split(rest):
        return lambda data: _guarded(_command, rest, data)
    raise ValueError("should begin with clamd: or command:")


def _guarded(ask: Callable[[str, bytes], Verdict], target: str, data: bytes) -> Verdict:
    try:
        return ask(target, data)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Verdict(FAILED, type(error).__name__)


def _command(command: str, data: bytes) -> Verdict:
    # The operator's own command from the configuration; no shell, and nothing of the file's in its arguments.
    done = subprocess.run(shlex.split(command), input=data, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    said = done.stdout.decode(errors="replace").strip().splitlines()
    if done.returncode == 1:
        return Verdict(INFECTED, said[0][:200] if said else "")
    return Verdict(CLEAN) if done.returncode == 0 else Verdict(FAILED, f"exit status {done.returncode}")


def _clamd(target: str, data: bytes) -> Verdict:
    with _connected(target) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))
        answer = b""
        while part := connection.recv(4096):
            answer += part
    said = answer.rstrip(b"\0").decode(errors="replace").removeprefix("stream: ")
    if said.endswith("FOUND"):
        return Verdict(INFECTED, said.removesuffix(" FOUND")[:200])
    return Verdict(CLEAN) if said == "OK" else Verdict(FAILED, said[:200])


def _connected(target: str) -> socket.socket:
    if target.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_SECONDS)
        connection.connect(target)
        return connection
    host, _, port = target.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)
