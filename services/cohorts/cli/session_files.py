"""Sessions as files and options have them: what each says, and how it comes again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import click
import yaml
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from services.cohorts.domain.series import UNITS, Repeat
from services.cohorts.domain.session import JOINING
from services.cohorts.storage.tables import Cohort
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.session_plan import Plan
from shared.errors import Invalid

LONGEST = 200_000
MOST = 50
_REPEATING = ("count", "every", "unit", "without")


class SessionFileSchema(Schema):
    """One session of a file, or the first of a series when `count` is above 1. `start` is wall time in `zone`."""

    class Meta:
        """A name that is not known is a mistake in typing."""

        unknown = RAISE

    title = fields.String(required=True)
    purpose = fields.String()
    facilitator = fields.String()
    start = fields.NaiveDateTime(
        required=True, error_messages={"invalid": "Write the day and the time on the wall, such as 2027-03-02T18:30."}
    )
    minutes = fields.Integer(required=True)
    zone = fields.String()
    fold = fields.Integer(validate=validate.OneOf([0, 1]))
    place = fields.String()
    link = fields.String()
    access_notes = fields.String()
    joining = fields.String(validate=validate.OneOf(JOINING))
    capacity = fields.Integer()
    group = fields.String()
    count = fields.Integer()
    every = fields.Integer()
    unit = fields.String(validate=validate.OneOf(UNITS))
    without = fields.List(fields.Date())


@dataclass(frozen=True)
class Wanted:
    """One session or series. `place` is where it stands, for messages: "line 4"."""

    place: str
    values: Mapping[str, Any]
    repeat: Repeat
    group: str

    def plan(self, uow: CohortsUnit, cohort: Cohort) -> Plan:
        """The session for this cohort: in its zone, unless another is named. Raises Invalid for a group it lacks."""
        found = [row.id for row in uow.groups.of_cohort(cohort.id) if row.name.casefold() == self.group.casefold()]
        if self.group and not found:
            raise Invalid({"group": [f"There is no group “{self.group}” in this cohort."]})
        return Plan(**{"zone": cohort.zone, **self.values}, group_id=found[0] if self.group else None)


def read_sessions(text: str) -> list[Wanted]:
    """The sessions in a YAML or JSON text: one, or a list of them.

    Raises:
        click.ClickException: with the line of everything that cannot be used.
    """
    found, problems = [], []
    for line, values in _entries(text):
        try:
            found.append(wanted(values, f"line {line}"))
        except ValidationError as error:
            problems += [f"Line {line}, {name}: {said}" for name, said in _said(error.messages)]
    if problems:
        raise click.ClickException("\n".join(problems))
    return found


def wanted(values: Mapping[str, Any], place: str) -> Wanted:
    """One session from its named values; those that are empty count as not given. Raises marshmallow's error."""
    given = SessionFileSchema().load({name: value for name, value in values.items() if value not in (None, "", ())})
    repeat = {name: given.pop(name) for name in _REPEATING if name in given}
    without: list[date] = repeat.pop("without", [])
    return Wanted(
        place, given, Repeat(**{"count": 1, **repeat}, without=frozenset(without)), given.pop("group", "").strip()
    )


def from_options(values: Mapping[str, Any]) -> Wanted:
    """One session from a command's options. Raises click's error, which names the option."""
    try:
        return wanted(values, "")
    except ValidationError as error:
        said = (f"--{name.replace('_', '-')}: {text}" for name, text in _said(error.messages))
        raise click.ClickException("\n".join(said)) from None


def _entries(text: str) -> list[tuple[int, dict[str, Any]]]:
    """Each session with the line that it begins on. Every value is text: 18:30 is no number here, as YAML has it."""
    if len(text) > LONGEST:
        raise click.ClickException(f"This file is too long: it may have at most {LONGEST:,} characters.")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.BaseLoader)):
            raise click.ClickException("Write out what & and * stand for: this file may not use them.")
        root = yaml.compose(text, yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = f" Look at line {error.problem_mark.line + 1}." if error.problem_mark else ""
        raise click.ClickException(f"This is not readable YAML or JSON.{line}") from None
    except (yaml.YAMLError, RecursionError, TypeError, ValueError):
        raise click.ClickException("This is not readable YAML or JSON.") from None
    nodes: list[Any] = root.value if isinstance(root, yaml.SequenceNode) else [root]
    if not 1 <= len(nodes) <= MOST or not all(isinstance(node, yaml.MappingNode) and node.value for node in nodes):
        raise click.ClickException(
            f"Write a session, or a list of up to {MOST}: each begins with names such as title:."
        )
    return [(node.start_mark.line + 1, _plain(node)) for node in nodes]


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(name.value): _plain(value) for name, value in node.value}
    return [_plain(each) for each in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def _said(messages: Any) -> Iterator[tuple[str, str]]:
    """Each field of marshmallow's messages, and what is wrong with it, whatever the depth."""
    for name, said in messages.items():
        texts = said.values() if isinstance(said, dict) else [said]
        yield str(name), " ".join(part for text in texts for part in (text if isinstance(text, list) else [str(text)]))
