"""Show the messages that events would cause, before they happen: by the same code that makes them when they do."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.notifications.domain.templating.samples import sample_values
from services.notifications.storage.tables import PreviewRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Wish, worded
from services.notifications.use_cases.tell_outcomes import decision_wish
from shared.contracts.base import Malformed, UnknownContract, decode
from shared.contracts.cohorts import DecisionReleased
from shared.errors import Invalid
from shared.ids import new_id

FORGET = "forget_previews"
KEPT = timedelta(hours=2)
AT_MOST = 100

WISHES: Mapping[str, Callable[[NotificationsUnitOfWork, Any], Wish]] = {DecisionReleased.NAME: decision_wish}
"""Events that can be looked at beforehand, and how each becomes a message."""


def preview_messages(uow: NotificationsUnitOfWork, events: Sequence[Mapping[str, Any]]) -> UUID:
    """Write what `events`, each {type, version, data}, would send; the number of the batch. Nothing is sent or queued.

    A batch is forgotten after two hours: it holds what nobody has been told yet.

    Raises:
        Invalid: there are none or more than a hundred, or one of them cannot be looked at.
        NotYet: it is not known yet how to reach somebody.
    """
    if not 1 <= len(events) <= AT_MOST:
        raise Invalid({"events": [f"Look at between 1 and {AT_MOST} messages at a time."]})
    batch = new_id()
    for position, given in enumerate(events):
        uow.session.add(_row(uow, batch, position, _wish(uow, given)))
    uow.schedule(FORGET, str(batch), uow.now + KEPT)
    uow.session.flush()
    return batch


def _wish(uow: NotificationsUnitOfWork, given: Mapping[str, Any]) -> Wish:
    name, version, data = given.get("type"), given.get("version", 1), given.get("data")
    if not isinstance(name, str) or name not in WISHES or not isinstance(version, int) or not isinstance(data, dict):
        raise Invalid({"events": ["The message of this event cannot be looked at beforehand."]})
    try:
        return WISHES[name](uow, decode(name, version, data))
    except (Malformed, UnknownContract) as error:
        raise Invalid({"events": [f"This event cannot be read: {error}."]}) from None


def _row(uow: NotificationsUnitOfWork, batch: UUID, position: int, wish: Wish) -> PreviewRow:
    template, values = worded(uow, wish)
    if wish.recipient.person_id is not None:
        # Their own link to their choices is theirs alone; an invented one stands where it will.
        values = {**values, "preferences_url": sample_values(wish.kind)["preferences_url"]}
    return PreviewRow(
        batch_id=batch,
        position=position,
        kind=wish.kind,
        language=template.language,
        template=uow.templates.keep(template, uow.now),
        name=wish.recipient.name,
        values=values,
        made_at=uow.now,
    )


def forget_previews(uow: NotificationsUnitOfWork, batch: UUID) -> None:
    """Throw a batch away."""
    uow.previews.clear(batch)
