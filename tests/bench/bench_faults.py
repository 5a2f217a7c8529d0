"""`hearth bench faults`: kill -9 of each of the six processes in the middle of 200 submissions, twenty times.

Needs PostgreSQL and RabbitMQ, found as the tests find them. HEARTH_FAULTS sets the rounds (20), HEARTH_FAULTS_SIZE the
submissions of a round (200). Ends with 1 when the checker finds anything.
"""

import os
import signal
import sys
import tempfile
from pathlib import Path

from services.developer.invariants.command import show
from tests.bench.reporting import Report
from tests.faults.storm import Storm
from tests.faults.targets import SixProcesses
from tests.processes.site import running
from tests.servers.postgres import Postgres
from tests.servers.rabbit import Rabbit
from tests.servers.shared_run import SharedRun


def main(rounds: int, size: int) -> int:
    """Run the rounds on one site; the checker looks after each of them."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    run = SharedRun.begin()
    try:
        postgres, record = Postgres(run.server("postgres")["url"]), run.server("rabbit")
        rabbit = Rabbit(record["url"], record.get("management"))
        address = rabbit.create()
        with (
            tempfile.TemporaryDirectory() as folder,
            running(postgres, address, Path(folder)) as site,
            Storm(SixProcesses(site), seed=2027) as storm,
        ):
            return storms(storm, rounds, size)
    finally:
        run.end()


def storms(storm: Storm, rounds: int, size: int) -> int:
    """The rounds one after another; the exit status."""
    report = Report("faults", "0 lost, 0 doubled")
    for number in range(1, rounds + 1):
        storm.run(size, storm.all_killed())
        wrong = storm.check()
        report.row(f"round {number}", {"wrong": len(storm.outcome.problems), "run_s": storm.outcome.seconds})
        report.say(str(storm.outcome))
        if wrong:
            show(storm.outcome.findings)
            print(*storm.outcome.broken_promises, sep="\n")
            return 1
    show(storm.outcome.findings)
    report.say(storm.figures())
    report.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("HEARTH_FAULTS", "20")), int(os.environ.get("HEARTH_FAULTS_SIZE", "200"))))
