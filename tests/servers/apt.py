"""The last way to a missing server: as root on Debian, install the distribution's own package."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.processes import CannotStart

PACKAGES = {
    "postgres": "postgresql",
    "rabbit": "rabbitmq-server",
    "chromium": "chromium",
    "libical": "libical3",
    "node": "npm",
}

_POLICY = Path("/usr/sbin/policy-rc.d")


def possible() -> bool:
    """Whether we are root on a Debian-like system."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def advice(kind: str) -> str:
    """What somebody who is not root should type."""
    return f"install it (on Debian: `apt-get install {PACKAGES[kind]}`)"


def install(kind: str) -> None:
    """Install the package of `kind` without starting its system service; CannotStart with apt's words if it fails."""
    with _alone(), _services_stay_off():
        for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", PACKAGES[kind]]):
            done = subprocess.run(
                ["apt-get", "-o", "DPkg::Lock::Timeout=600", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
            raise CannotStart(f"`apt-get install {PACKAGES[kind]}` failed:\n{said}")


@contextmanager
def _alone() -> Iterator[None]:
    """One installer at a time on this machine."""
    with (Path(tempfile.gettempdir()) / "hearth-tests-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """Debian asks this file before starting a service; an existing one is left to its owner."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink(missing_ok=True)
