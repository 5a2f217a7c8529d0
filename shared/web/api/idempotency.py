"""Idempotency-Key: a post repeated after a broken connection does its work once and gets the same answer."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, make_response, request
from marshmallow import Schema
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from shared.errors import Conflict
from shared.messaging.tables import idempotency_keys as keys
from shared.unit_of_work import U, Units
from shared.web.identity import current

_LONGEST = 200


def once(units: Units[U], work: Callable[[U], Any], schema: Schema, status: int = 201) -> Response:
    """Run `work` in a unit of work and answer with `schema` of what it returns; a repeated key repeats the answer.

    Raises:
        Conflict: the key was used for a different request.
    """
    key = request.headers.get("Idempotency-Key", "")[:_LONGEST]
    with units.begin() as unit:
        if not key:
            return _answer(schema.dump(work(unit)), status)
        scope, fingerprint = _scope(), hashlib.sha256(request.get_data()).hexdigest()
        if not _claim(unit, scope, key, fingerprint):
            return _repeat(unit, scope, key, fingerprint)
        body = schema.dump(work(unit))
        unit.session.execute(
            update(keys).where(keys.c.scope == scope, keys.c.key == key).values(status=status, body=json.dumps(body))
        )
        return _answer(body, status)


def _scope() -> str:
    who = current()
    return f"{who.person_id if who else 'anybody'}:{hashlib.sha256(request.path.encode()).hexdigest()[:32]}"


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
    response = _answer(json.loads(row.body), row.status)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _answer(body: Any, status: int) -> Response:
    return make_response(current_app.json.response(body), status)
