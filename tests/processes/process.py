"""One process of one service: started, killed, stopped and asked how it is."""

import contextlib
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.processes.settings import ROOT

PIDS = "pids"
"""File beside the logs with every process id that was started, for the watcher."""


class Process:
    """`python -m services.<service> web|worker` with its output in a file, so that no pipe can fill up."""

    def __init__(self, service: str, role: str, env: Mapping[str, str], port: int, log: Path) -> None:
        self.name = f"{service}-{role}"
        self.port = port
        self.log = log
        self.starts = 0
        self._command = [sys.executable, "-m", f"services.{service}", role]
        self._env = {**env, ("HEARTH_WEB_PORT" if role == "web" else "HEARTH_WORKER_PORT"): str(port)}
        self._health = f"/{service}/health" if role == "web" else "/health"
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    @property
    def status(self) -> int | None:
        """Its exit status, if it has ended."""
        return None if self._popen is None else self._popen.poll()

    def start(self, **changes: str) -> None:
        """Start it, or start it again; `changes` to its environment are for this start only."""
        assert not self.running, f"{self.name} runs already"
        self.starts += 1
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                self._command,
                env={**self._env, **changes},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        with (self.log.parent / PIDS).open("a") as pids:
            pids.write(f"{self._popen.pid}\n")

    def kill(self) -> None:
        """Kill -9."""
        self._end(signal.SIGKILL, 10)

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM, as an operator's tools do; its exit status. Kill -9 after `seconds`."""
        return self._end(signal.SIGTERM, seconds)

    def wait(self, seconds: float = 30) -> int:
        """Wait for it to end by itself; its exit status. Raises subprocess.TimeoutExpired."""
        assert self._popen is not None
        return self._popen.wait(seconds)

    def _end(self, how: signal.Signals, seconds: float) -> int:
        assert self._popen is not None, f"{self.name} was never started"
        self._popen.send_signal(how)
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            return self._popen.wait(10)

    def health(self, what: str = "ready") -> tuple[int, dict[str, Any]]:
        """The status and the document of /health/ready or /health/live; (0, {}) when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self._health}/{what}", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error, contextlib.suppress(ValueError):
                return error.code, json.load(error)
            return error.code, {}
        except (OSError, ValueError):
            return 0, {}

    def wait_ready(self, seconds: float = 60) -> None:
        """Until /health/ready says 200. AssertionError with the end of the log when it ends, or never does."""
        deadline = time.monotonic() + seconds
        while (found := self.health())[0] != 200:
            if not self.running or time.monotonic() > deadline:
                raise AssertionError(f"{self.name} is not ready: status {self.status}, {found}\n{self.tail()}")
            time.sleep(0.05)  # another process: there is nothing to be woken by

    def tail(self, characters: int = 3000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""


def answers(place: str, path: str) -> bool:
    """Whether somebody answers at host:port with a success."""
    try:
        with urllib.request.urlopen(f"http://{place}{path}", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
