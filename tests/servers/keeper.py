"""Keeps one server for a test run: `python -m tests.servers.keeper KIND FOLDER OWNER_PID`.

A process of its own, so that all pytest workers share the server whichever of them asked first, and so that the server
goes away with the run even when the run is killed: it watches the owner's process id.
"""

import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from tests.servers import finding
from tests.servers.processes import CannotStart


def main(kind: str, folder: Path, owner: int) -> int:
    """Start the server, write FOLDER/KIND.json (or KIND.error), and stop it when told to or when the owner is gone."""
    told = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda _signal, _frame: told.set())
    try:
        found = finding.start(kind, folder / kind)
    except CannotStart as error:
        write(folder / f"{kind}.error", str(error))
        return 1
    record = {**found.addresses, "origin": found.origin, "keeper": os.getpid()}
    write(folder / f"{kind}.json", json.dumps(record))
    while not told.wait(0.5) and _alive(owner):
        pass
    found.stop()
    if not _alive(owner):  # it cannot tidy up after itself any more
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def write(path: Path, text: str) -> None:
    """Write a file that nobody ever sees half-written."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.rename(path)


def _alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
