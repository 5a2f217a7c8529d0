"""The staff list of 10,000 applications: milliseconds in the server for a page, beside the bare SQL of the same rows.

`python -m tests.bench.lists [size]`. Needs PostgreSQL, as the tests find it.
"""

import sys
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from shared.web.identity import Identity, sign
from tests.applications.parts import PRIVATE, Applications, person
from tests.bench.messaging import database
from tests.bench.reporting import Report
from tests.bench.rounds import NOW, applications, in_turn, processor

REPEATS = 15
_BARE = """SELECT a.id, a.reference, s.score, a.submitted_at, a.attributes, p.name, p.email
FROM applications a JOIN people p ON p.id = a.person_id
JOIN scores s ON s.application_id = a.id AND s.round_id = a.round_id AND s.rules_version = 1
WHERE a.round_id = %s AND a.state = 'submitted' {where} ORDER BY {order} LIMIT 51"""
PAGES = {
    "by score": ("", "", "s.score DESC, a.id"),
    "by reference": ("?sort=reference&order=asc", "", "a.reference, a.id"),
    "newest first": ("?sort=submitted", "", "a.submitted_at DESC, a.id"),
    "search for a name": (
        "?q=person+77", "AND (lower(p.name) LIKE '%%person 77%%' OR lower(a.reference) LIKE '%%person 77%%'"
        " OR lower(p.email) LIKE '%%person 77%%')", "s.score DESC, a.id",
    ),
}  # fmt: skip


def main(size: int) -> None:
    """A line for each page."""
    report = Report("lists", "first page < 50 ms in the server")
    with database() as url:
        service, round_id = applications(url, size)
        client = _staff(service)
        for name, (query, where, order) in PAGES.items():
            address = f"/staff/rounds/{round_id}/applications{query}"
            _check(client.get(address).status_code)
            statement = _BARE.format(where=where, order=order)
            works: dict[str, Any] = {
                "page": lambda address=address: _check(client.get(address).status_code),
                "bare": lambda statement=statement: _bare(service, statement, round_id),
            }
            taken = in_turn(works, REPEATS)
            cpu = processor(works["page"])
            page, bare = taken["page"] * 1000, taken["bare"] * 1000
            report.row(name, {"page_ms": page, "processor_ms": cpu * 1000, "bare SQL_ms": bare}, size)
        service.units.engine.dispose()
    report.close()


def _staff(service: Applications) -> FlaskClient:
    row = person(service, "staff@example.org", "staff", name="Sam Staff")
    identity = Identity(row.id, row.name, frozenset({"staff"}), "bench", frozenset({"totp"}))
    client = service.web.test_client()
    client.set_cookie("hearth-identity", sign(identity, PRIVATE, NOW))
    return client


def _check(status: int) -> None:
    if status != 200:
        raise AssertionError(f"a page answered {status}: nothing was measured")


def _bare(service: Applications, statement: str, round_id: UUID) -> None:
    with service.units.engine.connect() as connection:
        connection.exec_driver_sql(statement, (round_id,)).all()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
