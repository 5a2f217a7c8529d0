"""A round as its pages show it: in the reader's language, with where it stands at this moment."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.applications.domain.rounds import MINUTE, State, state_at
from services.applications.storage.tables import ApplicationRow, ExtensionRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.extend_deadline import came_in_time, closes_for, may_send
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
    more_time: ExtensionRow | None = None
    """Set where this person's own deadline is later than the round's."""

    @property
    def closes_zone(self) -> str:
        """The zone in which to say `closes_at`."""
        return self.more_time.zone if self.more_time else self.row.zone


def view_of(row: RoundRow, now: datetime) -> RoundView:
    """The round, for a page."""
    state = state_at(life_of(row), now)
    stage = "soon" if state is State.OPEN and now < row.opens_at else state.value
    return RoundView(row, texts_of(row, language()), stage, last_minute(row), said_day(row.decisions_by))


def personal_view(uow: ApplicationsUnitOfWork, row: RoundRow, person_id: UUID) -> RoundView:
    """The round as it is for one person, who may have more time than others."""
    view, own = view_of(row, uow.now), uow.extensions.of(row.id, person_id)
    if own is None or own.closes_at <= row.closes_at:
        return view
    stage = "open" if view.stage == "closed" and may_send(uow, row, person_id) else view.stage
    return replace(view, stage=stage, closes_at=closes_for(uow, row, person_id) - MINUTE, more_time=own)


def view_for(uow: ApplicationsUnitOfWork, application: ApplicationRow) -> RoundView:
    """The round as it is for an application: what came on paper in time can be sent after the deadline."""
    row = uow.rounds.get(application.round_id)
    view = personal_view(uow, row, application.person_id)
    return replace(view, stage="open") if view.stage == "closed" and came_in_time(uow, row, application) else view


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
