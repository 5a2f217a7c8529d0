"""The pinned requirements: all with hashes, nothing of where they come from, and libraries that bear each other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"


@pytest.mark.parametrize("name", ["runtime", "dev", "bench"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (FOLDER / f"{name}.txt").read_text().strip())
    assert len(entries) > 20
    assert [
        e.splitlines()[0] for e in entries if not re.match(r"\S+==\S+ .*\\\n(    --hash=sha256:\w{64}.*\n?)+$", e)
    ] == []


@pytest.mark.parametrize(
    "order", [("highspy", "ortools.graph.python.min_cost_flow"), ("ortools.graph.python.min_cost_flow", "highspy")]
)
def test_both_solvers_live_in_one_process_in_either_order(order: tuple[str, str]) -> None:
    script = f"import {order[0]}, {order[1]}, highspy; print(highspy.Highs().version())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    pinned = re.search(r"^highspy==(\S+)", (FOLDER / "runtime.txt").read_text(), re.MULTILINE)
    assert (done.stdout.strip(), done.stderr) == (pinned and pinned[1], "")
