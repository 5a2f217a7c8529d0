"""Remember which decisions are being looked at again, and how that ended. No word of what was written."""

from services.cohorts.storage.tables import CaseMark
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.applications import CaseClosed, CaseOpened


def case_opened(uow: CohortsUnit, event: CaseOpened) -> None:
    """A case about an application is open."""
    if event.application_id is None or uow.session.get(CaseMark, event.case_id) is not None:
        return
    uow.session.add(_mark(uow, event))


def case_closed(uow: CohortsUnit, event: CaseClosed) -> None:
    """It has its outcome; it may be heard of before its beginning was."""
    if event.application_id is None:
        return
    row = uow.session.get(CaseMark, event.case_id)
    if row is None:
        row = _mark(uow, event)
        uow.session.add(row)
    row.closed_at, row.outcome = uow.now, event.outcome


def _mark(uow: CohortsUnit, event: CaseOpened | CaseClosed) -> CaseMark:
    return CaseMark(
        id=event.case_id,
        application_id=event.application_id,
        round_id=event.round_id,
        kind=event.kind,
        opened_at=uow.now,
        outcome="",
    )
