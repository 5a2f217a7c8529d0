"""deploy/postgres and deploy/backup on a real server: three databases apart, saved and brought back."""

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.servers.postgres import PostgresProcess, find_programs, on, plain

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("applications", "cohorts", "notifications")
FIRST = "first"


def _tools() -> dict[str, str]:
    return {**os.environ, "PATH": f"{find_programs()}{os.pathsep}{os.environ['PATH']}"}


def _set_up(server: PostgresProcess, password: str = FIRST) -> None:
    parts = urlsplit(plain(server.url))
    admin = {"PGHOST": "127.0.0.1", "PGPORT": str(parts.port), "PGUSER": "hearth", "PGPASSWORD": parts.password or ""}
    passwords = {f"{service.upper()}_DATABASE_PASSWORD": f"{password} '{service}'" for service in SERVICES}
    script = ROOT / "deploy" / "postgres" / "services.sh"
    subprocess.run(["sh", script], env={**_tools(), **admin, **passwords}, check=True)


def _connect(server: PostgresProcess, role: str, database: str, password: str = FIRST) -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1",
        port=server.port,
        user=f"hearth_{role}",
        password=f"{password} '{role}'",
        dbname=database,
        autocommit=True,
    )


@pytest.mark.postgres
def test_each_service_has_its_own_database_and_no_other(own_postgres: PostgresProcess) -> None:
    _set_up(own_postgres)
    for role in SERVICES:
        with _connect(own_postgres, role, f"hearth_{role}") as connection:
            connection.execute("CREATE TABLE mine (id int)")
        for other in [f"hearth_{service}" for service in SERVICES if service != role] + ["postgres", "template1"]:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                _connect(own_postgres, role, other)


@pytest.mark.postgres
def test_no_service_may_make_roles_or_databases(own_postgres: PostgresProcess) -> None:
    _set_up(own_postgres)
    with _connect(own_postgres, "cohorts", "hearth_cohorts") as connection:
        for statement in ("CREATE ROLE x", "CREATE DATABASE x", "SET ROLE hearth_applications"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.postgres
def test_setting_up_again_changes_passwords_and_keeps_data(own_postgres: PostgresProcess) -> None:
    _set_up(own_postgres)
    with _connect(own_postgres, "cohorts", "hearth_cohorts") as connection:
        connection.execute("CREATE TABLE kept (id int)")
    _set_up(own_postgres, "second")
    with _connect(own_postgres, "cohorts", "hearth_cohorts", "second") as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        _connect(own_postgres, "cohorts", "hearth_cohorts")


def _backup(urls: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    script = ROOT / "deploy" / "backup" / "postgres.sh"
    env = {**_tools(), **{f"{service.upper()}_DATABASE_URL": url for service, url in urls.items()}}
    return subprocess.run(["sh", script, *arguments], env=env, capture_output=True, text=True)


def _put(url: str, value: str) -> None:
    with psycopg.connect(plain(url)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS things (id int GENERATED ALWAYS AS IDENTITY, name text)")
        connection.execute("INSERT INTO things (name) VALUES (%s)", (value,))


def _things(url: str) -> list[str]:
    with psycopg.connect(plain(url)) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM things ORDER BY id")]


@pytest.fixture
def urls(own_postgres: PostgresProcess) -> dict[str, str]:
    _set_up(own_postgres)
    server = own_postgres.url
    return {service: on(server, f"hearth_{service}") for service in SERVICES}


@pytest.mark.postgres
def test_what_was_saved_comes_back(urls: dict[str, str], tmp_path: Path) -> None:
    for service, url in urls.items():
        _put(url, f"é of {service}")
    assert _backup(urls, "save", tmp_path / "one").returncode == 0
    for url in urls.values():
        _put(url, "after the backup")
    done = _backup(urls, "restore", tmp_path / "one")
    assert (done.returncode, done.stderr) == (0, "")
    assert {service: _things(url) for service, url in urls.items()} == {s: [f"é of {s}"] for s in SERVICES}
    _put(urls["cohorts"], "life goes on")
    assert _things(urls["cohorts"])[-1] == "life goes on"


@pytest.mark.postgres
def test_a_damaged_backup_changes_nothing(urls: dict[str, str], tmp_path: Path) -> None:
    for url in urls.values():
        _put(url, "here")
    assert _backup(urls, "save", tmp_path / "one").returncode == 0
    dump = tmp_path / "one" / "notifications.dump"
    dump.write_bytes(dump.read_bytes()[:-200])
    refused = _backup(urls, "restore", tmp_path / "one")
    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    assert all(_things(url) == ["here"] for url in urls.values())


@pytest.mark.postgres
def test_a_backup_is_never_written_over(urls: dict[str, str], tmp_path: Path) -> None:
    refused = _backup(urls, "save", tmp_path)
    assert refused.returncode == 1
    assert "is there already" in refused.stderr
