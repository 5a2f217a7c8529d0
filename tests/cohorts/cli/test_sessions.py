"""`hearth sessions`, on the data directory of the embedded mode."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from services.cohorts.cli import opening
from services.cohorts.cli.sessions import sessions
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from tests.cohorts.programme import STAFF, Programme

BEGINS = datetime.fromisoformat("2027-02-02T18:30:00+00:00")


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(sessions, list(arguments), input=given)


@pytest.fixture
def held(programme: Programme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A data directory with a session of two people that has just begun, and their names."""
    programme.fill(2)
    programme.settle(places=2)
    programme.release(2, 0)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    plan = Plan(title="Evening", start=datetime(2027, 2, 2, 18, 30), minutes=90, zone="Europe/London", place="Here")

    def schedule(uow: Any) -> list[str]:
        cohort = uow.cohorts.of_round(programme.round_id)
        schedule_session(uow, STAFF, cohort.id, plan)
        return [person.name for _, person in uow.cohorts.participants(cohort.id)]

    names: list[str] = programme.do(schedule)
    programme.clock.set(BEGINS + timedelta(minutes=5))
    monkeypatch.setattr(opening, "system_clock", programme.clock)
    programme.units.engine.dispose()
    shutil.copy(str(programme.units.engine.url.database), tmp_path / "cohorts.sqlite3")
    (tmp_path / "secrets.json").write_text(json.dumps({"cohorts": "a-secret-of-the-tests-that-is-long-enough-0123"}))
    return tmp_path, names


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # as a data directory of the embedded mode has it
def test_a_list_is_looked_at_taken_in_and_the_session_called_off(held: tuple[Path, list[str]]) -> None:
    where, (first, second) = ("--data", str(held[0])), held[1]
    session, begins, zone, state, on_list, waiting, title = run("list", *where).output.strip().split("\t")
    assert (begins, zone, state) == ("2027-02-02T18:30", "Europe/London", "scheduled")
    assert (on_list, waiting, title) == ("2", "0", "Evening")
    listed = f"Name,Duration (minutes)\n{first},88\nA stranger,90\n"
    assert "1 people were found" in run("attendance", session, "-", "--look", *where, given=listed).output
    assert sorted(run("attendance", session, *where).output.splitlines()) == sorted([f"-\t{first}", f"-\t{second}"])
    taken = run("attendance", session, "-", *where, given=listed)
    assert taken.exit_code == 1 and "Line 3:" in taken.output
    assert f"present\t{first}" in taken.output and f"-\t{second}" in taken.output
    assert run("attendance", session, "-", *where, given="").exit_code == 1
    assert run("cancel", session, *where).exit_code == 0
    assert run("cancel", session, *where).exit_code == 1
    assert "\tcancelled\t" in run("list", *where).output
