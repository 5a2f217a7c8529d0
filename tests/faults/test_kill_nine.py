"""kill -9 of each of the six processes in the middle of submissions: nothing is lost and nobody hears twice.

HEARTH_FAULTS=20 makes it twenty rounds of 200 submissions and six kills each; `hearth bench faults` prints the figures.
"""

import os
import random

import pytest

from tests.faults.storm import Storm, all_six
from tests.processes.site import Processes

ROUNDS = int(os.environ.get("HEARTH_FAULTS", "0"))


@pytest.mark.postgres
@pytest.mark.rabbit
@pytest.mark.xdist_group("faults")
def test_nothing_is_lost_and_nothing_happens_twice(site: Processes) -> None:
    storm, rng = Storm(site), random.Random(7)
    try:
        for _ in range(max(1, ROUNDS)):
            storm.run(200 if ROUNDS else 60, all_six(rng))
        findings = storm.check()
    finally:
        storm.close()
    assert {finding.name: finding.problems for finding in findings if finding.problems} == {}
    assert storm.outcome.problems == []
    assert storm.outcome.submissions == len(storm.outcome.promises)
    assert len(storm.outcome.kills) == 6 * max(1, ROUNDS)
    # A storm in which nothing broke would prove nothing.
    assert storm.outcome.figures.counts["broken requests"] > 0, storm.outcome
