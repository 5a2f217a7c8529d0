"""A missing or unsafe variable stops each process before it does anything, in one line that names the variable."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processes.accounts import SERVICES
from tests.processes.process import Process
from tests.processes.settings import ROOT, key_pair, settings
from tests.servers.processes import free_ports

PRIVATE, PUBLIC = key_pair()
GOOD = settings(
    "http://127.0.0.1:8000",
    {service: f"postgresql://hearth_{service}:0123456789abcdef0123@127.0.0.1:1/{service}" for service in SERVICES},
    "amqp://hearth:0123456789abcdef0123@127.0.0.1:1/hearth",
    "smtp://127.0.0.1:1",
)
ADDRESSES = ["mysql://host/database", "nonsense", "postgresql://hearth:changeme@host/d", "postgresql://u:p@host:port/d"]
SECRETS = ["changeme", "short", "a" * 60]
EVERYWHERE: dict[str, list[str]] = {
    "HEARTH_PUBLIC_URL": ["http://apply.example.org", "apply.example.org", "https://apply.example.org/path"],
    "HEARTH_IDENTITY_PUBLIC_KEY": ["nonsense", PRIVATE, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
}
UNSAFE: dict[str, dict[str, list[str]]] = {
    "applications": {
        **EVERYWHERE,
        "APPLICATIONS_DATABASE_URL": ADDRESSES,
        "APPLICATIONS_SECRET_KEY": SECRETS,
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": ["nonsense", PUBLIC],
        "APPLICATIONS_FIELD_KEYS": ["nonsense", "1:abc", "1:YWJj"],
    },
    "cohorts": {**EVERYWHERE, "COHORTS_DATABASE_URL": ADDRESSES, "COHORTS_SECRET_KEY": SECRETS},
    "notifications": {
        **EVERYWHERE,
        "NOTIFICATIONS_DATABASE_URL": ADDRESSES,
        "NOTIFICATIONS_SECRET_KEY": SECRETS,
        "NOTIFICATIONS_MAILER": ["nonsense", "smtp://host", "smtp+insecure://mail.example.org", "folder:"],
        "NOTIFICATIONS_MAIL_FROM": ["nobody", "Hearth <no one>"],
    },
}
"""Service -> each variable that must be set -> values that must not pass."""
BROKERS = ["", "nonsense", "http://host", "amqp://", "amqp://hearth:guest@rabbit.example.org", "amqp://u:p@host:port/"]
NUMBERS = {
    "web": {
        "HEARTH_PROXIES": "-1",
        "HEARTH_WEB_PORT": "99999",
        "HEARTH_WEB_THREADS": "many",
        "HEARTH_LOG_LEVEL": "loud",
    },
    "worker": {"HEARTH_WORKER_PORT": "99999", "HEARTH_RELAY_POLL_MS": "0"},
}


def tries(service: str) -> Iterator[tuple[str, str, str]]:
    """(role, variable, value), each of which must stop the start."""
    for variable, values in UNSAFE[service].items():
        yield from (("web", variable, value) for value in ["", *values])
        yield from ((role, variable, "") for role in ("worker", "migrate"))
    yield from (("worker", "HEARTH_BROKER_URL", value) for value in BROKERS)
    for role, unusable in NUMBERS.items():
        yield from ((role, variable, value) for variable, value in unusable.items())


def attempt(service: str, wanted: list[tuple[str, dict[str, str]]]) -> list[Any]:
    """[status, what it said] for each (role, environment)."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.refusals"],
        input=json.dumps([(service, role, environment) for role, environment in wanted]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("service", SERVICES)
def test_each_missing_or_unsafe_variable_is_named(service: str) -> None:
    wanted = list(tries(service))
    answers = attempt(service, [(role, {**GOOD[service], variable: value}) for role, variable, value in wanted])
    unnamed = {
        each: answer
        for each, answer in zip(wanted, answers, strict=True)
        if answer[0] != 78 or f"{service} {each[0]}: {each[1]}: " not in answer[1] or answer[1].count("\n") != 1
    }
    assert unnamed == {}
    assert "changeme" not in json.dumps(answers)


def test_the_table_has_every_variable_that_must_be_set() -> None:
    common = {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "HEARTH_BROKER_URL", "HEARTH_PROXIES", "HEARTH_PROGRAMME"}
    assert {service: set(GOOD[service]) - common for service in SERVICES} == {s: set(UNSAFE[s]) for s in SERVICES}


def test_keys_that_do_not_belong_together_are_refused() -> None:
    ((status, said),) = attempt(
        "applications", [("web", {**GOOD["applications"], "HEARTH_IDENTITY_PUBLIC_KEY": PUBLIC})]
    )
    assert (status, "HEARTH_IDENTITY_PUBLIC_KEY: " in said) == (78, True)


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_without_a_database_is_one_line(service: str) -> None:
    ((status, said),) = attempt(service, [("migrate", GOOD[service])])
    assert (status, said.count("\n")) == (75, 1)
    assert f"cannot migrate {service} now: " in said
    assert "0123456789abcdef" not in said


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_port_that_is_taken_stops_a_process_naming_it(role: str, tmp_path: Path) -> None:
    port = free_ports(1)[0]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        process = Process("cohorts", role, GOOD["cohorts"], port, tmp_path / "log")
        process.start()
        try:
            status = process.wait(60)
        finally:
            if process.running:
                process.kill()
    assert status == 78
    said = [line for line in process.tail().splitlines() if line.startswith("hearth: ")]
    assert len(said) == 1, process.tail()
    assert f"HEARTH_{'WEB' if role == 'web' else 'WORKER'}_PORT: " in said[0]
