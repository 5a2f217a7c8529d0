"""deploy/rabbitmq/set_up.py against a real broker."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.servers.processes import wait_until
from tests.servers.rabbit import Rabbit

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "rabbitmq"


def _set_up(**env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "RABBITMQ_"))}
    return subprocess.run([sys.executable, FOLDER / "set_up.py"], env={**kept, **env}, capture_output=True, text=True)


@pytest.mark.rabbit
def test_a_virtual_host_gets_its_rights_and_policies_twice_over(rabbit_server: Rabbit) -> None:
    url = urlunsplit(urlsplit(rabbit_server.url)._replace(path="/set-up-test"))
    try:
        for _ in range(2):
            done = _set_up(HEARTH_BROKER_URL=url, RABBITMQ_MANAGEMENT_URL=rabbit_server.management)
            assert (done.returncode, done.stderr) == (0, "")
        policies = {each["name"]: each["definition"] for each in rabbit_server.api("GET", "/policies/set-up-test")}
        wanted = json.loads((FOLDER / "policies.json").read_text())
        assert policies == {name: policy["definition"] for name, policy in wanted.items()}
        queue = {"durable": True, "arguments": {"x-queue-type": "quorum"}}
        rabbit_server.api("PUT", "/queues/set-up-test/applications", queue)
        # The management API tells of a new queue's policy a little later.
        place = "/queues/set-up-test/applications"
        wait_until(lambda: "policy" in rabbit_server.api("GET", place), "the queue's policy", seconds=30)
        found = rabbit_server.api("GET", place)
        assert (found["policy"], found["effective_policy_definition"]["delivery-limit"]) == ("hearth-listeners", 100)
    finally:
        rabbit_server.drop(url)


@pytest.mark.rabbit
def test_a_wrong_password_is_one_line(rabbit_server: Rabbit) -> None:
    parts = urlsplit(rabbit_server.management)
    refused = _set_up(
        HEARTH_BROKER_URL=rabbit_server.url,
        RABBITMQ_MANAGEMENT_URL=f"http://hearth:wrong@{parts.hostname}:{parts.port}",
    )
    assert refused.returncode == 1
    assert "401" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert "wrong" not in refused.stderr


def test_a_missing_variable_is_named() -> None:
    refused = _set_up(HEARTH_BROKER_URL="amqp://hearth@127.0.0.1/")
    assert (refused.returncode, refused.stderr) == (1, "RABBITMQ_MANAGEMENT_URL: is not set.\n")
