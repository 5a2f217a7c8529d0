"""`hearth surveys`: surveys of cohorts: see them, publish and close them, and what they found."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

import click

from services.cohorts.cli.inputs import BadInput
from services.cohorts.cli.opening import (
    by_option,
    cohort_of,
    data_option,
    dry_run_option,
    round_option,
    somebody,
    working,
)
from services.cohorts.domain.survey import Question, as_json, read_questions
from services.cohorts.domain.survey_telling import HEADER, lines, tell
from services.cohorts.use_cases.publish_survey import close_survey, publish_survey
from services.cohorts.use_cases.see_surveys import see_results, see_survey
from services.cohorts.use_cases.write_survey import Settings, draft_survey
from shared.spreadsheets import as_csv

_TIMES = ("opens_at", "closes_at")
_SETTINGS = ("title", "intro", "moment", "session_id", "anonymous", "minutes", *_TIMES)


@click.group("surveys")
def surveys() -> None:
    """See surveys and what they found, publish and close them."""


@surveys.command("list")
@data_option
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
@data_option
def show(survey: UUID, data: Path | None) -> None:
    """Print a survey as JSON, as `draft` takes it in."""
    with working(data, write=False) as uow:
        seen = see_survey(uow, survey)
    told: dict[str, Any] = {name: getattr(seen.survey, name) for name in _SETTINGS}
    told |= {name: told[name].isoformat() if told[name] else None for name in _TIMES}
    told["session_id"] = str(told["session_id"]) if told["session_id"] else None
    told["questions"] = [as_json(question) for question in seen.questions]
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))


@surveys.command("draft")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@round_option
@dry_run_option
@data_option
def draft(file: TextIO, slug: str, dry: bool, data: Path | None) -> None:
    """Begin a survey of a round's cohort from FILE (- for standard input): JSON as `show` prints it.

    Nobody is asked until it is published.
    """
    settings, questions = _read(file)
    with working(data, keep=not dry) as uow:
        row = draft_survey(uow, cohort_of(uow, slug).id, settings, questions)
    ended = "would be drafted. This is a dry run: nothing is kept." if dry else f"is drafted: {row.id}"
    click.echo(f"A survey of {len(questions)} questions {ended}")


def _read(file: TextIO) -> tuple[Settings, tuple[Question, ...]]:
    try:
        given = json.load(file)
        settings = {name: given[name] for name in _SETTINGS if given.get(name) is not None}
        settings |= {name: datetime.fromisoformat(settings[name]) for name in _TIMES if name in settings}
        settings |= {name: UUID(settings[name]) for name in ("session_id",) if name in settings}
        questions = read_questions(given.get("questions", ()))
        if any(moment.tzinfo is None for name in _TIMES if (moment := settings.get(name))):
            raise ValueError("a time needs its offset, such as 2027-03-01T23:59:00+00:00")
        return Settings(**settings), questions
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput([f"This is not a survey as `show` prints it: {error}"]) from None


@surveys.command("publish")
@click.argument("survey", type=click.UUID)
@dry_run_option
@by_option
@data_option
def publish(survey: UUID, dry: bool, by: str, data: Path | None) -> None:
    """Fix what it asks, and invite everybody: now, or when it opens."""
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        row = publish_survey(uow, actor, survey, None)
        invited = len(uow.surveys.invited(row.id))
    if dry:
        now = f"{invited} people would be asked now" if invited else "It would open later"
        click.echo(f"{now}. This is a dry run: nothing is kept.")
    else:
        click.echo(
            f"It is published. {invited} people are asked now." if invited else "It is published, and opens later."
        )


@surveys.command("close")
@click.argument("survey", type=click.UUID)
@dry_run_option
@by_option
@data_option
def close(survey: UUID, dry: bool, by: str, data: Path | None) -> None:
    """Close it before its time. Of an anonymous survey, fewer than five answers are deleted."""
    actor = somebody(by)
    with working(data, keep=not dry) as uow:
        row = close_survey(uow, actor, survey, None)
        told = f"{row.answered} of {row.invited} answered."
    click.echo(f"It would be closed. {told} This is a dry run: nothing is kept." if dry else f"It is closed. {told}")


@surveys.command("results")
@click.argument("survey", type=click.UUID)
@click.option("--csv", "as_file", is_flag=True, help="Every count, with all three numbers under it, as CSV.")
@data_option
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
