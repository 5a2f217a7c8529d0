"""Three databases with three roles that cannot reach each other's, as deploy/postgres/services.sh makes them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.servers.postgres import Postgres, on, plain

SERVICES = ("applications", "cohorts", "notifications")


@dataclass(frozen=True)
class Database:
    """One service's database: its own role's address and the administrator's (SQLAlchemy addresses)."""

    url: str
    admin_url: str


@contextmanager
def three_databases(server: Postgres) -> Iterator[dict[str, Database]]:
    """Service -> its database, with roles of this call's own; all are dropped at the end."""
    with psycopg.connect(plain(server.url), autocommit=True, connect_timeout=10) as connection:
        made = {service: _make(connection, server, service) for service in SERVICES}
    try:
        yield made
    finally:
        with psycopg.connect(plain(server.url), autocommit=True, connect_timeout=10) as connection:
            for database in made.values():
                _drop(connection, database)


def _make(connection: psycopg.Connection, server: Postgres, service: str) -> Database:
    # The server is shared by a run's workers, and roles belong to the whole server: so the names are new each time.
    name, password = f"hearth_{service}_{secrets.token_hex(4)}", secrets.token_hex(24)
    role = sql.Identifier(name)
    create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
    connection.execute(create.format(role, sql.Literal(password)))
    connection.execute(sql.SQL("ALTER ROLE {} SET idle_in_transaction_session_timeout = '60s'").format(role))
    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(role, role))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
    admin_url = on(server.url, name)
    with psycopg.connect(plain(admin_url), autocommit=True, connect_timeout=10) as inside:
        inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        inside.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(role))
    return Database(_as(admin_url, name, password), admin_url)


def _as(url: str, name: str, password: str) -> str:
    """The address for another account, as an operator writes it: postgresql://..."""
    parts = urlsplit(plain(url))
    return urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.hostname}:{parts.port}"))


def _drop(connection: psycopg.Connection, database: Database) -> None:
    name = sql.Identifier(urlsplit(plain(database.admin_url)).path.strip("/"))
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
    connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
