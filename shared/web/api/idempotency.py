"""Idempotency-Key: a post repeated after a broken connection does its work once and gets the same answer."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, make_response, request
from marshmallow import Schema
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.errors import Conflict, Invalid
from shared.messaging.tables import idempotency_keys as keys
from shared.unit_of_work import U, Units
from shared.web import cookies
from shared.web.identity import current

_LONGEST = 200


def once(units: Units[U], work: Callable[[U], Any], schema: Schema, status: int = 201) -> Response:
    """Run `work` in a unit of work and answer with `schema` of what it returns; a repeated key repeats the answer.

    The key, its answer and the work are one transaction: a request that fails keeps nothing, and may be sent again.

    Raises:
        Conflict: the key was used for a different request.
        Invalid: the key is too long.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > _LONGEST:
        raise Invalid({"Idempotency-Key": [f"A key has {_LONGEST} characters at most."]})
    with units.begin() as unit:
        if not key:
            return _answer(schema.dump(work(unit)), status)
        scope, fingerprint = _scope(), _fingerprint()
        if not _claim(unit, scope, key, fingerprint):
            return _repeat(unit, scope, key, fingerprint)
        body = schema.dump(work(unit))
        unit.session.execute(
            update(keys).where(keys.c.scope == scope, keys.c.key == key).values(status=status, body=_dumps(body))
        )
        return _answer(body, status)


def _scope() -> str:
    """Whose key it is, and where it was used: nobody gets another one's answer by guessing a key."""
    who = current()
    browser = cookies.read(request, cookies.BROWSER) or ""
    whose = str(who.person_id) if who else f"browser-{hashlib.sha256(browser.encode()).hexdigest()[:24]}"
    return f"{whose}:{hashlib.sha256(f'{request.method} {request.path}'.encode()).hexdigest()[:32]}"


def _fingerprint() -> str:
    return hashlib.sha256(request.query_string + b"\n" + request.get_data()).hexdigest()


def _claim(unit: Any, scope: str, key: str, fingerprint: str) -> bool:
    # A second request with the same key waits here for the first one's commit.
    dialect = sqlite if unit.session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(keys).values(scope=scope, key=key, fingerprint=fingerprint, created_at=unit.now)
    # Not rowcount: an INSERT's is -1 on PostgreSQL, whether or not a row was there.
    claimed = unit.session.execute(statement.on_conflict_do_nothing().returning(keys.c.key))
    return claimed.first() is not None


def _repeat(unit: Any, scope: str, key: str, fingerprint: str) -> Response:
    row = unit.session.execute(select(keys).where(keys.c.scope == scope, keys.c.key == key)).one()
    if row.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was used for a different request.", code="idempotency-key-reused")
    response = _answer(current_app.json.loads(row.body), row.status)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _dumps(body: Any) -> str:
    return current_app.json.dumps(body)


def _answer(body: Any, status: int) -> Response:
    return make_response(current_app.json.response(body), status)
