"""`hearth rules`: a round's priority rules checked, tried, published, and everybody scored again."""

from pathlib import Path
from typing import Any

import click

from services.applications.cli.opening import by_option, data_option, named, opened, round_option, working
from services.applications.cli.score import load_form
from services.applications.cli.score_rows import BadFile
from services.applications.domain.priority import parse_rules
from services.applications.storage.tables import RescoreRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.compare_rules import WhatIf, compare_rules
from services.applications.use_cases.publish_rules import publish_again, publish_rules
from services.applications.use_cases.rescore_round import advance
from services.applications.use_cases.rules_text import read_rules_text, rules_json, rules_yaml
from shared.errors import Invalid
from shared.unit_of_work import Units

_INPUT = click.Path(exists=True, dir_okay=False, path_type=Path)
_rules_argument = click.argument("path", type=_INPUT, metavar="FILE")


@click.group("rules")
def rules() -> None:
    """A round's priority rules: list, show, check, what-if, publish, rescore."""


@rules.command("list")
@round_option
@data_option
def listed(slug: str, data: Path | None) -> None:
    """Print each version, "in force" or a dash, its day, who published it and why, newest first, by tabs."""
    with working(data, write=False) as uow:
        round_ = uow.rounds.by_slug(slug)
        for row in uow.rules.versions(round_.id):
            state = "in force" if row.version == round_.rules_version else "-"
            reason = " ".join(row.reason.split())
            click.echo(f"{row.version}\t{state}\t{row.published_at:%Y-%m-%d}\t{row.published_by}\t{reason}")


@rules.command("show")
@round_option
@click.option("--version", type=int, help="Without it: the one in force.")
@click.option("--format", "kind", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
@data_option
def show(slug: str, version: int | None, kind: str, data: Path | None) -> None:
    """Print a version of the rules, as a file that can be changed and published."""
    with working(data, write=False) as uow:
        round_ = uow.rounds.by_slug(slug)
        definition = uow.rules.version(round_.id, round_.rules_version if version is None else version).definition
    click.echo(rules_yaml(definition) if kind == "yaml" else rules_json(definition), nl=False)


@rules.command("check")
@_rules_argument
@click.option("--round", "slug", help="The round whose form the rules are for.")
@click.option("--form", "form_path", type=_INPUT, help="Or the form itself, as a file. Needs no database.")
@data_option
def check(path: Path, slug: str | None, form_path: Path | None, data: Path | None) -> None:
    """Say what is wrong with the rules in FILE, by their place. With neither --round nor --form: but for the form."""
    if slug and form_path:
        raise click.UsageError("Give --round or --form, not both.")
    try:
        definition = _read(path)
        form = load_form(form_path) if form_path else None
        if slug:
            with working(data, write=False) as uow:
                round_ = uow.rounds.by_slug(slug)
                form = uow.rounds.form(round_.id, round_.form_version)
        parse_rules(definition, form)
    except BadFile as error:
        raise click.ClickException(str(error)) from None
    except Invalid as error:
        raise _said(path, error) from None
    click.echo(f"{path.name}: {len(definition.get('rules', []))} rules. Nothing is wrong.")


@rules.command("what-if")
@_rules_argument
@round_option
@click.option("--places", type=click.IntRange(1, 100_000), required=True, help="How many are chosen, say.")
@data_option
def what_if(path: Path, slug: str, places: int, data: Path | None) -> None:
    """Say who would come into the first places by the rules in FILE, who would leave, and how the shares move.

    By tabs: each person's reference with score and rank before and after, then each attribute and value with how many
    have it of all, and among the first places before and after. Nothing is kept.
    """
    with working(data, write=False) as uow:
        found = compare_rules(uow, uow.rounds.by_slug(slug), _read(path), places)
    _tell(found)


def _tell(found: WhatIf) -> None:
    comparison = found.comparison
    click.echo(f"{comparison.changed} of {found.total} have another score.", err=True)
    if comparison.on_the_line:
        click.echo(f"{comparison.on_the_line} share the last rank, and not all of them fit.", err=True)
    for sign, group in (("in", comparison.came), ("out", comparison.went)):
        for one in group:
            scores = (one.score_before, one.rank_before, one.score_after, one.rank_after)
            click.echo("\t".join(map(str, (sign, found.references.get(one.id, one.id), *scores))))
    for share in found.shares:
        value = found.labels.get(share.attribute, {}).get(share.value, share.value) or "not given"
        name = found.names[share.attribute]
        click.echo(f"share\t{name}\t{value}\t{share.everybody}\t{share.before}\t{share.after}")


@rules.command("publish")
@_rules_argument
@round_option
@click.option("--reason", required=True, help="Why. Anybody can read it beside the rules.")
@by_option
@data_option
def publish(path: Path, slug: str, reason: str, by: str, data: Path | None) -> None:
    """Publish the rules in FILE as the next version of a round's, and score every application by them.

    The old scores stay in force until all the new ones are worked out, and are kept. If it is stopped, the worker goes
    on where it was.
    """
    definition = _read(path)
    with opened(data) as units:
        with units.begin() as uow:
            row = publish_rules(uow, uow.rounds.by_slug(slug).id, definition, reason, named(by))
        _carry_out(units, row)


@rules.command("rescore")
@round_option
@click.option("--reason", required=True, help="Why. Anybody can read it beside the rules.")
@by_option
@data_option
def rescore(slug: str, reason: str, by: str, data: Path | None) -> None:
    """Score every application again by the rules in force, as a version of its own: the old scores are kept."""
    with opened(data) as units:
        with units.begin() as uow:
            row = publish_again(uow, uow.rounds.by_slug(slug).id, reason, named(by))
        _carry_out(units, row)


def _carry_out(units: Units[ApplicationsUnitOfWork], row: RescoreRow) -> None:
    round_id, version = row.round_id, row.rules_version
    while row.state != "done":
        with units.begin() as uow:
            row = advance(uow, round_id, version)
        click.echo(f"{row.done} of {row.total} applications scored by version {version}", err=True)
    click.echo(f"Version {version} is in force.")


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_rules_text(path.read_text(encoding="utf-8-sig", errors="replace"))
    except Invalid as error:
        raise _said(path, error) from None


def _said(path: Path, error: Invalid) -> click.ClickException:
    lines = (f"{path.name}: {at}: {text}" for at, texts in error.problems.items() for text in texts)
    return click.ClickException("\n".join(lines))
