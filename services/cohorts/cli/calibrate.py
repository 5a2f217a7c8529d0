"""`hearth calibrate`: reviewers' leniency and fair scores, from a file, without a server."""

import math
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from services.cohorts.cli.inputs import BadInput, OfflineCommand, Table, cell, write_json
from services.cohorts.domain.calibration import Calibration, Review, calibrate, calibrate_criteria
from shared.errors import Invalid

FILE = click.Path(path_type=Path)


@click.command("calibrate", cls=OfflineCommand)
@click.option(
    "--reviews", "reviews_file", type=FILE, required=True, help="CSV: reviewer,application,score[,criterion]."
)
@click.option("--json", "json_file", type=FILE, help="Write the answer here (- for standard output).")
def calibrate_command(reviews_file: Path, json_file: Path | None) -> None:
    """Take reviewers' leniency out of scores, and say how sure that is.

    Exit code 0: done, or refused with the reason in `refused`. 1: the input is bad.
    """
    problems: list[str] = []
    reviews = _reviews(Table(reviews_file, problems))
    if problems:
        raise BadInput(problems)
    started = time.perf_counter()
    try:
        found, criteria = calibrate(reviews), calibrate_criteria(reviews)
    except Invalid as error:
        raise BadInput(error.sentences) from None
    seconds = time.perf_counter() - started
    if json_file:
        write_json(json_file, _answer(found, criteria) | {"seconds": round(seconds, 4)})
    _tell(found, err=str(json_file) == "-")


def _reviews(table: Table) -> list[Review]:
    at = {name: table.column(name) for name in ("reviewer", "application", "score", "criterion")}
    missing = [name for name, place in at.items() if place is None and name != "criterion"]
    if missing and not table.problems:
        table.bad(1, f"the header has no column {', '.join(missing)}")
    if missing:
        return []
    seen: dict[tuple[str, str, str], int] = {}
    reviews = []
    for line, cells in table.rows:
        reviewer, application, text, criterion = (cell(cells, at[name]) for name in at)
        score = _number(text)
        if not reviewer or not application:
            table.bad(line, "the reviewer or the application is empty")
        elif score is None:
            table.bad(line, f"the score {text!r} is not a number")
        elif at["criterion"] is not None and not criterion:
            table.bad(line, "the criterion is empty")
        elif (first := seen.setdefault((reviewer, application, criterion), line)) != line:
            table.bad(line, f"{reviewer} has already scored {application} on line {first}")
        else:
            reviews.append(Review(reviewer, application, score, criterion))
    return reviews


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _answer(found: Calibration, criteria: Mapping[str, Calibration]) -> dict[str, Any]:
    answer = _plain(found)
    if criteria:
        answer["criteria"] = [{"criterion": name, **_plain(part)} for name, part in criteria.items()]
    return answer


def _plain(found: Calibration) -> dict[str, Any]:
    plain = asdict(found)
    plain["islands"] = [_plain(island) for island in found.islands]
    return plain


def _tell(found: Calibration, *, err: bool) -> None:
    if found.refused:
        click.echo(f"Refused: {found.refused.message}", err=True)
        return
    click.echo(found.note, err=err)
    click.echo(
        f"{len(found.applications)} applications, {len(found.reviewers)} reviewers. Leniency differs by about "
        f"{found.leniency_sd:.3g} points, one review from another by {found.noise_sd:.3g}.",
        err=err,
    )
    if found.disagreements:
        click.echo(
            f"{len(found.disagreements)} applications to talk about: their reviewers differ more than chance.", err=err
        )
