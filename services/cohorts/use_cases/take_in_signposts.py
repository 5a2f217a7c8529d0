"""Take the directory of help in from a table, and write it out as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.cohorts.domain.signpost_file import COLUMNS, TEXTS, BadRow, SignpostRow, read_signposts
from services.cohorts.storage.tables import Signpost
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_signposts import AGAIN, Entry, keep_signpost
from shared.errors import Invalid
from shared.spreadsheets import Cell


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a table's lines: new entries and changed ones by title, how many were so already, bad lines."""

    added: list[str]
    changed: list[str]
    same: int
    bad: list[BadRow]


def export_signposts(uow: CohortsUnit) -> tuple[Sequence[str], list[list[Cell]]]:
    """The whole directory as a heading and rows for a table, with who keeps each entry: for staff."""
    rows = uow.signposts.all()
    return COLUMNS, [[str(row.id), *_texts(row).values(), row.review_on.isoformat()] for row in rows]


def take_in_signposts(uow: CohortsUnit, text: str) -> TakenIn:
    """Add the lines without a known entry, and change the others. Lines that cannot be used are told; the rest is kept.

    A line is about an entry that it names by `id`, or else by the same title and topic. Entries that the table does not
    name stay. A line without a day to look again gets one in half a year.

    Raises:
        Invalid: for `file`, when it is no such table.
    """
    rows, bad = read_signposts(text)
    found = TakenIn([], [], 0, bad)
    by_id = {row.id: row for row in uow.signposts.all()}
    by_name = {_name(row.topic, row.title): row for row in by_id.values()}
    same = 0
    for line in rows:
        known = by_id.get(line.id) if line.id else by_name.get(_name(line.texts["topic"], line.texts["title"]))
        if line.id and known is None:
            bad.append(BadRow(line.line, f"There is no entry {line.id}. Leave it empty for a new one."))
        elif known is not None and _texts(known) == line.texts and line.review_on in (None, known.review_on):
            same += 1
        elif (row := _keep(uow, line, known, bad)) is not None:
            by_name[_name(row.topic, row.title)] = row
            (found.changed if known else found.added).append(row.title)
    return TakenIn(found.added, found.changed, same, sorted(bad, key=lambda each: each.line))


def _keep(uow: CohortsUnit, line: SignpostRow, known: Signpost | None, bad: list[BadRow]) -> Signpost | None:
    day = line.review_on or (known.review_on if known and known.review_on > uow.now.date() else uow.now.date() + AGAIN)
    try:
        return keep_signpost(uow, Entry(**line.texts, review_on=day), known.id if known else None)
    except Invalid as error:
        said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.problems.items())
        bad.append(BadRow(line.line, said))
        return None


def _texts(row: Signpost) -> dict[str, str]:
    return {name: getattr(row, name) for name in TEXTS}


def _name(topic: str, title: str) -> tuple[str, str]:
    return topic.strip().casefold(), title.strip().casefold()
