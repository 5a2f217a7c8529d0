"""kill -9 in the middle of submissions: nothing is lost and nobody hears twice.

HEARTH_FAULTS=20 makes it twenty rounds of 200 submissions; `hearth bench faults` prints the figures of that.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.storm import Storm
from tests.faults.targets import Demo, SixProcesses
from tests.processes.settings import ROOT
from tests.processes.site import Processes

ROUNDS = int(os.environ.get("HEARTH_FAULTS", "0"))


@pytest.mark.postgres
@pytest.mark.rabbit
@pytest.mark.xdist_group("faults")
def test_each_of_the_six_processes_may_be_killed(site: Processes) -> None:
    with Storm(SixProcesses(site), seed=7) as storm:
        for _ in range(max(1, ROUNDS)):
            storm.run(200 if ROUNDS else 60, storm.all_killed())
        assert storm.check() == {}
        assert len(storm.outcome.promises) == storm.outcome.submissions
        assert len(storm.outcome.kills) == 6 * max(1, ROUNDS)
        assert storm.outcome.figures.counts["repeated answers"] >= storm.outcome.submissions
        # A storm in which nothing broke would prove nothing.
        assert storm.outcome.figures.counts["broken requests"] > 0, storm.outcome


@pytest.mark.xdist_group("faults")
def test_the_embedded_mode_may_be_killed(tmp_path: Path) -> None:
    with Demo(tmp_path / "demo") as demo, Storm(demo, seed=7) as storm:
        for _ in range(max(1, ROUNDS)):
            storm.run(200 if ROUNDS else 40, storm.all_killed() * 3)
        assert storm.check() == {}
        assert len(storm.outcome.kills) == 3 * max(1, ROUNDS)
        assert storm.outcome.figures.counts["broken requests"] > 0, storm.outcome
        _the_command_says_so(demo.home.folder, storm.outcome.senders_killed)


def _the_command_says_so(folder: Path, unknown: int) -> None:
    command = [sys.executable, "-m", "services", "check-invariants", "--data", str(folder), "--unknown", str(unknown)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "ok     every submitted application is scored (40 looked at)" in done.stdout or ROUNDS
    (folder / "mail" / "20200101T000000Z-nobody.eml").write_text("Message-ID: <nobody@x.example>\n\nTwice.")
    spoilt = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert spoilt.returncode == 1
    assert "FAILED every letter arrived once" in spoilt.stdout
