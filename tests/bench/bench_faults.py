"""`hearth bench faults`: kill -9 of each of the six processes in the middle of 200 submissions, twenty times.

Needs PostgreSQL and RabbitMQ, found as the tests find them. HEARTH_FAULTS sets the rounds (20), HEARTH_FAULTS_SIZE the
submissions of a round (200). Ends with 1 when the checker finds anything.
"""

import os
import random
import sys
import tempfile
from pathlib import Path

from services.developer.invariants.command import show
from tests.faults.storm import Storm, all_six
from tests.processes.site import running
from tests.servers.postgres import Postgres
from tests.servers.rabbit import Rabbit
from tests.servers.shared_run import SharedRun


def main(rounds: int, size: int) -> int:
    """Run the rounds on one site; the checker looks after each of them."""
    run = SharedRun.begin()
    try:
        postgres, record = Postgres(run.server("postgres")["url"]), run.server("rabbit")
        rabbit = Rabbit(record["url"], record.get("management"))
        address = rabbit.create()
        with tempfile.TemporaryDirectory() as folder, running(postgres, address, Path(folder)) as site:
            return storms(Storm(site), rounds, size)
    finally:
        run.end()


def storms(storm: Storm, rounds: int, size: int) -> int:
    """The rounds one after another; the exit status."""
    rng = random.Random(2027)
    for number in range(1, rounds + 1):
        storm.run(size, all_six(rng))
        wrong = [finding for finding in storm.check() if finding.problems]
        print(f"round {number}: {storm.outcome}", flush=True)
        if wrong or storm.outcome.problems:
            show(wrong)
            print(*storm.outcome.problems, sep="\n")
            return 1
    show(storm.outcome.findings)
    states = ", ".join(f"{name} {count}" for name, count in storm.message_states().items())
    print(f"{storm.outcome}; messages: {states}; letters: {storm.letters()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(os.environ.get("HEARTH_FAULTS", "20")), int(os.environ.get("HEARTH_FAULTS_SIZE", "200"))))
