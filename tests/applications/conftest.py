"""The applications service on a database of its own, with a clock that tests move and people to sign in as."""

import base64
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask.testing import FlaskClient

from services.applications.app import build
from services.applications.config import Config
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import register_person
from services.applications.use_cases.keep_round import create_round, move_round
from shared import migrations
from shared.database import open_engine
from shared.service import Service
from shared.timekeeping import MovableClock
from shared.web.identity import Identity, sign

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
Applications = Service[ApplicationsUnitOfWork]


def key_pair() -> tuple[str, str]:
    """A fresh Ed25519 pair: (private PEM, public PEM)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


PRIVATE, PUBLIC = key_pair()


def migrate(url: str) -> None:
    """Prepare a database for this service."""
    engine = open_engine(url)
    migrations.upgrade(engine, "services.applications.storage.migrations")
    engine.dispose()


@pytest.fixture
def clock() -> MovableClock:
    """Monday 1 February 2027, noon in London, while the sample round is open."""
    return MovableClock(START)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each of the two databases in turn, migrated."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres")("applications", migrate)
        return url
    url = f"sqlite:///{tmp_path}/applications.sqlite3"
    migrate(url)
    return url


def config_for(database_url: str, **changes: Any) -> Config:
    """A whole config."""
    settings: dict[str, Any] = {
        "database_url": database_url,
        "public_url": "http://localhost",
        "secret_key": "a-secret-of-the-tests-that-is-long-enough-0123",
        "identity_private_key": PRIVATE,
        "identity_public_key": PUBLIC,
        "field_keys": {"k1": base64.b64decode("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")},
    }
    return Config(**{**settings, **changes})


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
        with service.units.begin() as uow:
            address = email or f"{uuid.uuid4().hex}@example.org"
            person = register_person(uow, email=address, name="Noor O'Brien-Ñuñez", language="en", roles=list(roles))
        identity = Identity(person.id, person.name, frozenset(roles), "test", frozenset({"totp"}))
        token = sign(identity, PRIVATE, clock() + timedelta(0))
        (browser or client).set_cookie("hearth-identity", token)
        return person.id

    return enter


def token_of(browser: FlaskClient, address: str = "/sign-in") -> str:
    """The CSRF token of a page, as its forms carry it."""
    page = browser.get(address).get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]
