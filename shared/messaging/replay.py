"""The worker's side of a replay: marked dead letters go through the listener's ordinary transaction once more."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from shared.messaging.delivery import Delivery, Outcome
from shared.messaging.inbox import Listener
from shared.messaging.tables import dead_letters
from shared.unit_of_work import UnitOfWork


def replay_next(listener: Listener[Any]) -> bool:
    """Try the marked letter that has waited longest; whether there was one. Raises Outage."""
    with listener.units.begin(write=False) as unit:
        letter = unit.session.execute(
            select(dead_letters)
            .where(dead_letters.c.listener == listener.name, dead_letters.c.replay_requested_at.is_not(None))
            .order_by(dead_letters.c.replay_requested_at, dead_letters.c.id)
            .limit(1)
        ).first()
    if letter is None:
        return False
    delivery = Delivery(letter.body.encode(), letter.attempts, letter.history)
    outcome = listener.attempt(delivery, lambda unit: _forget(unit, letter.id))
    if outcome.kind not in {"done", "repeat"}:
        _keep(listener, letter, outcome)
    return True


def _forget(unit: UnitOfWork, id: UUID) -> None:
    unit.session.execute(delete(dead_letters).where(dead_letters.c.id == id))


def _keep(listener: Listener[Any], letter: Row[Any], outcome: Outcome) -> None:
    with listener.units.begin() as unit:
        unit.session.execute(
            update(dead_letters)
            .where(dead_letters.c.id == letter.id)
            .values(
                reason=outcome.reason,
                history=outcome.history,
                attempts=letter.attempts + 1,
                replay_requested_at=None,
            )
        )
