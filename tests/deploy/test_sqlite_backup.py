import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "deploy" / "backup" / "sqlite.py"


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, PROGRAM, *arguments], capture_output=True, text=True)


def _things(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT name FROM things").fetchall()


def test_a_data_folder_in_use_is_saved_and_comes_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "mail").mkdir(parents=True)
    (data / "mail" / "1.eml").write_text("Subject: Hello\n")
    with closing(sqlite3.connect(data / "applications.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE things (name text)")
        database.execute("INSERT INTO things VALUES ('committed')")
        database.execute("BEGIN")
        database.execute("INSERT INTO things VALUES ('not committed')")
        assert _run("save", data, tmp_path / "saved").returncode == 0
    assert sorted(path.name for path in (tmp_path / "saved").iterdir()) == ["applications.db", "mail"]
    assert _run("restore", tmp_path / "saved", tmp_path / "again").returncode == 0
    assert _things(tmp_path / "again" / "applications.db") == [("committed",)]
    assert (tmp_path / "again" / "mail" / "1.eml").read_text() == "Subject: Hello\n"


def test_nothing_is_written_over(tmp_path: Path) -> None:
    for name in ("data", "there"):
        (tmp_path / name).mkdir()
    refused = _run("restore", tmp_path / "data", tmp_path / "there")
    assert refused.returncode == 1
    assert "is there already" in refused.stderr


def test_a_damaged_database_is_not_called_saved(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "applications.db").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
    refused = _run("save", data, tmp_path / "saved")
    assert refused.returncode != 0
    assert not (tmp_path / "saved").exists()
