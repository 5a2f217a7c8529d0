"""A report came back: find its message by the sealed return path, keep what became of it, stop writing to dead ends."""

import logging
from uuid import UUID

from services.notifications.domain.bounces import Kind, Report, read_report
from services.notifications.domain.delivery import Verdict
from services.notifications.domain.outcomes import suppresses
from services.notifications.domain.preferences import CHOICES, Preferences
from services.notifications.domain.signing import message_of
from services.notifications.domain.states import State, allowed
from services.notifications.storage.suppressions import Suppression
from services.notifications.storage.tables import MessageRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.conclude_messages import finish, leave_full_mailbox
from shared.errors import Conflict, NotFound
from shared.logs import redact

log = logging.getLogger(__name__)

UNMATCHED = "unmatched"
REPEATED = "repeated"
_STATES = {Kind.FAILED: State.BOUNCED, Kind.MAILBOX_FULL: State.BOUNCED, Kind.DELIVERED: State.DELIVERED,
           Kind.COMPLAINT: State.COMPLAINED}  # fmt: skip


def take_in_report(uow: NotificationsUnitOfWork, octets: bytes, source: str, *recipients: str) -> str:
    """Take in one report, however often it is handed in; what it was: a kind, `unmatched` or `repeated`.

    Raises Conflict while the message is being handed over at this very moment: hand the report in again.
    """
    report = read_report(octets, *recipients)
    row = _message(uow, report)
    if row is not None and row.state == State.HANDED.value:
        raise Conflict("The message is still on its way. Hand the report in again in a minute.", code="on-its-way")
    kind = report.kind.value if row is not None else UNMATCHED
    new = uow.bounces.add(
        key=report.identity, at=uow.now, source=source, kind=kind, status=report.status,
        email=row.email.casefold() if row is not None else "", message_id=row.id if row is not None else None,
        text=redact(report.text),
    )  # fmt: skip
    if not new:
        return REPEATED
    if row is None:
        log.info("a report is about no message of ours", extra={"kind": report.kind.value})
    else:
        _apply(uow, row, report)
    return kind


def _message(uow: NotificationsUnitOfWork, report: Report) -> MessageRow | None:
    context = uow.context
    found = (message_of(context.secret, context.bounce_address, address) for address in report.to)
    message_id = next((each for each in found if each is not None), None) if context.bounce_address else None
    if message_id is None and report.kind is Kind.COMPLAINT:
        message_id = _quoted(uow, report)  # complaints come to one address for all, and quote the message
    try:
        return uow.messages.get(message_id, lock=True) if message_id is not None else None
    except NotFound:
        return None


def _quoted(uow: NotificationsUnitOfWork, report: Report) -> UUID | None:
    if report.original is None or report.original[1] != uow.context.mail_domain.lower():
        return None
    try:
        return UUID(report.original[0])
    except ValueError:
        return None


def _apply(uow: NotificationsUnitOfWork, row: MessageRow, report: Report) -> None:
    state = _STATES.get(report.kind)
    text = f"{report.status} {report.text}".strip()
    if state is not None and allowed(State(row.state), state):
        finish(uow, row, Verdict(state, reason=text))
    else:
        uow.history.note(row.id, report.kind.value, uow.now, redact(text))
    if report.kind is Kind.FAILED and suppresses(report.status):
        uow.suppressions.add([Suppression(row.email, redact(text), "bounce", message_id=row.id)], uow.now)
    elif report.kind is Kind.MAILBOX_FULL:
        leave_full_mailbox(uow, row)
    elif report.kind is Kind.COMPLAINT:
        _leave_in_peace(uow, row)


def _leave_in_peace(uow: NotificationsUnitOfWork, row: MessageRow) -> None:
    """Nothing that can be turned off goes to somebody who called a message unwanted; an offer still does."""
    if row.person_id is not None:
        wanted = uow.wishes.of(row.recipient)
        uow.wishes.keep(
            row.recipient, Preferences({each.value: False for each in CHOICES}, wanted.zone, wanted.quiet), uow.now
        )
