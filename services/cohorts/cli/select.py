"""`hearth select` and `hearth draw`: who is chosen, from files, without a server."""

import json
import time
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from services.cohorts.cli.inputs import BadInput, OfflineCommand, write_json
from services.cohorts.domain.lottery.draw import WHOLE, commitment, draw
from services.cohorts.domain.lottery.lottery import Lottery, hold, reasons
from services.cohorts.domain.lottery.public import keeps_promise, read_published
from services.cohorts.domain.selection.choosing import Selection, as_selection, choose, count_values, infeasible
from services.cohorts.domain.selection.csv_files import at_most_one_per, read_pins, read_pool, read_targets
from services.cohorts.domain.selection.pool import Pool
from services.cohorts.domain.selection.problem import state
from services.cohorts.domain.selection.reasons import Explanation, explain
from services.cohorts.domain.selection.targets import Rule
from shared.errors import Invalid

FILE = click.Path(path_type=Path)
NO_ANSWER = 2
EFFORT = 20_000_000
"""Re-solves for reasons times people in the pool: some seconds. Up to 10,000 people that is exact for nearly all."""
NOTHING = "Nothing is maximised: without a score column people are chosen by lot from the seed, within the targets."


@click.command("select", cls=OfflineCommand)
@click.option("--pool", "pool_file", type=FILE, required=True, help="CSV: one row a person.")
@click.option("--targets", "targets_file", type=FILE, required=True, help="CSV: feature,value,min,max[,weight].")
@click.option("--size", type=click.IntRange(min=1), required=True, help="How many to choose.")
@click.option("--id-column", default="id", show_default=True)
@click.option("--score-column", help="Choose the highest total of this column.")
@click.option("--at-most-one-per", "one_per", multiple=True, metavar="COLUMN", help="Such as an organisation.")
@click.option("--pin-in", "pin_in_file", type=FILE, help="Ids, one a line: chosen whatever their score.")
@click.option("--pin-out", "pin_out_file", type=FILE, help="Ids, one a line: not chosen.")
@click.option("--lottery", "aim", type=click.Choice(["maximin", "leximin"]), help="Fair chances, not the best total.")
@click.option("--seed", help="Decides the draw, and ties between equally good choices.")
@click.option("--json", "json_file", type=FILE, required=True, help="Write the answer here (- for standard output).")
def select_command(
    pool_file: Path,
    targets_file: Path,
    size: int,
    id_column: str,
    score_column: str | None,
    one_per: tuple[str, ...],
    pin_in_file: Path | None,
    pin_out_file: Path | None,
    aim: str | None,
    seed: str | None,
    json_file: Path,
) -> None:
    """Choose people under targets: proven best by score, or by a fair lottery, with a reason for everybody.

    Exit code 0: done. 1: the input is bad. 2: the targets cannot be met; what clashes, and the least to relax, is told.
    """
    try:
        pool = read_pool(str(pool_file), _bytes(pool_file), id_column, score_column)
        rules = read_targets(str(targets_file), _bytes(targets_file), pool, size)
        rules += at_most_one_per("--at-most-one-per", one_per, pool)
        pins = {
            "pinned_in": read_pins(str(pin_in_file), _bytes(pin_in_file), pool, id_column) if pin_in_file else (),
            "pinned_out": read_pins(str(pin_out_file), _bytes(pin_out_file), pool, id_column) if pin_out_file else (),
        }
        started = time.perf_counter()
        if aim:
            answer = _lottery(hold(pool, rules, size, aim=aim, seed=seed, **pins), pool, rules)
        else:
            answer = _selection(pool, rules, size, pins, seed or "")
    except Invalid as error:
        raise BadInput(error.sentences) from None
    if score_column is None and aim is None:
        answer["note"] = NOTHING
    answer["seconds"] = round(time.perf_counter() - started, 4)
    write_json(json_file, answer)
    _tell(answer, err=str(json_file) == "-")
    if answer["status"] == "infeasible":
        raise SystemExit(NO_ANSWER)


@click.command("draw", cls=OfflineCommand)
@click.option("--distribution", "file", type=FILE, required=True, help="The JSON that `select --lottery` wrote.")
@click.option("--seed", required=True, help="The public seed.")
@click.option("--json", "json_file", type=FILE, help="Write the ids here (- for standard output).")
def draw_command(file: Path, seed: str, json_file: Path | None) -> None:
    """Replay the draw of a published lottery from its seed: anybody gets the same people."""
    try:
        answer = json.loads(_bytes(file))
        distribution, promised = read_published(answer), answer.get("commitment")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput([f"{file}: this is not the answer of a lottery: {error!r}"]) from None
    if promised and not keeps_promise(seed, promised):
        raise BadInput([f"{file}: this is not the seed that was promised: its SHA-256 is not {promised}."])
    chosen = draw(distribution, seed)
    if json_file:
        write_json(json_file, {"seed": seed, "commitment": commitment(seed), "selected": list(chosen)})
    else:
        click.echo("\n".join(chosen))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput([f"{path}: cannot be read: {error.strerror}"]) from None


def _selection(pool: Pool, rules: list[Rule], size: int, pins: dict[str, tuple[str, ...]], seed: str) -> dict[str, Any]:
    problem = state(pool, rules, size, **pins)
    choice = choose(problem, seed)
    if choice is None:
        return _infeasible(infeasible(problem, seed), seed)
    found = as_selection(choice)
    return {
        "status": found.status,
        "selected": list(found.selected),
        "objective": float(found.objective),
        "bound": float(found.bound),
        "gap": float(found.gap),
        "counts": found.counts,
        "targets": [{"target": tally.rule.label, "count": tally.count} for tally in found.tallies],
        "seed": seed,
        **_explained(explain(choice, effort=min(2_000, EFFORT // len(pool)))),
    }


def _explained(explanation: Explanation) -> dict[str, Any]:
    reasons = {
        person: {
            "code": reason.code,
            "text": reason.text,
            "points": None if reason.points is None else float(reason.points),
            "exact": reason.exact,
            "instead": list(reason.instead),
        }
        for person, reason in explanation.reasons.items()
    }
    prices = [
        {
            "target": price.rule.label,
            "points": float(price.points),
            "comes_in": list(price.comes_in),
            "goes_out": list(price.goes_out),
        }
        for price in explanation.prices
    ]
    return {"reasons": reasons, "prices": prices}


def _infeasible(found: Selection | Lottery, seed: str | None) -> dict[str, Any]:
    steps = found.relaxation.steps if found.relaxation else ()
    return {
        "status": "infeasible",
        "selected": [],
        "objective": None,
        "bound": None,
        "gap": None,
        "counts": {},
        "reasons": {},
        "relaxation": {
            "text": found.relaxation.text if found.relaxation else "",
            "cost": found.relaxation.cost if found.relaxation else 0,
            "steps": [{"text": s.text, "side": s.side, "was": s.was, "now": s.now, "value": s.value} for s in steps],
        },
        "clash": {
            "text": found.clash.text if found.clash else "",
            "targets": [side.text for side in found.clash.sides] if found.clash else [],
        },
        "seed": seed,
    }


def _lottery(found: Lottery, pool: Pool, rules: list[Rule]) -> dict[str, Any]:
    """The chances and, if there was a seed, who was drawn; `counts` is empty before the draw."""
    if found.status == "infeasible":
        return _infeasible(found, found.seed)
    published = found.distribution
    return {
        "status": found.status,
        "lottery": found.aim,
        "selected": list(found.drawn),
        "counts": count_values(pool, rules, _numbers(pool, found.drawn)) if found.drawn else {},
        "reasons": reasons(found),
        "probabilities": dict(found.chances),
        "minimum_probability": found.minimum,
        "minimum_probability_bound": found.bound,
        "gini": found.gini,
        "geometric_mean": found.geometric_mean,
        "impossible": list(found.impossible),
        "whole": WHOLE,
        "sure": list(published.sure),
        "kinds": [list(kind) for kind in published.kinds],
        "panels": [
            {"probability": panel.weight / WHOLE, "weight": panel.weight, "counts": list(panel.counts)}
            for panel in published.panels
        ],
        "seed": found.seed,
        "commitment": None if found.seed is None else commitment(found.seed),
    }


def _numbers(pool: Pool, people: tuple[str, ...]) -> npt.NDArray[np.int64]:
    return np.array([pool.index[person] for person in people], dtype=np.int64)


def _tell(answer: dict[str, Any], *, err: bool) -> None:
    if "note" in answer:
        click.echo(answer["note"], err=err)
    if answer["status"] == "infeasible":
        click.echo(answer["clash"]["text"], err=True)
        click.echo(answer["relaxation"]["text"], err=True)
    elif "lottery" in answer:
        lowest = answer["minimum_probability"]
        click.echo(f"{len(answer['panels'])} panels; everybody's chance is at least {lowest:.4%}.", err=err)
    else:
        click.echo(f"{len(answer['selected'])} chosen, {answer['objective']:g} points, proven best.", err=err)
