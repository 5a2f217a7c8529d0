"""The shortlist: sorted, filtered and paged, and its page in the server, beside bare SQL for the same rows and count.

`python -m tests.bench.shortlist [sizes]`. Needs PostgreSQL, as the tests find it.
"""

import json
import sys
from typing import Any
from uuid import UUID

import numpy as np

from services.cohorts.app import build
from services.cohorts.config import Config
from services.cohorts.storage.repositories.shortlist import Filters
from services.cohorts.use_cases.list_shortlist import list_shortlist
from shared.ids import new_id
from shared.timekeeping import MovableClock
from tests.applications.parts import PRIVATE, PUBLIC
from tests.bench.messaging import database
from tests.bench.reporting import Report
from tests.bench.rounds import NOW, TEXT, in_turn, processor
from tests.cohorts.conftest import migrate
from tests.cohorts.programme import STAFF, Programme

SIZES = [1_000, 10_000, 100_000]
REPEATS = 15
REGIONS = ("north", "london")
_FROM = """FROM applications a LEFT JOIN calibrated_scores c ON c.application_id = a.id
WHERE a.round_id = %s AND a.state = 'in_pool' {where}"""
CASES: dict[str, tuple[str, Filters, str, str, str]] = {
    "by score": ("blended", Filters(), "", "", "a.blended IS NULL, a.blended DESC, a.id"),
    "by adjusted score": ("adjusted", Filters(), "?sort=adjusted", "", "c.adjusted IS NULL, c.adjusted DESC, a.id"),
    "one region, twice read": (
        "priority",
        Filters(attributes={"region": "north"}, least_reviews=2),
        "?sort=priority&attribute-region=north&least_reviews=2",
        "AND a.attributes ->> 'region' = 'north' AND a.review_count >= 2",
        "a.priority_score IS NULL, a.priority_score DESC, a.id",
    ),
}


def fill(programme: Programme, count: int) -> None:
    """A round with that many applications, all scored, read and calibrated."""
    programme.open_round()
    programme.settle()
    programme.person(STAFF.name)
    random = np.random.default_rng(2)
    priority, review = random.integers(0, 100, count).tolist(), random.uniform(1, 5, count).round(2).tolist()
    people, rows, owners, adjusted = [], [], [], []
    run = new_id()
    for place in range(count):
        person, application = new_id(), new_id()
        people.append(f"{person}\tPerson {place}\tp{place}@example.org\ten\t[]\t1\n")
        rows.append(_row(programme.round_id, application, person, place, priority[place], review[place]))
        owners.append(f"{application}\tOrganisation {place % 3000}\torganisation {place % 3000}\texample.org\t{{}}\n")
        adjusted.append(f"{application}\t{run}\t{review[place]}\t{review[place]}\t0.2\t3\n")
    with programme.units.begin() as uow:
        cursor: Any = uow.session.connection().connection.cursor()
        _copy(cursor, "people (id, name, email, language, roles, sequence)", people)
        _copy(cursor, f"applications ({_COLUMNS})", rows)
        _copy(
            cursor,
            "application_identities (application_id, organisation, organisation_key, email_domain, answers)",
            owners,
        )
        names = (
            "id, round_id, at, by_name, cause, method, note, reviews, fingerprint, reviewers, applications, "
            "disagreements, criteria"
        )
        cells = f"{run}\t{programme.round_id}\t{NOW}\tSam\tasked\tfull\t\t1\tx\t[]\t[]\t[]\t[]\n"
        _copy(cursor, f"calibration_runs ({names})", [cells])
        _copy(cursor, "calibrated_scores (application_id, run_id, raw, adjusted, standard_error, n)", adjusted)
    with programme.units.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


_COLUMNS = (
    "id, round_id, person_id, reference, submitted_at, language, state, stage, visible, attributes, sequence, "
    "priority_score, breakdown, rules_version, review_count, review_mean, review_median, review_spread, flags, blended"
)


def _row(round_id: UUID, application: UUID, person: UUID, place: int, priority: int, review: float) -> str:
    cells = [
        application, round_id, person, f"B-{place:06}", NOW, "en", "in_pool", "received", json.dumps({"why": TEXT}),
        json.dumps({"region": REGIONS[place % 2]}), 1, priority, "[]", 1, place % 4, review, review, 0.5,
        int(place % 50 == 0), round(priority / 2 + (review - 1) * 12.5, 4),
    ]  # fmt: skip
    return "\t".join(map(str, cells)) + "\n"


def _copy(cursor: Any, into: str, lines: list[str]) -> None:
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write("".join(lines))


def bare(programme: Programme, where: str, order: str) -> None:
    """The rows with what the list shows of them, and the count, as somebody would write it in SQL."""
    columns = (
        "a.id, a.reference, a.blended, a.priority_score, a.review_mean, a.review_median, a.review_count, "
        "a.review_spread, a.flags, c.adjusted, p.name, i.organisation"
    )
    narrowed = _FROM.format(where=where)
    with programme.units.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT count(*) {narrowed}", (programme.round_id,)).scalar_one()
        joined = narrowed.replace(
            "WHERE",
            "LEFT JOIN people p ON p.id = a.person_id "
            "LEFT JOIN application_identities i ON i.application_id = a.id WHERE",
        )
        statement = f"SELECT {columns} {joined} ORDER BY {order} LIMIT 51"
        connection.exec_driver_sql(statement, (programme.round_id,)).all()


def ours(programme: Programme, sort: str, filters: Filters) -> None:
    """The use case behind the page and the API."""
    with programme.units.begin(write=False) as uow:
        list_shortlist(uow, programme.round_id, filters, sort)


def measure(size: int, report: Report) -> list[float]:
    """A line for each case; the seconds of the use case."""
    with database() as url:
        migrate(url)
        clock = MovableClock(NOW)
        config = Config(
            database_url=url,
            public_url="http://localhost",
            secret_key="a-secret-of-the-benchmarks-that-is-long-enough",
            identity_public_key=PUBLIC,
        )
        programme = Programme(build(config, clock), clock, PRIVATE)
        fill(programme, size)
        client = programme.client(STAFF.name, "staff")
        seconds = []
        for name, (sort, filters, query, where, order) in CASES.items():
            address = f"/cohorts/staff/rounds/{programme.round_id}/shortlist{query}"
            if client.get(address).status_code != 200:
                raise AssertionError("the page does not answer: nothing was measured")
            works: dict[str, Any] = {
                "ours": lambda sort=sort, filters=filters: ours(programme, sort, filters),
                "bare": lambda where=where, order=order: bare(programme, where, order),
                "page": lambda address=address: client.get(address),
            }
            taken = in_turn(works, REPEATS)
            seconds.append(taken["ours"])
            figures = {f"{key}_ms": value * 1000 for key, value in taken.items()}
            figures["ratio_times"] = taken["ours"] / taken["bare"]
            report.row(name, {**figures, "processor_ms": processor(works["page"]) * 1000}, size)
        programme.units.engine.dispose()
    return seconds


def main(sizes: list[int]) -> None:
    """All sizes, and how the cost grows."""
    report = Report("shortlist", "<= 3x of the bare SQL; page < 50 ms")
    found = [measure(size, report) for size in sizes]
    for name, seconds in zip(CASES, zip(*found, strict=True), strict=True):
        report.growth(name, sizes, seconds)
    report.close()


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or SIZES)
