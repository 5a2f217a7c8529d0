"""More time for one person: given with a reason, told to them, and counted wherever the deadline is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.applications.domain.rounds import MINUTE, State, may_submit, parse_times
from services.applications.storage.tables import ApplicationRow, ExtensionRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.draft_reminders import schedule_reminders
from services.applications.use_cases.keep_person import parse_email
from services.applications.use_cases.keep_round import life_of
from shared.contracts.applications import DeadlineExtended
from shared.errors import Conflict, Invalid
from shared.ids import new_id

LONGEST_REASON = 500


@dataclass(frozen=True)
class MoreTime:
    """What staff type: until when (wall-clock, `2027-03-05 23:59`), in which zone, and why."""

    until: str
    zone: str
    reason: str


def closes_for(uow: ApplicationsUnitOfWork, round_: RoundRow, person_id: UUID) -> datetime:
    """The first moment that is too late for this person, in UTC: the round's, or their own if it is later."""
    own = uow.extensions.of(round_.id, person_id)
    return max(round_.closes_at, own.closes_at) if own else round_.closes_at


def may_send(uow: ApplicationsUnitOfWork, round_: RoundRow, person_id: UUID) -> bool:
    """Whether this person may begin and send an application now."""
    life = life_of(round_)
    if may_submit(life, uow.now):
        return True
    own = uow.extensions.of(round_.id, person_id)
    return may_submit(life, uow.now, own.closes_at if own else None)


def came_in_time(uow: ApplicationsUnitOfWork, round_: RoundRow, row: ApplicationRow) -> bool:
    """Whether it came on paper before the deadline, so that it may be typed in after it."""
    entry = uow.helping.entry(row.id)
    if entry is None or round_.state not in (State.OPEN.value, State.CLOSED.value):
        return False
    return entry.received_at < closes_for(uow, round_, row.person_id)


def extend_for_address(
    uow: ApplicationsUnitOfWork, round_id: UUID, email: str, more: MoreTime, given_by: UUID
) -> ExtensionRow:
    """The same, for somebody who has an account with this address; they need not have begun.

    Raises:
        Invalid: by field; `email` when nobody has this address.
    """
    person = uow.people.by_email(parse_email(email))
    if person is None:
        raise Invalid({"email": ["Nobody with this address has an account. Ask them to sign in once, then try again."]})
    return extend_deadline(uow, round_id, person.id, more, given_by)


def extend_deadline(
    uow: ApplicationsUnitOfWork, round_id: UUID, person_id: UUID, more: MoreTime, given_by: UUID
) -> ExtensionRow:
    """Give one person until a later time. A second one replaces the first, which is kept.

    Raises:
        Invalid: `until`, `zone` or `reason`.
        Conflict: they have sent their application, or the round is over for good.
    """
    round_ = uow.rounds.get(round_id)
    row = uow.applications.of(round_id, person_id)
    if round_.state in (State.ARCHIVED.value, State.DRAFT.value):
        raise Conflict("This round does not take applications, so nobody can have more time in it.")
    if row is not None and row.state == "submitted":
        raise Conflict("This person has sent their application already.")
    extension = _extension(uow, round_, person_id, more, given_by)
    uow.extensions.add(extension)
    if row is not None and row.state == "draft":
        schedule_reminders(uow, round_, row)
    uow.publish(
        DeadlineExtended(
            person_id=person_id,
            round_id=round_.id,
            round_title=round_.title,
            closes_at=extension.closes_at - MINUTE,
            zone=extension.zone,
            reason=extension.reason,
            link=f"{uow.context.public_url}/apply/{round_.slug}",
        )
    )
    return extension


def _extension(
    uow: ApplicationsUnitOfWork, round_: RoundRow, person_id: UUID, more: MoreTime, given_by: UUID
) -> ExtensionRow:
    problems: dict[str, list[str]] = {}
    reason = more.reason.replace("\0", "").strip()
    if not reason:
        problems["reason"] = ["Write why, in a sentence: the person will read it."]
    elif len(reason) > LONGEST_REASON:
        problems["reason"] = [f"Use {LONGEST_REASON} letters or fewer."]
    try:
        times = parse_times(more.zone, more.until)
    except Invalid as error:
        problems |= {"until" if name == "deadline" else name: texts for name, texts in error.problems.items()}
        raise Invalid(problems) from None
    if times.closes_at <= max(round_.closes_at, uow.now):
        problems["until"] = ["Choose a time that is later than the deadline of the round, and not past."]
    if problems:
        raise Invalid(problems)
    return ExtensionRow(
        id=new_id(),
        round_id=round_.id,
        person_id=person_id,
        until=times.deadline.isoformat(" ", "minutes"),
        zone=times.zone,
        closes_at=times.closes_at,
        reason=reason,
        given_by=given_by,
        given_at=uow.now,
    )
