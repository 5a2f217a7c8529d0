"""Starting and stopping the servers of a test run: on free ports, never as root, ended by their own process id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path


class CannotStart(Exception):
    """A server that a test needs cannot be had. The message says what to do about it."""


def free_ports(count: int) -> list[int]:
    """`count` different loopback ports that nothing listens on just now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def unprivileged(*names: str) -> str | None:
    """The account to run a server under: None unless we are root, else the first of `names` that exists here."""
    if os.geteuid() != 0:
        return None
    for name in (*names, "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise CannotStart(f"Servers must not run as root, and there is no account {' or '.join(names)} to use instead.")


def give(path: Path, account: str | None) -> None:
    """Make `path` and all in it belong to `account`; nothing to do for None."""
    if account:
        group = pwd.getpwnam(account).pw_gid
        for each in (path, *path.rglob("*")):
            shutil.chown(each, account, group)


@dataclass(frozen=True)
class Account:
    """Whom to run as, in the form that subprocess takes."""

    name: str | None

    def options(self) -> dict[str, object]:
        """Keyword arguments for subprocess.Popen."""
        if self.name is None:
            return {}
        return {"user": self.name, "group": pwd.getpwnam(self.name).pw_gid, "extra_groups": []}


def run(argv: Sequence[str | Path], account: str | None, env: dict[str, str], cwd: Path) -> None:
    """Run a command to its end; CannotStart with its output when it fails."""
    done = subprocess.run(
        [str(part) for part in argv],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **Account(account).options(),
    )
    if done.returncode:
        raise CannotStart(f"{argv[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}")


def launch(
    argv: Sequence[str | Path], account: str | None, env: dict[str, str], cwd: Path, log: Path
) -> subprocess.Popen[bytes]:
    """Start a server in a process group of its own, with its output in `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in argv],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            **Account(account).options(),
        )


def end(process: subprocess.Popen[bytes], how: signal.Signals, seconds: float = 20) -> None:
    """Signal a process group that `launch` made and wait for its leader; SIGKILL if it does not go."""
    for each in (how, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, each)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def wait_until(
    ready: Callable[[], object], what: str, *, seconds: float = 60, process: subprocess.Popen[bytes] | None = None
) -> None:
    """Ask `ready` until it neither raises nor says False; CannotStart after `seconds`, or when `process` has ended."""
    deadline = time.monotonic() + seconds
    problem: object = "no answer"
    while time.monotonic() < deadline:
        try:
            if ready() is not False:
                return
        except Exception as error:
            problem = error
        if process is not None and process.poll() is not None:
            raise CannotStart(f"{what} ended with status {process.returncode} while starting.")
        time.sleep(0.05)
    raise CannotStart(f"{what} was not ready after {seconds:.0f} seconds: {problem}")
