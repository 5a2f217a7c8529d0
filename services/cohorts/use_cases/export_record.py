"""Hand the decision record to a funder or an ombudsman: whole, readable, and checkable without us."""

from uuid import UUID

from services.cohorts.domain import record_file
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.spreadsheets import Cell

COLUMNS = ("position", "at", "actor", "action", "detail", "seal")


def export_record(uow: CohortsUnit, round_id: UUID | None) -> str:
    """The record as `hearth verify-record --file` reads it; other rounds' entries as their seals alone."""
    if round_id is not None:
        uow.rounds.get(round_id)
    return "".join(record_file.write(uow.record.links(), uow.record.head(), round_id))


def record_rows(uow: CohortsUnit, round_id: UUID) -> list[list[Cell]]:
    """The round's entries, the oldest first, as the rows of `COLUMNS`."""
    uow.rounds.get(round_id)
    entries = reversed(uow.record.of_round(round_id, limit=None))
    return [[e.position, e.at, e.actor, e.action, _words(e.detail), e.hash] for e in entries]


def _words(detail: dict[str, object]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in sorted(detail.items()))
