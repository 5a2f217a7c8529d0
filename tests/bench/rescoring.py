"""A whole round scored again and stored, against the same arithmetic in bare numpy and COPY of the same rows.

Ours reads the answers from PostgreSQL, keeps the old scores, puts the new ones in force, and queues the events; the
bare way begins with arrays in memory and ends with the rows. `python -m tests.bench.rescoring [sizes]`.
"""

import json
import sys
from typing import Any
from uuid import UUID

import numpy as np

from services.applications.use_cases.publish_rules import publish_again
from services.applications.use_cases.rescore_round import advance
from tests.applications.parts import Applications
from tests.bench.messaging import database
from tests.bench.reporting import Report
from tests.bench.rounds import NOW, answers, applications, in_turn

SIZES = [1_000, 10_000, 100_000]
_NAMES = [
    *("lived_experience", "organisation_size", "outside_london", "first_programme"),
    *(f"rule_{n}" for n in range(5, 11)),
]


_BARE_TABLE = (
    "CREATE TABLE bare_scores (application_id uuid, rules_version integer, score double precision, breakdown jsonb, "
    "scored_at timestamptz, PRIMARY KEY (application_id, rules_version))"
)


def rescore(service: Applications, round_id: UUID) -> None:
    """Publish the rules again and take every step."""
    with service.units.begin() as uow:
        version = publish_again(uow, round_id, "Measured.", "bench").rules_version
    state = ""
    while state != "done":
        with service.units.begin() as uow:
            state = advance(uow, round_id, version).state


def points_of(given: dict[str, Any]) -> Any:
    """The arithmetic as somebody would write it for just these rules: int32 (n, 10)."""
    income, place, role = given["income"], given["postcode"], given["role"]
    points = np.empty((len(income), 10), dtype=np.int32, order="F")
    points[:, 0] = (given["direct"] & given["activated"]) * 40
    points[:, 1] = np.where(income < 100_000, 30, np.where(income < 1_000_000, 20, 0))
    points[:, 2] = ~np.isin(place, (1, 6)) * 20
    points[:, 3] = (given["training"] == 0) * 10
    points[:, 4] = ((income < 500_000) & (role == 0)) * 6
    points[:, 5] = (place == 2) * 5
    points[:, 6] = np.where(role == 0, 4, np.where(role == 2, 2, 0))
    points[:, 7] = (income < 5_000) * 3
    points[:, 8] = (given["direct"] | (role == 2)) * 2
    points[:, 9] = given["direct"] * 1
    return points


def bare(service: Applications, ids: list[UUID], given: dict[str, Any]) -> None:
    """Bare numpy, and COPY of the results into a table of the same shape."""
    points = points_of(given)
    totals = points.sum(axis=1).tolist()
    with service.units.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE bare_scores")
        cursor: Any = connection.connection.cursor()
        with cursor.copy("COPY bare_scores FROM STDIN") as copy:
            for id, total, row in zip(ids, totals, points.tolist(), strict=True):
                lines = [{"id": name, "points": worth} for name, worth in zip(_NAMES, row, strict=True)]
                copy.write(f"{id}\t1\t{total}\t{json.dumps(lines)}\t{NOW}\n")


def measure(size: int, repeats: int) -> dict[str, float]:
    """Median seconds of both, and their ratio. The two must agree on every score."""
    with database() as url:
        service, round_id = applications(url, size)
        with service.units.engine.begin() as connection:
            connection.exec_driver_sql(_BARE_TABLE)
            found = connection.exec_driver_sql("SELECT id FROM applications ORDER BY reference")
            ids = [row[0] for row in found]
        given = answers(size)
        rescore(service, round_id)
        with service.units.begin(write=False) as uow:
            alike = uow.rescoring.alike(round_id, uow.rounds.get(round_id).rules_version)
            scores = {id: each.score for each in alike for id in each.applications}
        if [scores[id] for id in ids] != points_of(given).sum(axis=1).tolist():
            raise AssertionError("the two disagree: nothing was measured")
        works = {"ours": lambda: rescore(service, round_id), "bare": lambda: bare(service, ids, given)}
        taken = in_turn(works, repeats)
        service.units.engine.dispose()
    return {**taken, "ratio": taken["ours"] / taken["bare"]}


def main(sizes: list[int], repeats: int = 5) -> None:
    """A line for each size, and how the cost grows."""
    report = Report("rescoring", "<= 5x of bare numpy and COPY")
    seconds = []
    for size in sizes:
        taken = measure(size, repeats)
        seconds.append(taken["ours"])
        figures = {"ours_s": taken["ours"], "bare_s": taken["bare"], "ratio_times": taken["ratio"]}
        report.row("applications scored again and stored", figures, size)
    report.growth("rescoring", sizes, seconds)
    report.close()


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or SIZES)
