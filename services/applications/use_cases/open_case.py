"""Ask for a decision to be looked at again, or complain; and take it back."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.applications.domain import cases as rules
from services.applications.domain.references import new_reference
from services.applications.storage.tables import ApplicationRow, CaseRow, RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.erase_person import look_again, refuse_erased
from shared.contracts.applications import CaseClosed, CaseOpened
from shared.errors import Conflict, NotFound, TooMany
from shared.ids import new_id

OVERDUE = "case_overdue"
WINDOW = timedelta(days=30)
MOST = 5
_REFUSED = frozenset({"unsuccessful", "waitlisted", "lapsed"})


@dataclass(frozen=True)
class CaseWish:
    """What somebody writes. `application_id` is the application it is about, if there is one."""

    round_id: UUID
    kind: str
    ground: str
    text: str
    wish: str = ""
    application_id: UUID | None = None
    language: str = "en"


def open_case(uow: ApplicationsUnitOfWork, person_id: UUID, wanted: CaseWish) -> CaseRow:
    """Open a case. One of the same kind about the same round that waits for its answer is given again.

    Raises:
        Invalid: it says nothing, or what it is about is missing.
        NotFound: no such round, or somebody else's application.
        Conflict: there is no decision to look at, or it was made too long ago.
        TooMany: five in a month.
    """
    uow.people.get(person_id, lock=True)
    refuse_erased(uow, person_id)
    rules.check_words(wanted.kind, wanted.ground, wanted.text)
    round_ = uow.rounds.get(wanted.round_id)
    if round_.state == "draft":
        raise NotFound("There is no such round.")
    application = _application(uow, person_id, round_, wanted)
    found = uow.cases.waiting_like(person_id, round_.id, wanted.kind)
    if found is not None:
        return found
    if uow.cases.count_since(person_id, uow.now - WINDOW) >= MOST:
        raise TooMany("You wrote to us several times this month. Please wait for our answers.", retry_after=86_400)
    if wanted.kind == rules.REVIEW and application is not None:
        _check_decided(uow, application, round_)
    row = _new(uow, person_id, round_, wanted, application)
    uow.cases.write(row, uow.now, person_id, "the applicant", "opened")
    uow.schedule(OVERDUE, str(row.id), row.respond_by)
    uow.publish(_opened(uow, row, round_))
    return row


def _application(
    uow: ApplicationsUnitOfWork, person_id: UUID, round_: RoundRow, wanted: CaseWish
) -> ApplicationRow | None:
    if wanted.application_id is None:
        return uow.applications.of(round_.id, person_id)
    row = uow.applications.get(wanted.application_id)
    if row.person_id != person_id or row.round_id != round_.id:
        raise NotFound("There is no such application.")
    return row


def _check_decided(uow: ApplicationsUnitOfWork, application: ApplicationRow, round_: RoundRow) -> None:
    status = uow.applications.status(application.id)
    if status is None or status.stage not in _REFUSED:
        raise Conflict("There is no decision to look at again yet.", code="not-decided")
    if not rules.in_time(status.since, uow.now, round_.zone, uow.cases.settings()):
        raise Conflict("The time to ask for this has passed. You can still make a complaint.", code="too-late")


def can_ask_review(uow: ApplicationsUnitOfWork, application: ApplicationRow, round_: RoundRow) -> bool:
    """Whether there is a decision about it that may still be looked at again."""
    try:
        _check_decided(uow, application, round_)
    except Conflict:
        return False
    return True


def _new(
    uow: ApplicationsUnitOfWork,
    person_id: UUID,
    round_: RoundRow,
    wanted: CaseWish,
    application: ApplicationRow | None,
) -> CaseRow:
    row = CaseRow(
        id=new_id(),
        reference=new_reference(),
        kind=wanted.kind,
        round_id=round_.id,
        person_id=person_id,
        application_id=application.id if application else None,
        ground=wanted.ground,
        text=wanted.text.strip(),
        wish=wanted.wish.strip()[: rules.LONGEST],
        language=wanted.language,
        state=rules.OPEN,
        opened_at=uow.now,
        respond_by=rules.respond_by(uow.now, round_.zone, wanted.kind, uow.cases.settings()),
        outcome="",
        letter="",
    )
    uow.cases.add(row)
    return row


def _opened(uow: ApplicationsUnitOfWork, row: CaseRow, round_: RoundRow) -> CaseOpened:
    return CaseOpened(
        case_id=row.id,
        kind=row.kind,
        reference=row.reference,
        round_id=row.round_id,
        round_title=round_.title,
        person_id=row.person_id,
        application_id=row.application_id,
        respond_by=row.respond_by - timedelta(minutes=1),
        zone=round_.zone,
        link=case_link(uow, row),
    )


def case_link(uow: ApplicationsUnitOfWork, row: CaseRow) -> str:
    """The owner's page of a case."""
    return f"{uow.context.public_url}/cases/{row.id}"


def own_case(uow: ApplicationsUnitOfWork, case_id: UUID, person_id: UUID, *, lock: bool = False) -> CaseRow:
    """One's own case; raises NotFound for anybody else's."""
    row = uow.cases.get(case_id, lock=lock)
    if row.person_id != person_id:
        raise NotFound("There is no such case.")
    return row


def withdraw_case(uow: ApplicationsUnitOfWork, case_id: UUID, person_id: UUID) -> CaseRow:
    """Its owner takes it back. Taken back already: nothing happens twice. Raises Conflict when it was answered."""
    row = own_case(uow, case_id, person_id, lock=True)
    if row.state == rules.WITHDRAWN:
        return row
    row.state, row.outcome = rules.move(row.state, rules.WITHDRAWN), rules.WITHDRAWN
    row.letter = ""
    close_case(uow, row, person_id, "the applicant", "withdrawn")
    return row


def close_case(uow: ApplicationsUnitOfWork, row: CaseRow, actor_id: UUID | None, actor: str, action: str) -> None:
    """What follows from any end: the trail, the clock, the other services, an erasure that waited for it."""
    row.closed_at = uow.now
    uow.cases.write(row, uow.now, actor_id, actor, action)
    uow.cancel(OVERDUE, str(row.id))
    uow.publish(
        CaseClosed(
            case_id=row.id,
            kind=row.kind,
            reference=row.reference,
            round_id=row.round_id,
            person_id=row.person_id,
            application_id=row.application_id,
            outcome=row.outcome,
            letter=row.letter,
            link=case_link(uow, row),
        )
    )
    uow.session.flush()
    look_again(uow, row.person_id)
