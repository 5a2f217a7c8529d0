"""What the offline commands share: files read row by row, bad rows told with their lines, answers written as JSON."""

import csv
import json
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

TOLD_AT_MOST = 20


class BadInput(click.ClickException):
    """Rows or files that cannot be used: exit code 1."""

    exit_code = 1

    def __init__(self, problems: Sequence[str]) -> None:
        told = list(problems[:TOLD_AT_MOST])
        if len(problems) > TOLD_AT_MOST:
            told.append(f"... and {len(problems) - TOLD_AT_MOST} more")
        super().__init__("\n".join(told))


class OfflineCommand(click.Command):
    """A command whose exit code 2 means "there is no answer", so a wrong option is 1 like other bad input."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        try:
            return super().make_context(*args, **options)
        except click.UsageError as error:
            raise BadInput([error.format_message()]) from None


class Table:
    """A CSV file whose first line may be a header: rows of cells with their line numbers, problems collected."""

    def __init__(self, path: Path, problems: list[str], known: Container[str] = ()) -> None:
        """`known`: ids that may stand in the first column; a first line with one of them is no header."""
        self.path, self.problems = path, problems
        rows = list(self._read())
        self.header: list[str] = []
        if rows and rows[0][1][0] not in known and not _looks_like_data([cells for _, cells in rows[:2]]):
            self.header = [cell.lower() for cell in rows.pop(0)[1]]
        self.rows = rows
        if not rows:
            self.bad(1, "there are no rows")

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        try:
            with self.path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.reader(file)
                for cells in reader:
                    if any(cell.strip() for cell in cells):
                        yield reader.line_num, [cell.strip() for cell in cells]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.problems.append(f"{self.path}: cannot be read: {error}")

    def bad(self, line: int, what: str) -> None:
        self.problems.append(f"{self.path}, line {line}: {what}")

    def column(self, *names: str) -> int | None:
        """Where the first of these names stands in the header, if it does."""
        return next((self.header.index(name) for name in names if name in self.header), None)


def cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _looks_like_data(first_two: Sequence[Sequence[str]]) -> bool:
    """A first line is a header, unless its first cell has the shape of the id under it: A001 over A002, say."""
    if len(first_two) < 2:
        return False
    above, below = (re.sub(r"[0-9]+", "9", re.sub(r"[^\W\d]+", "a", cells[0])) for cells in first_two)
    return above == below and "9" in above


def write_json(path: Path, answer: Mapping[str, Any]) -> None:
    """To a file, or to standard output for `-`."""
    text = json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput([f"{path}: cannot be written: {error}"]) from None
