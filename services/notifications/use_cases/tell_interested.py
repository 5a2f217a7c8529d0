"""Messages to people on the interest list: they have no account, only an address and a language."""

from services.notifications.domain.languages import choose
from services.notifications.domain.moments import Moment
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.queue_message import Recipient, Wish, queue
from shared.contracts.applications import InterestedPerson, InterestRegistered, RoundAnnounced

_KINDS = {"opened": "round_opened", "paused": "round_paused", "resumed": "round_resumed"}


def ask_to_confirm(uow: NotificationsUnitOfWork, event: InterestRegistered) -> None:
    """The link that puts an address on the list."""
    recipient = Recipient(event.email, "", event.language)
    queue(uow, Wish("interest_confirm", recipient, {"confirm_url": event.confirm_link}, until=event.expires_at))


def round_announced(uow: NotificationsUnitOfWork, event: RoundAnnounced) -> None:
    """A round has opened, was paused or goes on: one message to each, in their language."""
    queue(uow, *[_wish(event, person) for person in event.people])


def _wish(event: RoundAnnounced, person: InterestedPerson) -> Wish:
    language = choose(person.language, list(event.titles)).code if event.titles else "en"
    values = {
        "round": event.titles.get(language, next(iter(event.titles.values()), "")),
        "round_url": event.round_link,
        "leave_url": person.leave_link,
        "closes": Moment(event.closes_at, event.zone).as_json(),
    }
    # A round that has closed meanwhile is announced to nobody.
    return Wish(_KINDS[event.what], Recipient(person.email, "", person.language), values, until=event.closes_at)
