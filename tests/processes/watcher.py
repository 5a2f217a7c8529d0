"""Ends a site's processes when whoever started them was killed: `python -m tests.processes.watcher OWNER_PID FILE`.

A test that ends by itself ends its site. One that is killed cannot, and six servers would stay behind.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def begin(pids: Path) -> subprocess.Popen[bytes]:
    """Watch over this process, in a process of its own; `pids` has the process ids to end, one a line."""
    pids.touch()
    command = [sys.executable, "-S", "-m", "tests.processes.watcher", str(os.getpid()), str(pids)]
    return subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, start_new_session=True)


def main(owner: int, pids: Path) -> int:
    """Wait until the owner has gone, then kill what it left behind."""
    while os.getppid() == owner:
        time.sleep(1)
    for line in pids.read_text().split() if pids.exists() else []:
        if _is_ours(int(line)):
            with suppress(ProcessLookupError):
                os.kill(int(line), signal.SIGKILL)
    return 0


def _is_ours(process_id: int) -> bool:
    """Whether that number still belongs to one of Hearth's processes, and not to somebody else's by now."""
    with suppress(OSError):
        return b"services." in Path(f"/proc/{process_id}/cmdline").read_bytes()
    return False


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
