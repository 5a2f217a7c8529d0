"""ical.js as a judge of calendar files: Node found, or installed as root on Debian; the library by `npm ci`, pinned."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.servers import apt
from tests.servers.processes import CannotStart

HERE = Path(__file__).parent
_LOCK = HERE / "package-lock.json"


def read(files: Sequence[bytes]) -> list[dict[str, Any]]:
    """What ical.js makes of each file: method, uid, sequence, start and end (seconds since 1970), attendees and words.

    Raises CannotStart, saying what to install, and ValueError with ical.js's words for a file that it refuses.
    """
    node = _node()
    _install()
    asked = json.dumps([octets.decode() for octets in files])
    done = subprocess.run([node, HERE / "read.mjs"], input=asked, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise ValueError(done.stderr.strip())
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def _node() -> str:
    if (shutil.which("node") is None or shutil.which("npm") is None) and apt.possible():
        apt.install("node")
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        raise CannotStart(f"This test needs Node.js and npm: {apt.advice('node')}.")
    return found


def _install() -> None:
    """`npm ci`, once for each state of the lock file, whichever worker comes first."""
    wanted, kept = _LOCK.read_text(), HERE / "node_modules" / "installed.json"
    with _LOCK.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists() and kept.read_text() == wanted:
            return
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300)
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
            raise CannotStart(f"`npm ci` in tests/judges failed; it needs to reach your package registry once:\n{said}")
        kept.write_text(wanted)
