"""The cohorts service on a real database with a clock that tests move, and a small programme to work on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.cohorts.app import MIGRATIONS, build
from services.cohorts.config import Config
from shared import migrations
from shared.database import open_engine
from shared.timekeeping import MovableClock
from tests.cohorts.programme import Programme

PUBLIC_URL = "http://localhost:8002"
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def key_pair() -> tuple[str, str]:
    """A private and a public key for identities, as PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def migrate(url: str) -> None:
    """Bring a fresh database up to date."""
    engine = open_engine(url)
    migrations.upgrade(engine, MIGRATIONS)
    engine.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that every test gets a copy of."""
    path = tmp_path_factory.mktemp("cohorts") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, on each of the two."""
    if request.param == "postgres":
        make: Callable[..., str] = request.getfixturevalue("postgres")
        return make("cohorts", migrate)
    source: Path = request.getfixturevalue("empty_sqlite")
    target: Path = request.getfixturevalue("tmp_path") / "cohorts.db"
    target.write_bytes(source.read_bytes())
    return f"sqlite:///{target}"


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
def programme(database_url: str, clock: MovableClock, key_pair: tuple[str, str]) -> Iterator[Programme]:
    """The service with its own database, and verbs to bring it somewhere."""
    config = Config(
        database_url=database_url,
        public_url=PUBLIC_URL,
        secret_key="a-secret-for-tests-0123456789abcdef",
        identity_public_key=key_pair[1],
    )
    service: Any = build(config, clock)
    yield Programme(service, clock, key_pair[0])
    service.units.engine.dispose()
