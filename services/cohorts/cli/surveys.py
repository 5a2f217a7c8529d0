"""`hearth surveys`: surveys of cohorts: see them, publish and close them, and what they found."""

import json
from pathlib import Path
from uuid import UUID

import click

from services.cohorts.cli.opening import working
from services.cohorts.domain.actor import Actor
from services.cohorts.domain.survey import as_json
from services.cohorts.domain.survey_telling import HEADER, lines, tell
from services.cohorts.use_cases.publish_survey import close_survey, publish_survey
from services.cohorts.use_cases.see_surveys import see_results, see_survey
from shared.spreadsheets import as_csv

COMMAND = Actor(None, "a command")
_data = click.option("--data", type=click.Path(path_type=Path), help="Data directory of the embedded mode.")


@click.group("surveys")
def surveys() -> None:
    """See surveys and what they found, publish and close them."""


@surveys.command("list")
@_data
def listed(data: Path | None) -> None:
    """Print number, moment, state, named or anonymous, answered of invited, end, and name, by tabs."""
    with working(data, write=False) as uow:
        for round_ in uow.rounds.all():
            cohort = uow.cohorts.of_round(round_.id)
            for row in uow.surveys.of_cohort(cohort.id) if cohort else ():
                invited, answered = uow.surveys.counts(row)
                names = "anonymous" if row.anonymous else "named"
                end = f"{row.closes_at:%Y-%m-%dT%H:%MZ}" if row.closes_at else "-"
                cells = (row.id, row.moment, row.state, names, f"{answered}/{invited}", end, row.title)
                click.echo("\t".join(map(str, cells)))


@surveys.command("show")
@click.argument("survey", type=click.UUID)
@_data
def show(survey: UUID, data: Path | None) -> None:
    """Print what a survey asks, as JSON that the API would take."""
    with working(data, write=False) as uow:
        seen = see_survey(uow, survey)
    row = seen.survey
    told = {name: getattr(row, name) for name in ("title", "intro", "moment", "anonymous", "minutes", "state")}
    told |= {name: moment.isoformat() if (moment := getattr(row, name)) else None for name in ("opens_at", "closes_at")}
    told["questions"] = [as_json(question) for question in seen.questions]
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


@surveys.command("publish")
@click.argument("survey", type=click.UUID)
@_data
def publish(survey: UUID, data: Path | None) -> None:
    """Fix what it asks, and invite everybody: now, or when it opens."""
    with working(data) as uow:
        row = publish_survey(uow, COMMAND, survey, None)
        invited = len(uow.surveys.invited(row.id))
    click.echo(f"It is published. {invited} people are asked now." if invited else "It is published, and opens later.")


@surveys.command("close")
@click.argument("survey", type=click.UUID)
@_data
def close(survey: UUID, data: Path | None) -> None:
    """Close it before its time. Of an anonymous survey, fewer than five answers are deleted."""
    with working(data) as uow:
        row = close_survey(uow, COMMAND, survey, None)
    click.echo(f"It is closed. {row.answered} of {row.invited} answered.")


@surveys.command("results")
@click.argument("survey", type=click.UUID)
@click.option("--csv", "as_file", is_flag=True, help="Every count, with all three numbers under it, as CSV.")
@_data
def results(survey: UUID, as_file: bool, data: Path | None) -> None:
    """Print what a survey found. What could lead to a person in an anonymous one is kept back."""
    with working(data, write=False) as uow:
        found = see_results(uow, survey)
    if as_file:
        click.echo(as_csv(HEADER, lines(found)).decode("utf-8-sig"), nl=False)
        return
    answered = "fewer than five" if found.answered is None else found.answered
    click.echo(f"{found.invited} invited, {answered} answered.")
    for told in tell(found):
        click.echo(f"\n{told.found.question.text}\n  {told.asked_of}\n  {told.takeaway}")
        for label, count, of_invited, of_answered, of_asked in told.rows:
            click.echo(f"  {label}\t{count}\t{of_asked} asked\t{of_answered} answered\t{of_invited} invited")
        for text in told.found.texts:
            click.echo(f"  > {text}")
