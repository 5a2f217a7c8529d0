"""The applications service on a database of its own, with a clock that tests move and people to sign in as."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.applications.app import build
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.keep_round import create_round, move_round
from shared.timekeeping import MovableClock
from shared.web.identity import Identity, sign
from tests.applications.parts import PRIVATE, Applications, config_for, migrate, person

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    """Monday 1 February 2027, noon in London, while the sample round is open."""
    return MovableClock(START)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that every test gets a copy of."""
    path = tmp_path_factory.mktemp("applications") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own; `database_url` in modules that need no other."""
    path = tmp_path / "applications.sqlite3"
    path.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn, migrated."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres")("applications", migrate)
        return url
    return str(request.getfixturevalue("sqlite_url"))


@pytest.fixture
def service(database_url: str, clock: MovableClock) -> Iterator[Applications]:
    """The whole service."""
    built = build(config_for(database_url), clock)
    yield built
    built.units.engine.dispose()


@pytest.fixture
def client(service: Applications) -> FlaskClient:
    """A browser without JavaScript."""
    return service.web.test_client()


@pytest.fixture
def open_round(service: Applications) -> Any:
    """The sample round, open."""
    definition = {**round_definition(), "form": form_definition(), "rules": rules_definition()}
    with service.units.begin() as uow:
        row = create_round(uow, definition)
        return move_round(uow, row.id, "open")


SignIn = Callable[..., uuid.UUID]


@pytest.fixture
def sign_in(service: Applications, client: FlaskClient, clock: MovableClock) -> SignIn:
    """Sign the browser in as a person with these roles; gives the person's id."""

    def enter(*roles: str, email: str = "", browser: FlaskClient | None = None) -> uuid.UUID:
        row = person(service, email or f"{uuid.uuid4().hex}@example.org", *roles, name="Noor O'Brien-Ñuñez")
        identity = Identity(row.id, row.name, frozenset(roles), "test", frozenset({"totp"}))
        (browser or client).set_cookie("hearth-identity", sign(identity, PRIVATE, clock()))
        return row.id

    return enter
