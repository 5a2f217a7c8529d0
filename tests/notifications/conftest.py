"""The notifications service on a database of its own: events go in, a scripted mailer takes what comes out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.notifications.app import MIGRATIONS
from shared import migrations
from shared.database import open_engine
from shared.timekeeping import MovableClock
from tests.notifications.postbox import Postbox, make_config

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def key_pair() -> tuple[str, str]:
    """A private and a public key for identities, as PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def migrate(url: str) -> None:
    """Prepare a database for this service."""
    engine = open_engine(url)
    migrations.upgrade(engine, MIGRATIONS)
    engine.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that every test gets a copy of."""
    path = tmp_path_factory.mktemp("notifications") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of the test's own."""
    path = tmp_path / "notifications.db"
    path.write_bytes(empty_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> str:
    """A migrated PostgreSQL database of the test's own."""
    make: Callable[..., str] = request.getfixturevalue("postgres")
    return make("notifications", migrate)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn, migrated."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def clock() -> MovableClock:
    """Monday 1 February 2027, noon in London."""
    return MovableClock(START)


@pytest.fixture
def postbox(database_url: str, clock: MovableClock, key_pair: tuple[str, str], tmp_path: Path) -> Iterator[Postbox]:
    """The whole service, on each database."""
    made = Postbox(make_config(database_url, key_pair[1], tmp_path), clock)
    yield made
    made.close()


@pytest.fixture
def one_postbox(sqlite_url: str, clock: MovableClock, key_pair: tuple[str, str], tmp_path: Path) -> Iterator[Postbox]:
    """The whole service on SQLite, where the database makes no difference."""
    made = Postbox(make_config(sqlite_url, key_pair[1], tmp_path), clock)
    yield made
    made.close()
