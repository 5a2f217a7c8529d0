"""An officer who was not on the panel takes a case, notes, decides, and releases the letter."""

from datetime import timedelta
from uuid import UUID

from services.applications.domain import cases as rules
from services.applications.storage.tables import CaseRow, PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.open_case import OVERDUE, close_case
from shared.contracts.applications import CaseAssigned, CaseOverdue
from shared.contracts.cohorts import ReviewerInvited, ReviewsAssigned
from shared.errors import Conflict, Forbidden, Invalid
from shared.service import Due

REMIND_EVERY = timedelta(days=1)


def officers_for(uow: ApplicationsUnitOfWork, row: CaseRow) -> list[PersonRow]:
    """Who may decide a case: officers outside the panel of its round."""
    panel = uow.cases.panel(row.round_id)
    people = uow.people.with_role("officer")
    return [each for each in people if each.id not in panel and each.id != row.person_id and each.disabled_at is None]


def open_as_officer(uow: ApplicationsUnitOfWork, case_id: UUID, officer_id: UUID, *, lock: bool = False) -> CaseRow:
    """A case, for an officer who may see it; raises Forbidden for anybody on the round's panel."""
    row = uow.cases.get(case_id, lock=lock)
    person = uow.people.get(officer_id)
    rules.check_officer(officer_id, person.roles, row.person_id, uow.cases.panel(row.round_id))
    return row


def assign_case(uow: ApplicationsUnitOfWork, case_id: UUID, by: UUID, officer_id: UUID) -> CaseRow:
    """Give a case to an officer (also oneself); they are told.

    Raises:
        Forbidden: either of them is on the panel, is no officer, or asked for it.
        Conflict: it is closed.
    """
    row = open_as_officer(uow, case_id, by, lock=True)
    officer = uow.people.get(officer_id)
    rules.check_officer(officer_id, officer.roles, row.person_id, uow.cases.panel(row.round_id))
    row.state, row.officer_id = rules.move(row.state, rules.ASSIGNED), officer_id
    uow.cases.write(row, uow.now, by, uow.people.get(by).name, "assigned", officer.name)
    zone = uow.rounds.get(row.round_id).zone
    link = officer_link(uow, row)
    uow.publish(
        CaseAssigned(
            case_id=row.id,
            kind=row.kind,
            reference=row.reference,
            officer_id=officer_id,
            respond_by=row.respond_by - timedelta(minutes=1),
            zone=zone,
            link=link,
        )
    )
    return row


def officer_link(uow: ApplicationsUnitOfWork, row: CaseRow) -> str:
    """The officer's page of a case."""
    return f"{uow.context.public_url}/officer/cases/{row.id}"


def note(uow: ApplicationsUnitOfWork, case_id: UUID, by: UUID, text: str) -> None:
    """Add a note to the trail; notes are never changed. Raises Invalid for an empty one."""
    row = open_as_officer(uow, case_id, by, lock=True)
    if not text.strip():
        raise Invalid({"note": ["Write the note first."]})
    uow.cases.write(row, uow.now, by, uow.people.get(by).name, "noted", text.strip()[: rules.LONGEST])


def decide(
    uow: ApplicationsUnitOfWork, case_id: UUID, by: UUID, outcome: str, letter: str, revision: int | None = None
) -> CaseRow:
    """Write the outcome and the letter. Nobody is told before it is released, and until then it may change.

    Raises:
        Forbidden: it is another officer's case.
        Invalid: no outcome, or no letter.
        Conflict: it is not assigned, or has changed since it was looked at.
    """
    row = _mine(uow, case_id, by)
    if revision is not None and revision != row.revision:
        raise Conflict("This case has changed since you looked at it. Please look again.", code="stale")
    problems: dict[str, list[str]] = {}
    if outcome not in rules.OUTCOMES:
        problems["outcome"] = ["Choose the outcome."]
    if not letter.strip() or len(letter) > rules.LONGEST:
        problems["letter"] = ["Write the letter, in 10,000 characters at most."]
    if problems:
        raise Invalid(problems)
    row.state, row.outcome, row.letter = rules.move(row.state, rules.DECIDED), outcome, letter.strip()
    uow.cases.write(row, uow.now, by, uow.people.get(by).name, "decided", outcome)
    return row


def release(uow: ApplicationsUnitOfWork, case_id: UUID, by: UUID, revision: int | None = None) -> CaseRow:
    """Send the letter. Released already: nothing happens twice.

    Raises:
        Forbidden: it is another officer's case.
        Conflict: it is not decided, or the letter has changed since it was looked at.
    """
    row = _mine(uow, case_id, by)
    if row.state == rules.CLOSED:
        return row
    if revision is not None and revision != row.revision:
        raise Conflict("The letter has changed since you looked at it. Please read it again.", code="stale")
    row.state = rules.move(row.state, rules.CLOSED)
    close_case(uow, row, by, uow.people.get(by).name, "released")
    return row


def _mine(uow: ApplicationsUnitOfWork, case_id: UUID, by: UUID) -> CaseRow:
    row = open_as_officer(uow, case_id, by, lock=True)
    if row.officer_id != by:
        raise Forbidden("Take this case first: it is not given to you.")
    return row


def tell_overdue(uow: ApplicationsUnitOfWork, due: Due) -> None:
    """The time has passed: remind the officer each day until it is answered. Without one, its page says so to all."""
    row = uow.cases.get(UUID(due.key), lock=True)
    if row.state not in rules.WAITING:
        return
    if uow.now < row.respond_by:
        uow.schedule(OVERDUE, due.key, row.respond_by)
        return
    uow.schedule(OVERDUE, due.key, uow.now + REMIND_EVERY)
    if row.officer_id is not None:
        uow.publish(
            CaseOverdue(
                case_id=row.id,
                reference=row.reference,
                officer_id=row.officer_id,
                respond_by=row.respond_by - timedelta(minutes=1),
                zone=uow.rounds.get(row.round_id).zone,
                link=officer_link(uow, row),
            )
        )


def keep_seat(uow: ApplicationsUnitOfWork, event: ReviewsAssigned) -> None:
    """Somebody reads for a round: they never decide a case of it."""
    uow.cases.keep_seat(event.round_id, event.person_id)


def keep_invited_seat(uow: ApplicationsUnitOfWork, event: ReviewerInvited, person: PersonRow) -> None:
    """Somebody was asked to read for a round."""
    uow.cases.keep_seat(event.round_id, person.id)
