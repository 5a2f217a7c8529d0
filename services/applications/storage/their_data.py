"""Requests about one's own data, by the questions that use cases and lists ask."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.applications.storage.tables import (
    ApplicationRow,
    CaseRow,
    ConfirmationRow,
    CorrectionRow,
    DataPartRow,
    DataRequestRow,
    EmailChangeRow,
    ErasureRow,
)
from shared.errors import NotFound


class DataRequests:
    """Copies of one's data that were asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, request_id: UUID, *, lock: bool = False) -> DataRequestRow:
        """The request; raises NotFound."""
        row = self._session.get(DataRequestRow, request_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such request.")
        return row

    def find(self, request_id: UUID, *, lock: bool = False) -> DataRequestRow | None:
        """The request, if it is still there."""
        return self._session.get(DataRequestRow, request_id, with_for_update=lock or None)

    def add(self, row: DataRequestRow) -> None:
        """Keep a new request."""
        self._session.add(row)
        self._session.flush()

    def of_person(self, person_id: UUID) -> list[DataRequestRow]:
        """Their requests, newest first."""
        query = select(DataRequestRow).where(DataRequestRow.person_id == person_id)
        return list(self._session.scalars(query.order_by(DataRequestRow.asked_at.desc(), DataRequestRow.id.desc())))

    def newest(self, limit: int) -> list[DataRequestRow]:
        """Everybody's newest requests."""
        query = select(DataRequestRow).order_by(DataRequestRow.asked_at.desc(), DataRequestRow.id.desc())
        return list(self._session.scalars(query.limit(limit)))

    def count_since(self, person_id: UUID, since: datetime) -> int:
        """How often they asked since then."""
        query = select(func.count()).where(DataRequestRow.person_id == person_id, DataRequestRow.asked_at >= since)
        return self._session.scalar(query) or 0

    def keep_part(self, row: DataPartRow) -> None:
        """Keep a piece; the same piece again changes nothing."""
        self._session.merge(row)
        self._session.flush()

    def parts(self, request_id: UUID) -> dict[str, list[DataPartRow]]:
        """Service -> its pieces, in order."""
        query = select(DataPartRow).where(DataPartRow.request_id == request_id)
        found: dict[str, list[DataPartRow]] = {}
        for row in self._session.scalars(query.order_by(DataPartRow.service, DataPartRow.part)):
            found.setdefault(row.service, []).append(row)
        return found

    def drop_parts(self, request_id: UUID) -> None:
        """Throw the pieces away."""
        self._session.execute(delete(DataPartRow).where(DataPartRow.request_id == request_id))


class Erasures:
    """People who are to be erased, or were."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, erasure_id: UUID, *, lock: bool = False) -> ErasureRow:
        """The erasure; raises NotFound."""
        row = self._session.get(ErasureRow, erasure_id, with_for_update=lock or None, populate_existing=lock)
        if row is None:
            raise NotFound("There is no such erasure.")
        return row

    def add(self, row: ErasureRow) -> None:
        """Keep a new one."""
        self._session.add(row)
        self._session.flush()

    def under_way(self, person_id: UUID) -> ErasureRow | None:
        """The one of this person that waits, runs or is done."""
        states = ("held", "running", "done")
        return self._session.scalar(
            select(ErasureRow).where(ErasureRow.person_id == person_id, ErasureRow.state.in_(states))
        )

    def newest_of(self, person_id: UUID) -> ErasureRow | None:
        """The last one of this person, whatever became of it."""
        query = select(ErasureRow).where(ErasureRow.person_id == person_id)
        return self._session.scalar(query.order_by(ErasureRow.asked_at.desc(), ErasureRow.id.desc()).limit(1))

    def by_reference(self, reference: str) -> ErasureRow | None:
        """The one with this reference, written as it was given out."""
        return self._session.scalar(select(ErasureRow).where(ErasureRow.reference == reference))

    def listed(self, limit: int = 200) -> list[ErasureRow]:
        """Those that wait and run first, then the others, newest first."""
        rows = self._session.scalars(select(ErasureRow).order_by(ErasureRow.asked_at.desc()).limit(limit))
        return sorted(rows, key=lambda row: row.state not in ("held", "running"))

    def confirmations(self, erasure_id: UUID) -> dict[str, ConfirmationRow]:
        """Service -> its confirmation."""
        rows = self._session.scalars(select(ConfirmationRow).where(ConfirmationRow.erasure_id == erasure_id))
        return {row.service: row for row in rows}

    def confirm(self, row: ConfirmationRow) -> None:
        """Keep a confirmation, unless the service has confirmed already: the first one has the counts."""
        if self._session.get(ConfirmationRow, (row.erasure_id, row.service)) is None:
            self._session.add(row)
            self._session.flush()

    def has_open_case(self, person_id: UUID) -> bool:
        """Whether a review request or complaint of theirs waits for its answer."""
        states = ("open", "assigned", "decided")
        query = select(CaseRow.id).where(CaseRow.person_id == person_id, CaseRow.state.in_(states)).limit(1)
        return self._session.scalar(query) is not None

    def mark_applications(self, person_id: UUID, now: datetime) -> None:
        """Their applications are anonymous rows from now on; drafts, which nothing counts, go altogether."""
        mine = ApplicationRow.person_id == person_id
        self._session.execute(delete(ApplicationRow).where(mine, ApplicationRow.state == "draft"))
        self._session.execute(update(ApplicationRow).where(mine).values(erased_at=now))


class EmailChanges:
    """Other addresses that wait to be confirmed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: EmailChangeRow) -> None:
        """Keep a wish; it ends the earlier ones of the person."""
        self._session.execute(
            update(EmailChangeRow)
            .where(EmailChangeRow.person_id == row.person_id, EmailChangeRow.ended_at.is_(None))
            .values(ended_at=row.asked_at)
        )
        self._session.add(row)
        self._session.flush()

    def by_token(self, token_hash: str) -> EmailChangeRow | None:
        """The wish with this link, locked."""
        query = select(EmailChangeRow).where(EmailChangeRow.token_hash == token_hash)
        return self._session.scalar(query.with_for_update())

    def count_since(self, person_id: UUID, since: datetime) -> int:
        """How often they asked since then."""
        query = select(func.count()).where(EmailChangeRow.person_id == person_id, EmailChangeRow.asked_at >= since)
        return self._session.scalar(query) or 0


class Corrections:
    """Answers put right after sending."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, correction_id: UUID, *, lock: bool = False) -> CorrectionRow:
        """The correction; raises NotFound."""
        row = self._session.get(CorrectionRow, correction_id, with_for_update=lock or None)
        if row is None:
            raise NotFound("There is no such correction.")
        return row

    def add(self, row: CorrectionRow) -> None:
        """Keep a new one."""
        self._session.add(row)
        self._session.flush()

    def of_application(self, application_id: UUID) -> list[CorrectionRow]:
        """Those of one application, in order."""
        query = select(CorrectionRow).where(CorrectionRow.application_id == application_id)
        return list(self._session.scalars(query.order_by(CorrectionRow.asked_at, CorrectionRow.id)))

    def waiting(self, limit: int = 200) -> list[CorrectionRow]:
        """Those that staff have to decide, oldest first."""
        query = select(CorrectionRow).where(CorrectionRow.state == "asked")
        return list(self._session.scalars(query.order_by(CorrectionRow.asked_at, CorrectionRow.id).limit(limit)))
