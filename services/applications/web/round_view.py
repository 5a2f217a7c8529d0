"""A round as its pages show it: in the reader's language, with where it stands at this moment."""

from dataclasses import dataclass
from datetime import datetime

from services.applications.domain.rounds import State, state_at
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_round import last_minute, life_of, texts_of
from services.applications.web.context import language
from services.applications.web.wording import said_day
from shared.errors import NotFound
from shared.web.identity import current


@dataclass(frozen=True)
class RoundView:
    """`stage`: draft, soon (open, but its first day has not come), open, paused, closed, archived."""

    row: RoundRow
    texts: dict[str, str]
    stage: str
    closes_at: datetime
    """The last minute that is in time."""
    decisions_day: str


def view_of(row: RoundRow, now: datetime) -> RoundView:
    """The round, for a page."""
    state = state_at(life_of(row), now)
    stage = "soon" if state is State.OPEN and now < row.opens_at else state.value
    return RoundView(row, texts_of(row, language()), stage, last_minute(row), said_day(row.decisions_by))


def public_round(uow: ApplicationsUnitOfWork, slug: str) -> RoundRow:
    """The round at an address. A draft is there for staff alone; raises NotFound."""
    row = uow.rounds.by_slug(slug)
    if row.state == State.DRAFT.value and not sees_drafts():
        raise NotFound("There is no such round.")
    return row


def sees_drafts() -> bool:
    """Whether the reader may see rounds that are being made."""
    who = current()
    return who is not None and who.has("staff", "administrator")
