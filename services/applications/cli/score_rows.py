"""Reads the CSV file of `hearth score`: each row becomes facts, or a line number and a reason."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.applications.domain.conditions import Fact, Variable
from services.applications.domain.forms.facts import facts_of_question
from services.applications.domain.forms.kinds import REGION_SUFFIX, Kind
from services.applications.domain.forms.model import Form, Question
from services.applications.domain.forms.values import read_value
from services.applications.domain.text import Text, tidy_line

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_NOT_ANSWERED = frozenset({"", "no", "false", "0"})
_KINDS = {Fact.NUMBER: Kind.NUMBER, Fact.DATE: Kind.DATE}

ReadCell = Callable[[str], Mapping[str, object]]


class BadFile(Exception):
    """The file as a whole cannot be used; the text says why."""


class BadRow(Exception):
    """One row cannot be used; the text says why."""


@dataclass(frozen=True)
class Row:
    """A readable row: the application's id and its facts by name."""

    id: str
    facts: dict[str, object]


def read_rows(
    path: Path, scope: Mapping[str, Variable], form: Form | None = None
) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return the readable rows, and (line, reason) of the others. Raises BadFile, OSError.

    `scope` says what the rules look at; with a `form` its own questions say how a cell is read.
    """
    rows: list[Row] = []
    refused: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _cells(path, csv.reader(file, strict=True))
        header = [tidy_line(name) for name in next(lines, (0, []))[1]]
        cells = _cell_readers(path, header, scope, form)
        for line, row in lines:
            try:
                rows.append(_row(header, row, cells, seen, line))
            except BadRow as bad:
                refused.append((line, str(bad)))
    return rows, refused


def _cells(path: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which the row begins, cells), without empty rows."""
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1  # type: ignore[attr-defined]  # csv.reader objects have it
    except (csv.Error, UnicodeDecodeError) as problem:
        what = (
            "is not UTF-8: save it as “CSV UTF-8”"
            if isinstance(problem, UnicodeDecodeError)
            else f"is broken: {problem}"
        )
        raise BadFile(f"{path.name}:{line}: the file {what}.") from problem


def _cell_readers(
    path: Path, header: list[str], scope: Mapping[str, Variable], form: Form | None
) -> list[tuple[int, ReadCell]]:
    """Return (column, reader) for each name that the rules look at. Raises BadFile naming every missing column."""
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    absent = [name for name in ("id", *scope) if not _sources(name, header)]
    if doubled or absent:
        parts = ["It has the column " + ", ".join(doubled) + " twice."] if doubled else []
        parts += ["It needs the column " + ", ".join(absent) + "."] if absent else []
        raise BadFile(f"{path.name} cannot be scored. {' '.join(parts)}")
    readers = [(header.index(_sources(name, header)[0]), _reader(name, header, scope, form)) for name in scope]
    return readers


def _sources(name: str, header: list[str]) -> list[str]:
    """Return the columns that can tell `name`: its own, or that of the postcode whose region it is."""
    return [column for column in (name, name.removesuffix(REGION_SUFFIX)) if column in header]


def _reader(name: str, header: list[str], scope: Mapping[str, Variable], form: Form | None) -> ReadCell:
    if name not in header:
        return _question_reader(Question(name.removesuffix(REGION_SUFFIX), Kind.POSTCODE, _label(name)), form)
    variable = scope[name]
    if form is not None and name in form.questions and variable.fact is not Fact.ANSWERED:
        return _question_reader(form.questions[name], form)
    if variable.fact in _KINDS:
        return _question_reader(Question(name, _KINDS[variable.fact], _label(name), decimals=6), None)
    return _plain_reader(name, variable)


def _label(name: str) -> Text:
    return Text({"en": name})


def _question_reader(question: Question, form: Form | None) -> ReadCell:
    question = form.questions.get(question.id, question) if form else question
    wanted = set(question.variables)

    def read(cell: str) -> Mapping[str, object]:
        raw = cell.split(";") if question.kind is Kind.MANY_CHOICES else [cell]
        value, problem = read_value(question, raw)
        if problem:
            raise BadRow(f"{question.id}: {problem}")
        return {name: fact for name, fact in facts_of_question(question, value).items() if name in wanted}

    return read


def _plain_reader(name: str, variable: Variable) -> ReadCell:
    def read(cell: str) -> Mapping[str, object]:
        value = tidy_line(cell)
        if variable.fact is Fact.ANSWERED:
            return {} if value.casefold() in _NOT_ANSWERED else {name: True}
        values = [part for part in map(tidy_line, value.split(";")) if part] if variable.fact is Fact.MANY else [value]
        for one in filter(None, values):
            if variable.options is not None and one not in variable.options:
                raise BadRow(f"{name}: “{one}” is not one of: {', '.join(sorted(variable.options))}.")
        return {} if not any(values) else {name: values if variable.fact is Fact.MANY else value}

    return read


def _row(header: list[str], row: list[str], cells: list[tuple[int, ReadCell]], seen: dict[str, int], line: int) -> Row:
    if len(row) != len(header):
        raise BadRow(f"It has {len(row)} cells where the first line has {len(header)}.")
    application = tidy_line(row[header.index("id")])
    if not application:
        raise BadRow("It has no id.")
    if application.startswith(FORMULA_SIGNS):
        raise BadRow(f"The id “{application}” begins like a formula: a spreadsheet could run it.")
    if application in seen:
        raise BadRow(f"The id “{application}” is already on line {seen[application]}.")
    seen[application] = line
    facts: dict[str, object] = {}
    for column, read in cells:
        facts.update(read(row[column]))
    return Row(application, facts)
