"""One test run's folder, where its workers meet: which servers run, and one lock for each thing made once."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.servers.keeper import write
from tests.servers.postgres import Postgres, on
from tests.servers.processes import CannotStart, wait_until

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 900  # fetching an image or a package may be part of it


class SharedRun:
    """Seen by the controller, which made it and ends it, and by every worker, which may start servers in it."""

    def __init__(self, folder: Path, owner: int) -> None:
        self.folder = folder
        self._owner = owner

    @classmethod
    def begin(cls) -> "SharedRun":
        """A new run of this process, in a temporary folder that a server's own account can reach."""
        folder = Path(tempfile.mkdtemp(prefix="hearth-tests-"))
        folder.chmod(0o711)
        return cls(folder, os.getpid())

    def server(self, kind: str) -> dict[str, str]:
        """The record of the server of `kind`, which is started if no worker has yet; CannotStart with the reason."""
        record, problem = self.folder / f"{kind}.json", self.folder / f"{kind}.error"
        with self.alone(kind):
            if not record.exists() and not problem.exists():
                self._start_keeper(kind)
            if problem.exists():
                raise CannotStart(problem.read_text())
        return dict(json.loads(record.read_text()))

    def started(self) -> dict[str, dict[str, str]]:
        """The records of all servers that this run has used, by kind."""
        return {path.stem: json.loads(path.read_text()) for path in sorted(self.folder.glob("*.json"))}

    def own(self) -> set[str]:
        """The kinds of server that single tests of this run have started for themselves."""
        return {path.name.split("-")[1] for path in self.folder.glob("own-*")}

    def template(self, postgres: Postgres, key: str, prepare: Callable[[str], object]) -> str:
        """The name of a database that `prepare(url)` filled, once in this run, to be copied by `postgres.create`."""
        name = f"hearth_template_{self._owner}_{key}"
        done = self.folder / f"{key}.template"
        with self.alone(f"template-{key}"):
            if not done.exists():
                postgres.create_template(name, prepare)
                write(done, on(postgres.url, name))
        return name

    def end(self) -> None:
        """Drop the templates, stop every server that this run started, and remove the folder."""
        servers = self.started()
        if "postgres" in servers:
            for template in self.folder.glob("*.template"):
                with suppress(Exception):  # the server may be gone already, and the database with it
                    Postgres(servers["postgres"]["url"]).drop(template.read_text())
        for record in servers.values():
            _end_keeper(int(record["keeper"]))
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def alone(self, what: str) -> Iterator[None]:
        """Hold this run's lock on `what`."""
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start_keeper(self, kind: str) -> None:
        log = self.folder / f"{kind}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.servers.keeper", kind, str(self.folder), str(self._owner)],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        answers = [self.folder / f"{kind}.json", self.folder / f"{kind}.error"]
        with suppress(CannotStart):
            wait_until(lambda: any(each.exists() for each in answers), kind, seconds=_START_SECONDS, process=process)
        if not any(each.exists() for each in answers):
            write(answers[1], f"{kind} did not start:\n{log.read_text()[-3000:]}")


def _end_keeper(process_id: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGTERM)
        wait_until(lambda: _gone(process_id), "the server's keeper", seconds=60)


def _gone(process_id: int) -> bool:
    try:
        finished, _status = os.waitpid(process_id, os.WNOHANG)  # ours if the controller itself started it
        return finished == process_id
    except ChildProcessError:
        pass
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False
