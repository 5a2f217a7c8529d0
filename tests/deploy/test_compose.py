"""docker-compose.yml, read as it is: nothing has a default password, and everything starts in order of health."""

import re
from pathlib import Path

import pytest
import yaml

from services.developer.environment import filled

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = [
    f"{service}-{process}" for service in ("applications", "cohorts", "notifications") for process in ("web", "worker")
]
SECRET = re.compile(r"PASSWORD|SECRET|PRIVATE|FIELD_KEYS|_PASS\b")


BUCKET = {"AWS_SECRET_ACCESS_KEY"}
"""The usual name of the secret of a bucket: applications alone keeps files."""


def _variables(text: str) -> set[tuple[str, str]]:
    """(name, what follows it) of each ${...}."""
    return set(re.findall(r"\$\{(\w+)([^}]*)\}", text))


def test_every_secret_is_demanded_by_name() -> None:
    # Without the secret of signed reports the hook for them is shut; most installations have no bucket for files.
    optional = {"NOTIFICATIONS_BOUNCE_SECRET", *BUCKET}
    secret = {(name, rest) for name, rest in _variables(TEXT) if SECRET.search(name) and name not in optional}
    assert secret
    assert {name for name, rest in secret if not (rest.startswith(":?") and name in rest)} == set()


def test_every_other_variable_has_a_default_or_is_demanded() -> None:
    assert {name for name, rest in _variables(TEXT) if not rest.startswith((":-", ":?"))} == set()


def test_every_image_can_be_replaced() -> None:
    assert {name for name, each in SERVICES.items() if not each["image"].startswith("${")} == set()


@pytest.mark.parametrize("name", OURS)
def test_processes_wait_for_migrations_and_the_broker_and_say_how_they_are(name: str) -> None:
    service = SERVICES[name]
    waits = {other: condition["condition"] for other, condition in service["depends_on"].items()}
    migrated = f"{name.split('-')[0]}-migrate"
    assert waits == {migrated: "service_completed_successfully", "broker-setup": "service_completed_successfully"}
    assert "health" in service["healthcheck"]["test"][-1]
    assert service["command"] == f"python -m services.{name.replace('-', ' ')}"


@pytest.mark.parametrize("name", OURS)
def test_processes_hold_only_their_own_secrets(name: str) -> None:
    own = name.split("-")[0].upper()
    held = {key for key in SERVICES[name]["environment"] if SECRET.search(key) or key.endswith("DATABASE_URL")}
    others = {key for key in held if not key.startswith(own)}
    assert others == (BUCKET if own == "APPLICATIONS" else set())


@pytest.mark.parametrize("name", OURS)
def test_processes_run_with_nothing_to_write_to_and_no_rights(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_gateway_waits_for_all_three() -> None:
    waits = SERVICES["gateway"]["depends_on"]
    assert {name: each["condition"] for name, each in waits.items()} == {
        f"{service}-web": "service_healthy" for service in ("applications", "cohorts", "notifications")
    }


def test_only_the_gateway_listens_beyond_this_machine_and_only_when_told() -> None:
    ports = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert ports.pop("gateway") == ["${HEARTH_GATEWAY_BIND:-127.0.0.1}:${HEARTH_GATEWAY_PORT:-8080}:8080"]
    assert [port for each in ports.values() for port in each if not port.startswith("127.0.0.1:")] == []


def test_the_example_names_all_that_is_demanded_and_new_env_fills_it() -> None:
    example = (ROOT / ".env.example").read_text()
    demanded = {name for name, rest in _variables(TEXT) if rest.startswith(":?")}
    values = dict(line.split("=", 1) for line in filled(example).splitlines() if re.match(r"\w+=", line))
    assert {name for name in demanded if not values.get(name)} == set()
    secrets = {name: value for name, value in values.items() if SECRET.search(name)}
    assert len(set(secrets.values())) == len(secrets)
    assert filled(example) != filled(example)


def test_the_example_holds_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [
        line for line in lines if SECRET.search(line.split("=")[0]) and "=" in line and not line.endswith("=")
    ] == []
