"""`hearth score`: the published rules applied to a CSV file of answers, without a server, so that anyone can check."""

import csv
import sys
from pathlib import Path

import click
import yaml

from services.applications.cli.score_rows import BadFile, Row, read_rows
from services.applications.domain.forms import Form, parse_form
from services.applications.domain.priority import Rules, Scores, parse_rules, ranks, score
from shared.errors import Invalid

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("score")
@click.option("--rules", "rules_path", required=True, type=_INPUT, help="The priority rules, as YAML or JSON.")
@click.option("--applications", "rows_path", required=True, type=_INPUT, help="CSV with a column id and the answers.")
@click.option("--out", "out_path", required=True, type=click.Path(dir_okay=False, path_type=Path), help="CSV to write.")
@click.option("--form", "form_path", type=_INPUT, help="The round's form: its choices are then checked as well.")
def score_command(rules_path: Path, rows_path: Path, out_path: Path, form_path: Path | None) -> None:
    """Score applications offline by a round's priority rules.

    The result has the columns id, score and rank, and one for every rule and cap, which add up to the score. Several
    choices in one cell are parted by ";". Where the rules speak of <name>_region, a column <name> of postcodes will
    do. Rows that cannot be read are reported with their line, and the rest are scored.

    Ends with 0 when every row was scored, 1 when the rules, the form, the file or a row could not be read.
    """
    try:
        rules = load_rules(rules_path, form_path)
        rows, refused = read_rows(rows_path, rules.scope, load_form(form_path) if form_path else None)
        for line, reason in refused:
            click.echo(f"{rows_path.name}:{line}: {reason}", err=True)
        write_scores(out_path, rows, score(rules, [row.facts for row in rows]))
    except (BadFile, OSError) as problem:
        click.echo(f"hearth score: {problem}", err=True)
        sys.exit(1)
    click.echo(f"{len(rows)} scored, {len(refused)} refused. Written to {out_path}.", err=True)
    sys.exit(1 if refused else 0)


def load_rules(path: Path, form_path: Path | None = None) -> Rules:
    """Return the rules in a file, checked against the form in `form_path` if given. Raises BadFile."""
    form = load_form(form_path) if form_path else None
    try:
        return parse_rules(_load(path), form)
    except Invalid as invalid:
        raise BadFile(_listed(path, invalid)) from invalid


def load_form(path: Path) -> Form:
    """Return the form in a file. Raises BadFile."""
    try:
        return parse_form(_load(path))
    except Invalid as invalid:
        raise BadFile(_listed(path, invalid)) from invalid


def _load(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise BadFile(f"{path} is not readable YAML or JSON: {problem}") from problem


def _listed(path: Path, invalid: Invalid) -> str:
    lines = [f"{path.name}: {place}: {reason}" for place, reasons in invalid.problems.items() for reason in reasons]
    return "\n".join([invalid.message, *lines])


def write_scores(path: Path, rows: list[Row], scores: Scores) -> None:
    """Write the scored rows, best first, rows of equal rank as they came. The file appears whole or not at all."""
    places = ranks(scores, [row.id for row in rows])
    order = sorted(range(len(rows)), key=lambda row: int(places[row]))
    header = ["id", "score", "rank", *(rule.id for rule in scores.rules.rules), *(cap.id for cap in scores.rules.caps)]
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in order:
            points, caps = scores.points[row].tolist(), scores.caps[row].tolist()
            writer.writerow([rows[row].id, int(scores.totals[row]), int(places[row]), *points, *caps])
    partial.replace(path)
