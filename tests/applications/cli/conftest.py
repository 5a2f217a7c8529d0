"""A data directory of the embedded mode, as the commands of this service find it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.applications.cli import opening
from shared.timekeeping import MovableClock
from tests.applications.parts import Applications

Run = Callable[..., Result]


@pytest.fixture
def run(service: Applications, open_round: Any, tmp_path: Path, clock: MovableClock, monkeypatch: Any) -> Run:
    """Runs a command of this service on the data directory with the sample round, by the tests' clock."""
    keys = {"k1": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}
    secrets = {"applications": "a-secret-of-the-tests-that-is-long-enough-0123", "field_keys": keys}
    (tmp_path / "secrets.json").write_text(json.dumps(secrets))
    monkeypatch.setattr(opening, "system_clock", clock)

    def command(of: Any, *arguments: object) -> Result:
        return CliRunner().invoke(of, [*map(str, arguments), "--data", str(tmp_path)])

    return command
