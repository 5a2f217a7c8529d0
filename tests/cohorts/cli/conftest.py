"""A data directory of the embedded mode, as the commands of this service find it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.cohorts.cli import opening
from services.cohorts.use_cases.answer_offer import answer_offer
from tests.cohorts.programme import Programme


@dataclass
class Desk:
    """A terminal beside a data directory: a cohort of two people in the round `leaders`, and their names."""

    folder: Path
    names: list[str]
    programme: Programme

    def run(self, command: Any, *arguments: object, given: str | bytes = "") -> Result:
        """Run a command of this service on it."""
        return CliRunner().invoke(command, [*map(str, arguments), "--data", str(self.folder)], input=given)


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> str:
    """The database as a data directory of the embedded mode has it."""
    target = tmp_path / "cohorts.sqlite3"
    shutil.copy(empty_sqlite, target)
    (tmp_path / "secrets.json").write_text(json.dumps({"cohorts": "a-secret-of-the-tests-that-is-long-enough-0123"}))
    return f"sqlite:///{target}"


@pytest.fixture
def desk(programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The directory, once two people have accepted their places."""
    programme.fill(2)
    programme.settle(places=2)
    programme.release(2, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    monkeypatch.setattr(opening, "system_clock", programme.clock)

    def names(uow: Any) -> list[str]:
        cohort = uow.cohorts.of_round(programme.round_id)
        return [person.name for _, person in uow.cohorts.participants(cohort.id)]

    return Desk(tmp_path, programme.do(names), programme)
