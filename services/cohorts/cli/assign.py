"""`hearth assign`: who reviews what, from files, without a server."""

import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from services.cohorts.cli.inputs import BadInput, OfflineCommand, Table, cell, write_json
from services.cohorts.domain.assignment import Assignment, assign, rebalance
from shared.errors import Invalid

FILE = click.Path(path_type=Path)
NO_ANSWER = 2


@click.command("assign", cls=OfflineCommand)
@click.option("--applications", "applications_file", type=FILE, required=True, help="CSV: ids in the first column.")
@click.option(
    "--reviewers", "reviewers_file", type=FILE, required=True, help="CSV: ids first; a capacity column, if you like."
)
@click.option("--conflicts", "conflicts_file", type=FILE, help="CSV: application,reviewer.")
@click.option("--affinities", "affinities_file", type=FILE, help="CSV: application,reviewer,value (1 without a value).")
@click.option("--existing", "existing_file", type=FILE, help="CSV: application,reviewer: reviews that stay.")
@click.option("--rebalance", "move", is_flag=True, help="Let existing reviews move, as few as possible.")
@click.option("--per-application", type=click.IntRange(min=1), required=True, help="Reviews for each application.")
@click.option("--max-per-reviewer", type=click.IntRange(min=0), help="The most reviews for anybody.")
@click.option("--json", "json_file", type=FILE, help="Write the answer here (- for standard output).")
def assign_command(
    applications_file: Path,
    reviewers_file: Path,
    conflicts_file: Path | None,
    affinities_file: Path | None,
    existing_file: Path | None,
    move: bool,
    per_application: int,
    max_per_reviewer: int | None,
    json_file: Path | None,
) -> None:
    """Give every application its reviewers: conflicts and limits kept, loads even, the worst served first.

    Exit code 0: done. 1: the input is bad. 2: no assignment exists; the clashes are named.
    """
    problems: list[str] = []
    applications = _ids(Table(applications_file, problems))
    reviewers, capacity = _reviewers(Table(reviewers_file, problems), max_per_reviewer)
    known = (applications, reviewers)
    conflicts = _pairs(conflicts_file, known, problems)
    affinities = _pairs(affinities_file, known, problems)
    existing = _pairs(existing_file, (applications, None) if move else known, problems)
    if problems:
        raise BadInput(problems)
    limits: dict[str, Any] = {
        "per_application": per_application,
        "conflicts": conflicts,
        "affinities": affinities,
        "capacity": capacity,
    }
    started = time.perf_counter()
    try:
        if move:
            found = rebalance(applications, reviewers, existing, **limits).assignment
        else:
            found = assign(applications, reviewers, existing=existing, **limits)
    except Invalid as error:
        raise BadInput([f"{field}: {text}" for field, texts in error.problems.items() for text in texts]) from None
    seconds = time.perf_counter() - started
    if json_file:
        write_json(json_file, _answer(found, seconds))
    _tell(found, seconds, err=str(json_file) == "-")
    if found.clashes:
        raise SystemExit(NO_ANSWER)


def _ids(table: Table) -> dict[str, int]:
    """Ids with their lines."""
    ids: dict[str, int] = {}
    for line, cells in table.rows:
        if not cells[0]:
            table.bad(line, "the id is empty")
        elif cells[0] in ids:
            table.bad(line, f"{cells[0]} is already on line {ids[cells[0]]}")
        else:
            ids[cells[0]] = line
    return ids


def _reviewers(table: Table, most: int | None) -> tuple[dict[str, int], dict[str, int]]:
    ids, capacity = _ids(table), {}
    at = table.column("capacity", "max", "max_reviews")
    for line, cells in table.rows:
        text = cell(cells, at)
        if text and not (text.isascii() and text.isdigit()):
            table.bad(line, f"the capacity {text!r} is not a whole number")
        elif text or most is not None:
            capacity[cells[0]] = min(x for x in (int(text) if text else None, most) if x is not None)
    return ids, capacity


def _pairs(
    path: Path | None, known: tuple[dict[str, int], dict[str, int] | None], problems: list[str]
) -> dict[tuple[str, str], float]:
    """(application, reviewer) with the value of the third column, 1 where there is none."""
    if path is None:
        return {}
    table = Table(path, problems, known[0])
    first, second = table.column("application") or 0, table.column("reviewer")
    second, third = (1 if second is None else second), table.column("value", "affinity")
    if not table.header:
        third = 2
    found: dict[tuple[str, str], float] = {}
    for line, cells in table.rows:
        pair = (cell(cells, first), cell(cells, second))
        for kind, name, ids in zip(("application", "reviewer"), pair, known, strict=True):
            if not name or (ids is not None and name not in ids):
                table.bad(line, f"there is no {kind} {name!r}")
        value = _number(cell(cells, third))
        if value is None:
            table.bad(line, f"{cell(cells, third)!r} is not a number")
        elif found.setdefault(pair, value) != value:
            table.bad(line, f"{pair[0]} and {pair[1]} have another value on a line above")
    return found


def _number(text: str) -> float | None:
    try:
        value = float(text or "1")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _answer(found: Assignment, seconds: float) -> dict[str, Any]:
    return {
        "assignments": [pair._asdict() for pair in found.pairs],
        "load": dict(found.load),
        "total_affinity": found.total_affinity,
        "minimum_affinity": found.minimum_affinity,
        "optimal": found.optimal,
        "seconds": round(seconds, 4),
        "feasible": found.feasible,
        "widened": found.widened,
        "floor_bound": found.floor_bound,
        "total_bound": found.total_bound,
        "notes": list(found.notes),
        "clashes": [asdict(clash) for clash in found.clashes],
    }


def _tell(found: Assignment, seconds: float, *, err: bool) -> None:
    if found.clashes:
        click.echo("No assignment exists.", err=True)
        for clash in found.clashes:
            click.echo(clash.message, err=True)
        return
    proof = "proven best" if found.optimal else "best found, not proven"
    click.echo(
        f"{len(found.pairs)} reviews in {seconds:.2f} s, {found.lowest_load} to {found.highest_load} for a reviewer; "
        f"affinity {found.total_affinity:g} in all and {found.minimum_affinity:g} at least ({proof}).",
        err=err,
    )
    for note in found.notes:
        click.echo(note, err=err)
