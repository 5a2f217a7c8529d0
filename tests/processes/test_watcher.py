"""A test that is killed leaves no server behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.processes.settings import ROOT

# Stands in for a test with a site: starts the watcher and something that looks like one of Hearth's processes.
OWNER = """
import subprocess, sys, time
from pathlib import Path
from tests.processes import watcher
watcher.begin(Path(sys.argv[1]))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "services.example"])
other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "somebody.else"])
Path(sys.argv[1]).write_text(f"{child.pid}\\n{other.pid}\\n")
print(child.pid, other.pid, flush=True)
time.sleep(600)
"""


def gone(process_id: int) -> bool:
    """Whether it has ended; its parent is no more, so nobody else waits for it."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return True


def test_what_a_killed_test_started_is_ended_and_nothing_else(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "pids")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    ours, other = map(int, owner.stdout.readline().split())
    try:
        owner.kill()
        owner.wait()
        deadline = time.monotonic() + 60
        while not gone(ours):
            assert time.monotonic() < deadline
            time.sleep(0.1)  # another process: there is nothing to be woken by
        assert not gone(other), "its number might be anybody's by now"
    finally:
        os.kill(other, signal.SIGKILL)
        owner.stdout.close()
