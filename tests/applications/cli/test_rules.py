"""`hearth publish-rules`: a version published and every application scored, from a terminal."""

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from services.applications.cli import COMMANDS
from services.applications.cli.rules import publish_rules_command
from services.applications.domain.samples.files import rules_definition
from tests.applications.parts import PRIVATE, PUBLIC, SLUG, Applications
from tests.applications.sent import send


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: the work itself is tested on both databases."""
    return sqlite_url


@pytest.fixture
def environment(database_url: str, open_round: Any) -> dict[str, str]:
    """What the applications service is configured with."""
    return {
        "APPLICATIONS_DATABASE_URL": database_url,
        "APPLICATIONS_SECRET_KEY": "0123456789abcdef0123456789abcdef0123456789",
        "APPLICATIONS_IDENTITY_PRIVATE_KEY": PRIVATE,
        "HEARTH_IDENTITY_PUBLIC_KEY": PUBLIC,
        "APPLICATIONS_FIELD_KEYS": "1:" + base64.b64encode(bytes(range(32))).decode(),
        "HEARTH_PUBLIC_URL": "https://apply.example.org",
    }


def _run(environment: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(publish_rules_command, ["--round", SLUG, *arguments], env=environment)


def test_a_file_is_published_and_everybody_scored(
    service: Applications, environment: dict[str, str], tmp_path: Path
) -> None:
    application = send(service, "a@example.org")
    definition = rules_definition()
    definition["rules"][2]["points"] = 7
    file = tmp_path / "rules.yaml"
    file.write_text(yaml.safe_dump(definition))
    done = _run(environment, "--rules", str(file), "--reason", "We heard you.")
    assert done.exit_code == 0, done.output
    assert "1 of 1 applications" in done.output
    assert "Version 2 is in force." in done.output
    with service.units.begin(write=False) as uow:
        assert uow.applications.get(application).score == 87
    again = _run(environment, "--reason", "Once more.")
    assert "Version 3 is in force." in again.output


def test_what_will_not_do_is_refused_with_its_place(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("rules:\n- {id: r, kind: choice, label: R, question: nobody_asked, points: {a: 1}}")
    refused = _run(environment, "--rules", str(file), "--reason", "x")
    assert refused.exit_code == 1
    assert "rules.0.question" in refused.output
    assert _run(environment, "--reason", " ").exit_code == 1
    assert _run({**environment, "APPLICATIONS_SECRET_KEY": ""}, "--reason", "x").exit_code == 78


def test_the_command_is_found_by_its_name() -> None:
    assert COMMANDS["publish-rules"].endswith("publish_rules_command")
