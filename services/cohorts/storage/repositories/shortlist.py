"""The shortlist in the database: a page of it in some order, how it spreads, and what staff noted on it. Staff only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, func, or_, select
from sqlalchemy.orm import defer

from services.cohorts.storage.repositories.applications import IN_POOL
from services.cohorts.storage.repositories.base import Repository, batches
from services.cohorts.storage.tables import (
    Application,
    CalibratedScore,
    CalibrationRun,
    CaseMark,
    SavedView,
    ShortlistMark,
)

SORTS: dict[str, tuple[Any, bool]] = {
    "blended": (Application.blended, True),
    "priority": (Application.priority_score, True),
    "adjusted": (CalibratedScore.adjusted, True),
    "review": (Application.review_mean, True),
    "median": (Application.review_median, True),
    "reviews": (Application.review_count, False),
    "spread": (Application.review_spread, True),
    "flags": (Application.flags, True),
    "reference": (Application.reference, False),
}
"""Orders of the shortlist: the column, and whether the highest comes first."""

MEASURES: dict[str, Any] = {
    "blended": Application.blended,
    "priority": Application.priority_score,
    "review": Application.review_mean,
    "adjusted": CalibratedScore.adjusted,
}
"""What can be drawn as a distribution."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a shortlist is narrowed to. `attributes` maps an attribute to the value wanted."""

    attributes: dict[str, str] = field(default_factory=dict)
    least_reviews: int | None = None
    flagged: bool = False
    stage: str | None = None
    text: str = ""
    least_priority: float | None = None
    least_score: float | None = None
    disagreement: bool = False
    marked: bool = False
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An application with its calibrated score, if it has one."""

    application: Application
    calibrated: CalibratedScore | None

    def key(self, sort: str) -> Any:
        """What an order sorts it by."""
        if sort == "adjusted":
            return self.calibrated.adjusted if self.calibrated else None
        return getattr(self.application, SORTS[sort][0].key)


After = tuple[Any, str]


_CONTESTED = or_(CaseMark.closed_at.is_(None), CaseMark.outcome.in_(("upheld", "partly")))


class Shortlist(Repository):
    """Pages and pictures of a round's pool, marks and saved views."""

    def page(self, round_id: UUID, filters: Filters, sort: str, after: After | None, limit: int) -> list[Line]:
        """Up to `limit` rows after the sort keys (value, id) of another page's last row."""
        column, highest_first = SORTS[sort]
        found: list[Line] = []
        if after is None or after[0] is not None:
            order = column.desc() if highest_first else column.asc()
            where = [column.is_not(None), *([_beyond(column, highest_first, after)] if after else [])]
            found = self._lines(round_id, filters, where, [order, Application.id], limit)
        if len(found) < limit:
            # What has no figure yet comes last, whichever way round: a query of its own, so that the first can go
            # along its index.
            beyond = [Application.id > UUID(after[1])] if after and after[0] is None else []
            where = [column.is_(None), *beyond]
            found += self._lines(round_id, filters, where, [Application.id], limit - len(found))
        return found

    def _lines(
        self, round_id: UUID, filters: Filters, where: list[ColumnElement[bool]], order: list[Any], limit: int
    ) -> list[Line]:
        statement = self._narrowed(select(Application, CalibratedScore), round_id, filters).where(*where)
        rows = self.session.execute(statement.order_by(*order).limit(limit).options(defer(Application.visible)))
        return [Line(row[0], row[1]) for row in rows]

    def every(self, round_id: UUID, filters: Filters, sort: str) -> Iterator[list[Line]]:
        """All the rows in batches, in order."""
        after: After | None = None
        while batch := self.page(round_id, filters, sort, after, 1_000):
            yield batch
            after = (batch[-1].key(sort), str(batch[-1].application.id))

    def count(self, round_id: UUID, filters: Filters) -> int:
        """How many the filters leave."""
        return self.session.scalar(self._narrowed(select(func.count(Application.id)), round_id, filters)) or 0

    def lines(self, round_id: UUID, ids: Iterable[UUID]) -> list[Line]:
        """These applications of the round's pool; others are left out."""
        found: list[Line] = []
        for some in batches(ids):
            statement = self._narrowed(select(Application, CalibratedScore), round_id, Filters())
            rows = self.session.execute(statement.where(Application.id.in_(some)).order_by(Application.reference))
            found += [Line(row[0], row[1]) for row in rows]
        return found

    def spread(self, round_id: UUID, filters: Filters, measure: str, width: float) -> list[dict[str, Any]]:
        """How many fall in each equal bin {low, high, count} of a measure, from the lowest to the highest."""
        column = MEASURES[measure]
        # A value on an edge counts for the bin that begins there. PostgreSQL rounds where SQLite cuts off.
        postgres = self.session.get_bind().dialect.name == "postgresql"
        place: Any = func.floor(column / width) if postgres else cast(column / width, Integer)
        statement = self._narrowed(select(place, func.count()), round_id, filters).where(column.is_not(None))
        counts = {int(low): int(count) for low, count in self.session.execute(statement.group_by(place))}
        if not counts:
            return []
        places = range(min(counts), max(counts) + 1)
        return [
            {"low": round(at * width, 6), "high": round((at + 1) * width, 6), "count": counts.get(at, 0)}
            for at in places
        ]

    def by_attribute(self, round_id: UUID, filters: Filters, attribute: str) -> list[tuple[str, int, int, float]]:
        """(value as stored, how many, how many of them have a score, sum of their scores) for an attribute."""
        held = Application.attributes[attribute].as_string()
        columns = (held, func.count(), func.count(Application.blended), func.sum(Application.blended))
        statement = self._narrowed(select(*columns), round_id, filters).group_by(held)
        rows = self.session.execute(statement)
        return [(value or "", int(n), int(scored), float(total or 0)) for value, n, scored, total in rows]

    def _narrowed(self, statement: Any, round_id: UUID, filters: Filters) -> Select[Any]:
        statement = statement.select_from(Application).outerjoin(
            CalibratedScore, CalibratedScore.application_id == Application.id
        )
        if filters.disagreement:
            statement = statement.where(Application.id.in_(self._disagreed(round_id)))
        return narrowed(statement, round_id, filters)

    def disagreed(self, round_id: UUID) -> set[UUID]:
        """The applications whose reviews differ more than chance explains, by the newest calibration."""
        return set(self._disagreed(round_id))

    def _disagreed(self, round_id: UUID) -> list[UUID]:
        statement = select(CalibrationRun.disagreements).where(CalibrationRun.round_id == round_id)
        newest = self.session.scalars(statement.order_by(CalibrationRun.id.desc()).limit(1)).first()
        return [UUID(one["application_id"]) for one in newest or []]

    # -- what staff noted ----------------------------------------------------------------------------------------

    def marks(self, ids: Iterable[UUID]) -> dict[UUID, list[ShortlistMark]]:
        """The marks that stand on these applications, oldest first."""
        found: dict[UUID, list[ShortlistMark]] = {}
        for some in batches(ids):
            where = (ShortlistMark.application_id.in_(some), ShortlistMark.taken_back_at.is_(None))
            for row in self.session.scalars(select(ShortlistMark).where(*where).order_by(ShortlistMark.id)):
                found.setdefault(row.application_id, []).append(row)
        return found

    def cases(self, ids: Iterable[UUID]) -> dict[UUID, CaseMark]:
        """For each of these that has one: a case that is open, or else the newest that was upheld, also in part."""
        found: dict[UUID, CaseMark] = {}
        for some in batches(ids):
            rows = self.session.scalars(
                select(CaseMark).where(CaseMark.application_id.in_(some), _CONTESTED).order_by(CaseMark.id)
            )
            for row in sorted(rows, key=lambda row: row.closed_at is None):
                found[row.application_id] = row
        return found

    def mark(self, id: UUID) -> ShortlistMark:
        """The mark, locked; raises NotFound."""
        return self._get(ShortlistMark, id, "mark", lock=True)

    def views(self, round_id: UUID, person_id: UUID | None) -> list[SavedView]:
        """A person's own views of the round and those that everybody on the staff shares, by name."""
        where = (SavedView.round_id == round_id, or_(SavedView.owner_id == person_id, SavedView.shared))
        return list(self.session.scalars(select(SavedView).where(*where).order_by(SavedView.name, SavedView.id)))

    def view(self, id: UUID) -> SavedView:
        """The saved view; raises NotFound."""
        return self._get(SavedView, id, "saved view", lock=True)

    def view_named(self, round_id: UUID, owner_id: UUID | None, name: str) -> SavedView | None:
        """Somebody's view with this name."""
        where = (SavedView.round_id == round_id, SavedView.owner_id == owner_id, SavedView.name == name)
        return self.session.scalars(select(SavedView).where(*where)).first()


def narrowed(statement: Select[Any], round_id: UUID, filters: Filters) -> Select[Any]:
    """The statement over the round's pool, narrowed to the filters."""
    statement = statement.where(Application.round_id == round_id, Application.state == IN_POOL)
    return statement.where(*_wanted(filters))


def _wanted(filters: Filters) -> Iterator[ColumnElement[bool]]:
    for attribute, value in filters.attributes.items():
        held = Application.attributes[attribute].as_string()
        # An attribute with several values reads as a JSON list here.
        several = and_(held.startswith("["), held.contains(f'"{value}"', autoescape=True))
        yield or_(held == value, several)
    if filters.least_reviews is not None:
        yield Application.review_count >= filters.least_reviews
    if filters.least_priority is not None:
        yield Application.priority_score >= filters.least_priority
    if filters.least_score is not None:
        yield Application.blended >= filters.least_score
    if filters.flagged:
        yield Application.flags > 0
    if filters.stage:
        yield Application.stage == filters.stage
    if filters.text.strip():
        yield Application.reference.icontains(filters.text.strip(), autoescape=True)
    if filters.marked:
        standing = (ShortlistMark.application_id == Application.id, ShortlistMark.taken_back_at.is_(None))
        yield select(ShortlistMark.id).where(*standing).exists()
    if filters.contested:
        yield select(CaseMark.id).where(CaseMark.application_id == Application.id, _CONTESTED).exists()


def _beyond(column: Any, highest_first: bool, after: After) -> ColumnElement[bool]:
    value, id = after[0], UUID(after[1])
    further = column < value if highest_first else column > value
    return or_(further, and_(column == value, Application.id > id))
