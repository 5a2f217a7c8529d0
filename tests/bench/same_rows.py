"""pgbench inserting the rows that one request wrote: same tables, columns, indexes and values, in one transaction.

The rows go to copies of the tables, without their foreign keys, so that pgbench has a little less to do than we have.
"""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from psycopg import sql
from sqlalchemy import Engine, MetaData, Table, UniqueConstraint, Uuid

from tests.servers import postgres

_PREFIX = "bare_"


@dataclass
class Script:
    """A transaction of pgbench, and what it inserts: table -> rows."""

    text: str
    rows: dict[str, int] = field(default_factory=dict)


def written(engine: Engine, metadata: MetaData, application_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Table -> the rows that the transaction which last wrote this application left behind."""
    found: dict[str, list[dict[str, Any]]] = {}
    with engine.connect() as connection:
        query = "SELECT xmin::text FROM applications WHERE id = %s"
        transaction = connection.exec_driver_sql(query, (application_id,)).scalar_one()
        for table in metadata.sorted_tables:
            query = f'SELECT * FROM "{table.name}" WHERE xmin::text = %s'  # noqa: S608 - our own tables
            rows = connection.exec_driver_sql(query, (transaction,)).mappings().all()
            if rows:
                found[table.name] = [dict(row) for row in rows]
    return found


def script(engine: Engine, metadata: MetaData, application_id: UUID) -> Script:
    """Prepare the copies of the tables, and a transaction that inserts such rows: what is unique is new each time."""
    rows = written(engine, metadata, application_id)
    made = Script("\\set n random(1, 4000000000000000000)\nBEGIN;\n", {name: len(each) for name, each in rows.items()})
    with engine.begin() as connection:
        raw: Any = connection.connection.driver_connection
        for name, each in rows.items():
            connection.exec_driver_sql(f'CREATE TABLE {_PREFIX}{name} (LIKE "{name}" INCLUDING ALL)')
            made.text += _insert(metadata.tables[name], each, application_id, raw)
    made.text += "COMMIT;\n"
    return made


def _insert(table: Table, rows: list[dict[str, Any]], application_id: UUID, raw: Any) -> str:
    numbered = {column.name for column in table.primary_key if column.autoincrement is True}
    names = [column.name for column in table.columns if column.name not in numbered]
    unique = _unique(table)
    lines = []
    for row in rows:
        cells = [_cell(row[name], name in unique, application_id, raw) for name in names]
        lines.append(f"({', '.join(cells)})")
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {_PREFIX}{table.name} ({columns}) VALUES {', '.join(lines)};\n"  # noqa: S608


def _unique(table: Table) -> set[str]:
    """The columns to make new for each row; one that is new in any case makes the others of its key so."""
    among = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    keys = [list(key.columns) for key in (table.primary_key, *among)] + [
        [each] for each in table.columns if each.unique
    ]
    found: set[str] = set()
    for key in keys:
        ids = {column.name for column in key if isinstance(column.type, Uuid)}
        found |= ids or {column.name for column in key}
    return found


def _cell(value: Any, unique: bool, application_id: UUID, raw: Any) -> str:
    if value == application_id:
        return "md5(:n::text)::uuid"
    if unique and isinstance(value, UUID):
        return "gen_random_uuid()"
    text = json.dumps(value) if isinstance(value, dict | list) else value
    if unique and isinstance(text, str):
        return f"left({_literal(text)}, 4) || left(md5(:n::text), 16)"
    return _literal(text) if isinstance(text, str) else sql.Literal(text).as_string(raw).strip()


def _literal(text: str) -> str:
    """A text as SQL writes it. pgbench knows its variables by their colon, even within a text: there it is escaped."""
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace(":", "\\x3a")
    return f"E'{escaped}'"


def pgbench(url: str, text: str, folder: Path, *, seconds: int, clients: int) -> float:
    """Transactions a second of a script, with statements prepared once for each of the clients."""
    file = folder / "script.sql"
    file.write_text(text)
    parts = urlsplit(postgres.plain(url))
    programs = postgres.find_programs()
    if programs is None:
        raise SystemExit("pgbench is not installed: it comes with PostgreSQL.")
    given = ["-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username)]
    load = ["-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds), "-f", str(file)]
    done = subprocess.run(
        [programs / "pgbench", *given, *load, parts.path.strip("/")],
        env={"PGPASSWORD": unquote(parts.password or ""), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"pgbench failed: {done.stderr[-2000:]}")
    return float(re.search(r"tps = ([0-9.]+)", done.stdout)[1])  # type: ignore[index]
