"""The command that checks the decision record, on a real file."""

from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from services.cohorts.app import MIGRATIONS
from services.cohorts.cli.verify_record import verify_record_command
from services.cohorts.domain import record_file
from services.cohorts.domain.actor import Actor
from services.cohorts.storage.repositories.record import Record
from shared import migrations
from shared.database import open_engine
from shared.timekeeping import system_clock


def _database(folder: Path) -> str:
    url = f"sqlite:///{folder / 'cohorts.sqlite3'}"
    engine = open_engine(url)
    migrations.upgrade(engine, MIGRATIONS)
    with Session(engine) as session:
        record = Record(session, system_clock())
        for number in range(3):
            record.write(Actor(None, "Sam"), "plan_changed", None, number=number, text="ü")
        session.commit()
    engine.dispose()
    return url


def test_a_whole_record(tmp_path: Path) -> None:
    _database(tmp_path)
    result = CliRunner().invoke(verify_record_command, ["--data", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "3 entries" in result.output


def test_a_changed_record_names_the_entry(tmp_path: Path) -> None:
    url = _database(tmp_path)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE decision_record SET detail = '{\"number\": 9}' WHERE position = 2"))
    engine.dispose()
    result = CliRunner().invoke(verify_record_command, ["--database", url])
    assert result.exit_code == 2
    assert "Entry 2" in result.output


def test_what_cannot_be_read(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(verify_record_command, ["--data", str(tmp_path)]).exit_code == 1
    assert runner.invoke(verify_record_command, ["--database", "mysql://x"]).exit_code == 1
    assert runner.invoke(verify_record_command, []).exit_code == 2


def test_an_exported_copy_is_checked_without_the_database(tmp_path: Path) -> None:
    _database(tmp_path)
    with Session(open_engine(f"sqlite:///{tmp_path / 'cohorts.sqlite3'}")) as session:
        record = Record(session, system_clock())
        lines = list(record_file.write(record.links(), record.head(), None))
    file = tmp_path / "copy.jsonl"
    file.write_text("".join(lines), encoding="utf-8")
    runner = CliRunner()
    whole = runner.invoke(verify_record_command, ["--file", str(file)])
    assert (whole.exit_code, "The record is whole" in whole.output) == (0, True)
    file.write_text("".join(lines).replace('"Sam"', '"Pam"', 1), encoding="utf-8")
    changed = runner.invoke(verify_record_command, ["--file", str(file)])
    assert (changed.exit_code, "Entry 1: the entry was changed" in changed.output) == (2, True)
    file.write_bytes(b"\xff\xfe")
    assert runner.invoke(verify_record_command, ["--file", str(file)]).exit_code == 1
    assert runner.invoke(verify_record_command, ["--file", str(file), "--data", str(tmp_path)]).exit_code == 2
