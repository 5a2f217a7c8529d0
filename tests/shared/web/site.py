"""A small site on the shared ground: a few pages and a JSON API whose views do what a test wants to see guarded."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Blueprint, Response, jsonify, request
from flask.testing import FlaskClient
from flask_smorest import Blueprint as ApiBlueprint
from marshmallow import fields
from sqlalchemy import Column, Integer, String, Table, delete, insert, select
from sqlalchemy.exc import OperationalError

from shared import errors
from shared.database import new_metadata, open_engine
from shared.messaging.tables import add_messaging_tables
from shared.metrics import Metrics
from shared.service import Service
from shared.timekeeping import MovableClock
from shared.unit_of_work import UnitOfWork, Units
from shared.web import access, csrf
from shared.web.api import (
    ApiSchema,
    Page,
    PageArguments,
    cursor_of,
    make_api,
    once,
    page_schema,
    read_cursor,
    require_match,
    tagged,
)
from shared.web.app import WebSettings, create_app, finish
from shared.web.identity import Identity, known, sign

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
PERSON = UUID(int=7)
metadata = new_metadata()
add_messaging_tables(metadata)
things = Table(
    "things", metadata, Column("id", Integer, primary_key=True, autoincrement=True), Column("name", String(40))
)


def key_pair() -> tuple[str, str]:
    """A fresh Ed25519 pair: (private PEM, public PEM)."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


PRIVATE, PUBLIC = key_pair()


class ThingSchema(ApiSchema):
    """A thing."""

    id = fields.Integer(dump_only=True)
    name = fields.String(required=True)


ThingPage = page_schema(ThingSchema)


@dataclass
class Site:
    """The site and what a test turns."""

    service: Service[UnitOfWork]
    clock: MovableClock
    fail: Exception | None = None

    def client(self, *roles: str, person: UUID = PERSON, cookie: str = "hearth-identity") -> FlaskClient:
        """A browser; signed in, if there are roles."""
        client = self.service.web.test_client()
        if roles:
            client.set_cookie(cookie, self.token(*roles, person=person))
        return client

    def token(self, *roles: str, person: UUID = PERSON) -> str:
        """An identity that is good for five minutes."""
        return sign(Identity(person, "Ada Ng", frozenset(roles), "session-1"), PRIVATE, self.clock())

    def bearer(self, *roles: str, person: UUID = PERSON) -> dict[str, str]:
        """The header of a program."""
        return {"Authorization": f"Bearer {self.token(*roles, person=person)}"}

    def begin_again(self) -> None:
        """As it was when it was built."""
        self.clock.set(START)
        self.fail = None
        with self.service.units.begin() as unit:
            for table in (things, metadata.tables["idempotency_keys"]):
                unit.session.execute(delete(table))

    def names(self) -> list[str]:
        """What is in the database."""
        with self.service.units.begin(write=False) as unit:
            return [str(name) for name in unit.session.scalars(select(things.c.name).order_by(things.c.id))]


def build(folder: Path, url: str = "", *, public_url: str = "http://localhost", **settings: Any) -> Site:
    """The site on a fresh database."""
    clock, metrics = MovableClock(START), Metrics()
    engine = open_engine(url or f"sqlite:///{folder}/toy.sqlite3")
    metadata.create_all(engine)
    secret = "a-secret-of-the-tests-that-is-long-enough-0123"
    web = create_app("toy", folder, WebSettings(public_url, secret, PUBLIC, **settings), clock, metrics=metrics)
    units: Units[UnitOfWork] = Units(engine, clock, UnitOfWork, "toy")
    service = Service(
        name="toy",
        units=units,
        metadata=metadata,
        migrations="services.applications.storage.migrations",
        clock=clock,
        handlers={},
        due_handlers={},
        web=web,
        metrics=metrics,
    )
    site = Site(service, clock)
    web.register_blueprint(_pages())
    make_api(web, "toy", "Toy", _api(site))
    finish(service)
    return site


def _pages() -> Blueprint:
    pages = Blueprint("toy", __name__, url_prefix="/toy")

    @pages.route("/open", methods=["GET", "POST"])
    @access.public
    def open_() -> str:
        return f"open {csrf.token()} {request.form.get('word', '')}"

    @pages.post("/hook")
    @access.public_without_csrf
    def hook() -> str:
        return "hooked"

    @pages.get("/address")
    @access.public
    def address() -> Response:
        return jsonify(address=request.remote_addr, secure=request.is_secure, host=request.host)

    @pages.route("/mine", methods=["GET", "POST"])
    @access.signed_in
    def mine() -> str:
        return f"mine {known().person_id}"

    @pages.get("/staff")
    @access.role("staff", "administrator")
    def staff() -> str:
        return "staff"

    @pages.get("/slash/")
    @access.public
    def slash() -> str:
        return "slash"

    @pages.get("/boom")
    @access.public
    def boom() -> str:
        raise RuntimeError("noor@example.org lives in the database")

    @pages.get("/away")
    @access.public
    def away() -> str:
        raise OperationalError("SELECT 1", {}, Exception("could not connect to 10.0.0.7"))

    @pages.get("/fails/<kind>")
    @access.public
    def fails(kind: str) -> str:
        raise _error(kind)

    return pages


def _error(kind: str) -> Exception:
    cls = getattr(errors, kind)
    if cls is errors.Invalid:
        return errors.Invalid({"name": ["Enter a name."]})
    if cls is errors.TooMany:
        return errors.TooMany("Wait a little.", retry_after=90)
    return cls("A sentence.")  # type: ignore[no-any-return]


def _api(site: Site) -> ApiBlueprint:
    blueprint = ApiBlueprint("toy_api", __name__, url_prefix="/toy/api/v1")

    def add(unit: UnitOfWork, name: str) -> dict[str, Any]:
        number = unit.session.execute(insert(things).values(name=name)).inserted_primary_key[0]
        if site.fail is not None:
            raise site.fail
        return {"id": number, "name": name}

    @blueprint.route("/things", methods=["POST"])
    @blueprint.arguments(ThingSchema)
    @blueprint.response(201, ThingSchema)
    @access.signed_in
    def create(body: dict[str, Any]) -> Response:
        return once(site.service.units, lambda unit: add(unit, body["name"]), ThingSchema())

    @blueprint.route("/open-things", methods=["POST"])
    @blueprint.arguments(ThingSchema)
    @blueprint.response(201, ThingSchema)
    @access.public
    def create_openly(body: dict[str, Any]) -> Response:
        return once(site.service.units, lambda unit: add(unit, body["name"]), ThingSchema())

    @blueprint.route("/things", methods=["GET"])
    @blueprint.arguments(PageArguments, location="query")
    @blueprint.response(200, ThingPage)
    @access.public
    def listed(wanted: dict[str, Any]) -> Page:
        return _page(site, wanted)

    @blueprint.route("/others", methods=["GET"])
    @blueprint.arguments(PageArguments, location="query")
    @blueprint.response(200, ThingPage)
    @access.public
    def others(wanted: dict[str, Any]) -> Page:
        return _page(site, wanted)

    @blueprint.route("/things/1", methods=["PUT"])
    @blueprint.arguments(ThingSchema)
    @blueprint.response(200, ThingSchema)
    @access.role("staff")
    def change(body: dict[str, Any]) -> Response:
        require_match(5)
        return tagged(jsonify(body), 6)

    return blueprint


def _page(site: Site, wanted: dict[str, Any]) -> Page:
    keys = read_cursor(wanted["cursor"], 1)
    with site.service.units.begin(write=False) as unit:
        statement = select(things).where(things.c.id > (keys[0] if keys else 0)).order_by(things.c.id)
        rows = unit.session.execute(statement.limit(wanted["limit"] + 1)).mappings().all()
    shown = rows[: wanted["limit"]]
    return Page(shown, cursor_of(shown[-1]["id"]) if len(rows) > len(shown) else None)
