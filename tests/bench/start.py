"""From `hearth demo` typed to its first page, warm: beside `python -c "import flask, sqlalchemy"`.

Warm means that the data directory has been loaded before. `python -m tests.bench.start [repeats]`.
"""

import contextlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from services.developer import ROOT
from tests.bench.reporting import Report
from tests.servers.processes import free_ports

GOAL = "<= 4x of importing flask and sqlalchemy"
PATIENCE = 3600
"""Seconds that a sample may take to be loaded, once."""
SAMPLE = 20
"""Applications of the sample: how many there are does not matter to the start."""


@contextlib.contextmanager
def demo(
    folder: Path, *, applications: int = SAMPLE, wait_for_sample: bool = False
) -> Iterator[tuple[float, str, int]]:
    """A running demonstration: the seconds until its front page came, its address, and its process."""
    port = free_ports(1)[0]
    command = [sys.executable, "-P", "-m", "services", "demo", "--port", str(port), "--data", str(folder)]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--applications", str(applications)], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}/"
        while not _answers(url):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                raise AssertionError("the demonstration did not start: nothing was measured")
            time.sleep(0.01)
        took = time.perf_counter() - began
        while wait_for_sample and not (folder / "sample-loaded").exists():
            if time.perf_counter() - began > PATIENCE:
                raise AssertionError("the sample was never complete: nothing was measured")
            time.sleep(0.2)
        yield took, url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def environment() -> dict[str, str]:
    """As the script `hearth` has it."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200 and answer.read())
    except OSError:
        return False


def imports() -> float:
    """Seconds of the baseline."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask, sqlalchemy"], cwd=ROOT, env=environment(), check=True)
    return time.perf_counter() - began


def main(repeats: int) -> None:
    """Both in turn."""
    report = Report("start", GOAL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        with demo(folder, wait_for_sample=True):
            pass
        ours, bare = [], []
        for _ in range(repeats):
            with demo(folder) as (took, _url, _pid):
                ours.append(took)
            bare.append(imports())
    figures = {"demo_s": median(ours), "imports_s": median(bare), "ratio_times": median(ours) / median(bare)}
    report.row("hearth demo to its first page", figures)
    report.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
