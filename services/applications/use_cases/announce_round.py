"""Tell everybody on the interest list that a round has opened, was paused, or goes on."""

from uuid import UUID

from services.applications.domain.rounds import MINUTE, State
from services.applications.storage.tables import InterestRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_interest import leave_link
from shared.contracts.applications import InterestedPerson, RoundAnnounced
from shared.service import Due

OPENING = "round_opening"
OPENED, PAUSED, RESUMED = "opened", "paused", "resumed"
BATCH = 200
"""Addresses in one event: some 60 kB."""


def announce_move(uow: ApplicationsUnitOfWork, row: RoundRow, before: State) -> None:
    """The round has moved from `before`: write to the list now, or on the opening day if that is still to come."""
    state = State(row.state)
    uow.cancel(OPENING, str(row.id))
    if state is State.OPEN and uow.now < row.opens_at:
        uow.schedule(OPENING, str(row.id), row.opens_at)
    elif state is State.OPEN:
        announce(uow, row, RESUMED if before is State.PAUSED else OPENED)
    elif state is State.PAUSED and uow.now >= row.opens_at:
        announce(uow, row, PAUSED)


def move_opening(uow: ApplicationsUnitOfWork, row: RoundRow) -> None:
    """The opening has moved: so does its announcement, if it has not been made."""
    if row.state == State.OPEN.value and uow.now < row.opens_at:
        uow.schedule(OPENING, str(row.id), row.opens_at)


def announce_opening(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """The opening day has come."""
    row = uow.rounds.get(UUID(due.key), lock=True)
    if row.state == State.OPEN.value and row.opens_at <= uow.now < row.closes_at:
        announce(uow, row, OPENED)


def announce(uow: ApplicationsUnitOfWork, row: RoundRow, what: str) -> None:
    """Ask for one message to each address on the list, in its language."""
    for batch in uow.interests.in_batches(BATCH):
        uow.publish(
            RoundAnnounced(
                round_id=row.id,
                what=what,
                titles=dict(row.texts["title"]),
                round_link=f"{uow.context.public_url}/rounds/{row.slug}",
                closes_at=row.closes_at - MINUTE,
                zone=row.zone,
                people=[_person(uow, each) for each in batch],
            )
        )


def _person(uow: ApplicationsUnitOfWork, row: InterestRow) -> InterestedPerson:
    return InterestedPerson(email=row.email, language=row.language, leave_link=leave_link(uow, row))
