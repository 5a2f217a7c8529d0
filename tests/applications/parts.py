"""What tests of the applications service share: a config, the outbox read back, a browser without JavaScript."""

import base64
import json
import re
from html.parser import HTMLParser
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.applications.config import Config
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import register_person
from shared import migrations
from shared.database import open_engine
from shared.messaging.tables import outbox
from shared.service import Service

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


def events(service: Applications, name: str = "") -> list[dict[str, Any]]:
    """What the outbox holds, oldest first: whole envelopes, of one type ("applications.…") or of all."""
    with service.units.begin(write=False) as uow:
        rows = uow.session.execute(select(outbox).order_by(outbox.c.position)).all()
    return [json.loads(row.body) for row in rows if name in ("", row.type)]


def data_of(service: Applications, name: str) -> list[dict[str, Any]]:
    """The data of every event of one type, oldest first."""
    return [event["data"] for event in events(service, f"applications.{name}")]


def token_of(browser: FlaskClient, address: str = "/sign-in") -> str:
    """The CSRF token of a page, as its forms carry it."""
    page = browser.get(address).get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


class _Fields(HTMLParser):
    """Reads the fields of a page's main forms as a browser without JavaScript would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, Any]]] = []
        self._textarea = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if tag == "option" and self._select and ("selected" in given or self._select not in self.forms[-1][1]):
            self.forms[-1][1][self._select] = given.get("value", "")
        if not self.forms or "name" not in given:
            return
        self._select = given["name"] if tag == "select" else self._select
        kind = given.get("type", "text")
        if tag == "input" and (kind not in ("radio", "checkbox", "submit") or "checked" in given):
            value = given.get("value", "on" if kind in ("radio", "checkbox") else "")
            fields, name = self.forms[-1][1], given["name"]
            # Several ticked boxes of one name are sent each.
            fields[name] = [*_listed(fields[name]), value] if kind == "checkbox" and name in fields else value
        self._textarea = given["name"] if tag == "textarea" else ""
        if self._textarea:
            self.forms[-1][1][self._textarea] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1][1][self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""
        if tag == "select":
            self._select = ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def form_in(page: str, action: str) -> dict[str, Any]:
    """The fields of the form with this action, as the page filled them in."""
    reader = _Fields()
    reader.feed(page)
    found = [fields for target, fields in reader.forms if target == action]
    assert found, f"no form for {action} in {[target for target, _ in reader.forms]}"
    return found[0]


def press(browser: FlaskClient, page: str, action: str, **typed: Any) -> TestResponse:
    """Fill in a form of the page that the browser is at, and send it; redirects are not followed."""
    fields = {**form_in(browser.get(page, follow_redirects=True).get_data(as_text=True), action), **typed}
    return browser.post(action, data=fields)


SLUG = "leading-together-2027"
ELIGIBLE = {"works_with_migrants": "yes", "based_in_uk": "yes", "can_attend": "yes"}
ANSWERS: dict[str, dict[str, Any]] = {
    "contact": {"full_name": "Noor O'Brien-Ñuñez", "email": "noor@example.org", "language": "en"},
    "organisation": {
        "organisation_name": "The Kettle Club",
        "organisation_postcode": "LS1",
        "organisation_income": "12000",
        "role": "founder",
        "work_areas": ["advice", "women"],
    },
    "lived_experience": {"lived_experience_direct": "yes", "lived_experience_activated": "yes"},
    "leadership": {
        "motivation": "To learn from others.",
        "change": "More people know their rights.",
        "learning": "How to plan.",
        "leadership_training": "never",
    },
    "access": {"access_notes": "ACCESS-MARKER step-free please"},
    "consent": {"consent_privacy": "yes"},
    "equality": {"gender": "woman", "age_band": "25_to_34"},
}
"""Everything a browser types in, section by section; the values are those of the sample form."""


def code_of(service: Applications) -> str:
    """The newest code that was emailed."""
    return str(data_of(service, "sign_in_requested")[-1]["code"])


def path_of(link: str) -> str:
    """A link in an email, as this site's own path."""
    return link.removeprefix("http://localhost")


def enter(service: Applications, browser: FlaskClient, email: str) -> None:
    """Sign in by the code in the email."""
    press(browser, "/sign-in", "/sign-in", email=email)
    answer = press(browser, "/sign-in/code", "/sign-in/code", code=code_of(service))
    assert answer.status_code == 303


def begin(service: Applications, browser: FlaskClient, email: str = "noor@example.org") -> str:
    """From the front page to the draft: the draft's address."""
    assert press(browser, f"/apply/{SLUG}", f"/apply/{SLUG}", **ELIGIBLE).location == f"/apply/{SLUG}/begin"
    begin_path = f"/apply/{SLUG}/begin"
    press(browser, begin_path, begin_path, name="Noor O'Brien-Ñuñez", email=email)
    press(browser, "/sign-in/code", "/sign-in/code", code=code_of(service))
    renewing = press(browser, begin_path, begin_path)
    found = re.search(r"/applications/[0-9a-f-]{36}", renewing.location)
    assert found, renewing.location
    browser.get(renewing.location)
    return found[0]


def fill_in(browser: FlaskClient, draft: str, **changes: Any) -> None:
    """Every section, by its form and its first button."""
    for section, answers in ANSWERS.items():
        address = f"{draft}/sections/{section}"
        mine = {name: value for name, value in changes.items() if name in _names(browser, address)}
        saved = press(browser, address, address, **{**answers, **mine})
        assert saved.status_code == 303, (
            section,
            re.findall(r"error-message.*?</p>|<title>.*", saved.get_data(as_text=True), re.S)[:3],
        )


def _names(browser: FlaskClient, address: str) -> set[str]:
    return set(re.findall(r' name="([^"]+)"', browser.get(address).get_data(as_text=True)))


def apply(service: Applications, browser: FlaskClient, email: str = "noor@example.org", **changes: Any) -> str:
    """The whole way: the address of an application that was sent."""
    draft = begin(service, browser, email)
    fill_in(browser, draft, **changes)
    assert press(browser, f"{draft}/check", f"{draft}/submit").location == f"{draft}/sent"
    return draft


def person(service: Applications, email: str, *roles: str, name: str = "Someone") -> Any:
    """An account, made by the use case."""
    with service.units.begin() as uow:
        return register_person(uow, email=email, name=name, language="en", roles=list(roles))


def post_on(browser: FlaskClient, address: str, data: dict[str, Any]) -> TestResponse:
    """Post as a browser does: a 307 takes the body along. (The test client's own way loses one that was read.)"""
    answer = browser.post(address, data=data)
    while answer.status_code == 307:
        answer = browser.post(answer.location, data=data)
    return answer
