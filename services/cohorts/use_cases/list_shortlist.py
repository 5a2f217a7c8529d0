"""The scored shortlist: sorted, filtered and paged in the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.storage.repositories.applications import SORTS, Filters
from services.cohorts.storage.tables import Application, ApplicationIdentity, Person, Review, RoundPlan
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Invalid

DEFAULT_SORT = "blended"


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """One application with whose it is. Staff only."""

    application: Application
    person: Person | None
    identity: ApplicationIdentity | None


@dataclass(frozen=True, slots=True)
class ShortlistPage:
    """Some rows; `after` are the sort keys where the next page begins; `total` is what the filters leave."""

    rows: list[ShortlistRow]
    total: int
    after: tuple[Any, str] | None


def list_shortlist(
    uow: CohortsUnit,
    round_id: UUID,
    filters: Filters,
    sort: str = DEFAULT_SORT,
    after: tuple[Any, str] | None = None,
    limit: int = 50,
) -> ShortlistPage:
    """A page of the round's shortlist.

    Raises:
        Invalid: there is no such order, or the page does not begin anywhere.
        NotFound: there is no such round.
    """
    uow.rounds.get(round_id)
    if sort not in SORTS:
        raise Invalid({"sort": [f"Choose one of: {', '.join(SORTS)}."]})
    _check_after(after)
    found = uow.applications.shortlist(round_id, filters, sort, after, limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    last = (getattr(shown[-1], SORTS[sort][0].key), str(shown[-1].id)) if more else None
    return ShortlistPage(with_people(uow, shown), uow.applications.count(round_id, filters), last)


def _check_after(after: tuple[Any, str] | None) -> None:
    try:
        if after is not None:
            UUID(after[1])
    except (ValueError, AttributeError, TypeError):
        raise Invalid({"cursor": ["This is not a cursor of this list. Begin again without one."]}) from None


def with_people(uow: CohortsUnit, applications: list[Application]) -> list[ShortlistRow]:
    """Applications with the people and organisations behind them."""
    people = uow.people.named(a.person_id for a in applications)
    identities = uow.applications.organisations(a.id for a in applications)
    return [ShortlistRow(a, people.get(a.person_id), identities.get(a.id)) for a in applications]


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
    (row,) = with_people(uow, [application])
    round_ = uow.rounds.get(application.round_id)
    return ApplicationFile(row, uow.rounds.plan(round_.id), round_.questions, reviews)
