"""Give the person who asked what this service holds on them, sealed for their request."""

from uuid import UUID

from sqlalchemy import select

from services.cohorts.storage.personal_data import REGISTER, UNTIL_TOLD
from services.cohorts.storage.tables import Decision
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.keep_erased import subject_of
from shared import sealed_parts
from shared.contracts.applications import PersonalDataRequested
from shared.contracts.cohorts import PersonalDataGathered
from shared.personal_data import Rows, gather


def copy_data(uow: CohortsUnit, event: PersonalDataRequested) -> None:
    """Send everything, in as many pieces as it takes."""
    rows = _told(uow, gather(uow.session, REGISTER, subject_of(uow, event.person_id)))
    pieces = sealed_parts.seal(rows, event.public_key, f"{event.request_id}/cohorts")
    for number, piece in enumerate(pieces, start=1):
        uow.publish(PersonalDataGathered(request_id=event.request_id, part=number, parts=len(pieces), sealed=piece))


def _told(uow: CohortsUnit, rows: Rows) -> Rows:
    """Without what is thought of an application whose owner has not been told the decision yet."""
    mine = {row["id"] for row in rows.get("applications", [])}
    told = set(
        uow.session.scalars(
            select(Decision.application_id).where(
                Decision.told_at.is_not(None), Decision.application_id.in_([UUID(each) for each in mine])
            )
        )
    )
    untold = mine - {str(each) for each in told}
    waiting = {row["id"] for row in rows.get("assignments", []) if row.get("application_id") in untold}
    return {
        table: kept
        for table, found in rows.items()
        if (kept := [row for row in found if table not in UNTIL_TOLD or not _concerns(row, untold, waiting)])
    }


def _concerns(row: dict[str, object], untold: set[str], waiting: set[str]) -> bool:
    return row.get("application_id") in untold or row.get("assignment_id") in waiting or row.get("id") in waiting
