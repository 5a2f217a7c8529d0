"""The scored shortlist: sorted, filtered and paged in the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.cohorts.storage.repositories.shortlist import SORTS, After, Filters, Line
from services.cohorts.storage.tables import (
    Application,
    ApplicationIdentity,
    CalibratedScore,
    CaseMark,
    Person,
    Review,
    RoundPlan,
    ShortlistMark,
)
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Invalid

DEFAULT_SORT = "blended"
MOST_COMPARED = 8


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """One application with whose it is, its calibrated score and the staff's marks on it. Staff only."""

    application: Application
    person: Person | None
    identity: ApplicationIdentity | None
    calibrated: CalibratedScore | None = None
    marks: list[ShortlistMark] = field(default_factory=list)
    disagreement: bool = False
    case: CaseMark | None = None
    """A review request or complaint that is open or was upheld."""


@dataclass(frozen=True, slots=True)
class ShortlistPage:
    """Some rows; `after` are the sort keys where the next page begins; `total` is what the filters leave."""

    rows: list[ShortlistRow]
    total: int
    after: After | None


def list_shortlist(
    uow: CohortsUnit,
    round_id: UUID,
    filters: Filters,
    sort: str = DEFAULT_SORT,
    after: After | None = None,
    limit: int = 50,
) -> ShortlistPage:
    """A page of the round's shortlist.

    Raises:
        Invalid: there is no such order, or the page does not begin anywhere.
        NotFound: there is no such round.
    """
    uow.rounds.get(round_id)
    check_sort(sort)
    _check_after(after)
    found = uow.shortlist.page(round_id, filters, sort, after, limit + 1)
    shown = found[:limit]
    last = (shown[-1].key(sort), str(shown[-1].application.id)) if len(found) > limit else None
    rows = _rows(uow, shown, uow.shortlist.disagreed(round_id))
    return ShortlistPage(rows, uow.shortlist.count(round_id, filters), last)


def check_sort(sort: str) -> None:
    """Raise Invalid when there is no such order."""
    if sort not in SORTS:
        raise Invalid({"sort": [f"Choose one of: {', '.join(SORTS)}."]})


def _check_after(after: After | None) -> None:
    try:
        if after is not None:
            UUID(after[1])
    except (ValueError, AttributeError, TypeError):
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]}) from None


def whole_shortlist(uow: CohortsUnit, round_id: UUID, filters: Filters, sort: str) -> Iterator[ShortlistRow]:
    """Every row that the filters leave, in order: for a file."""
    check_sort(sort)
    disagreed = uow.shortlist.disagreed(round_id)
    for batch in uow.shortlist.every(round_id, filters, sort):
        yield from _rows(uow, batch, disagreed)


def chosen_rows(uow: CohortsUnit, round_id: UUID, ids: Iterable[UUID]) -> list[ShortlistRow]:
    """These applications of the round's pool, by reference; others are left out."""
    uow.rounds.get(round_id)
    return _rows(uow, uow.shortlist.lines(round_id, ids), uow.shortlist.disagreed(round_id))


def compare_chosen(uow: CohortsUnit, round_id: UUID, ids: list[UUID]) -> list[ShortlistRow]:
    """Some applications to be shown side by side.

    Raises:
        Invalid: fewer than two, or more than fit beside each other.
    """
    rows = chosen_rows(uow, round_id, ids)
    if not 2 <= len(rows) <= MOST_COMPARED:
        raise Invalid({"id": [f"Tick from 2 to {MOST_COMPARED} applications to compare. You ticked {len(rows)}."]})
    return rows


def _rows(uow: CohortsUnit, lines: list[Line], disagreed: set[UUID]) -> list[ShortlistRow]:
    people = uow.people.named(line.application.person_id for line in lines)
    ids = [line.application.id for line in lines]
    identities, marks, cases = uow.applications.organisations(ids), uow.shortlist.marks(ids), uow.shortlist.cases(ids)
    return [
        ShortlistRow(
            line.application,
            people.get(line.application.person_id),
            identities.get(line.application.id),
            line.calibrated,
            marks.get(line.application.id, []),
            line.application.id in disagreed,
            cases.get(line.application.id),
        )
        for line in lines
    ]


def with_people(uow: CohortsUnit, applications: list[Application]) -> list[ShortlistRow]:
    """Applications with the people and organisations behind them."""
    people = uow.people.named(a.person_id for a in applications)
    identities = uow.applications.organisations(a.id for a in applications)
    cases = uow.shortlist.cases(a.id for a in applications)
    return [ShortlistRow(a, people.get(a.person_id), identities.get(a.id), case=cases.get(a.id)) for a in applications]


@dataclass(frozen=True, slots=True)
class ApplicationFile:
    """All that staff see of one application."""

    row: ShortlistRow
    plan: RoundPlan
    questions: list[dict[str, Any]]
    reviews: list[tuple[str, Review]]


def open_application(uow: CohortsUnit, application_id: UUID) -> ApplicationFile:
    """One application for staff, with its reviews by name; raises NotFound."""
    application = uow.applications.get(application_id)
    members = {member.id: member.name for member in uow.panels.of_round(application.round_id)}
    reviews = [(members.get(r.panel_member_id, ""), r) for r in uow.reviews.of_application(application_id)]
    found = chosen_rows(uow, application.round_id, [application_id])
    (row,) = found or with_people(uow, [application])
    round_ = uow.rounds.get(application.round_id)
    return ApplicationFile(row, uow.rounds.plan(round_.id), round_.questions, reviews)
