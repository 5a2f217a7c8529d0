"""Cases, by the questions that use cases and lists ask."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.applications.domain.cases import WAITING, Settings
from services.applications.storage.tables import CaseEntryRow, CaseRow, CaseSettingsRow, PanelSeatRow
from shared.errors import NotFound


class Cases:
    """Review requests and complaints, with their trails."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, case_id: UUID, *, lock: bool = False) -> CaseRow:
        """The case; raises NotFound."""
        row = self._session.get(CaseRow, case_id, with_for_update=lock or None, populate_existing=lock)
        if row is None:
            raise NotFound("There is no such case.")
        return row

    def add(self, row: CaseRow) -> None:
        """Keep a new case."""
        self._session.add(row)
        self._session.flush()

    def of_person(self, person_id: UUID) -> list[CaseRow]:
        """Theirs, newest first."""
        query = select(CaseRow).where(CaseRow.person_id == person_id)
        return list(self._session.scalars(query.order_by(CaseRow.opened_at.desc(), CaseRow.id.desc())))

    def waiting_like(self, person_id: UUID, round_id: UUID, kind: str) -> CaseRow | None:
        """One of theirs of the same kind and round that is not answered yet."""
        return self._session.scalar(
            select(CaseRow).where(
                CaseRow.person_id == person_id,
                CaseRow.round_id == round_id,
                CaseRow.kind == kind,
                CaseRow.state.in_(WAITING),
            )
        )

    def count_since(self, person_id: UUID, since: datetime) -> int:
        """How many they opened since then."""
        query = select(func.count()).where(CaseRow.person_id == person_id, CaseRow.opened_at >= since)
        return self._session.scalar(query) or 0

    def listed(self, limit: int = 500) -> list[CaseRow]:
        """Those that wait first, the most pressing at the top; then the others, newest first."""
        query = select(CaseRow).order_by(CaseRow.opened_at.desc(), CaseRow.id).limit(limit)
        rows = list(self._session.scalars(query))
        waiting = sorted((row for row in rows if row.state in WAITING), key=lambda row: row.respond_by)
        return [*waiting, *(row for row in rows if row.state not in WAITING)]

    def outcomes(self, round_id: UUID) -> dict[str, dict[str, int]]:
        """Kind -> outcome ("open" for none yet) -> how many of the round."""
        found: dict[str, dict[str, int]] = {}
        rows = self._session.execute(
            select(CaseRow.kind, CaseRow.state, CaseRow.outcome, func.count())
            .where(CaseRow.round_id == round_id)
            .group_by(CaseRow.kind, CaseRow.state, CaseRow.outcome)
        )
        for kind, state, outcome, count in rows:
            name = "open" if state in WAITING else ("withdrawn" if state == "withdrawn" else outcome)
            found.setdefault(kind, {})[name] = found.get(kind, {}).get(name, 0) + int(count)
        return found

    def write(self, row: CaseRow, at: datetime, actor_id: UUID | None, actor: str, action: str, text: str = "") -> None:
        """Add to a case's trail (the case is locked by the caller)."""
        last = self._session.scalar(select(func.max(CaseEntryRow.position)).where(CaseEntryRow.case_id == row.id)) or 0
        entry = CaseEntryRow(case_id=row.id, position=last + 1, at=at, actor_id=actor_id, actor=actor, action=action)
        entry.text = text
        self._session.add(entry)
        self._session.flush()

    def trail(self, case_id: UUID) -> list[CaseEntryRow]:
        """What was done, in order."""
        query = select(CaseEntryRow).where(CaseEntryRow.case_id == case_id)
        return list(self._session.scalars(query.order_by(CaseEntryRow.position)))

    def panel(self, round_id: UUID) -> set[UUID]:
        """Everybody who is or was on the round's panel."""
        query = select(PanelSeatRow.person_id).where(PanelSeatRow.round_id == round_id)
        return set(self._session.scalars(query))

    def seats_of(self, person_id: UUID) -> set[UUID]:
        """Rounds on whose panel somebody is or was."""
        query = select(PanelSeatRow.round_id).where(PanelSeatRow.person_id == person_id)
        return set(self._session.scalars(query))

    def keep_seat(self, round_id: UUID, person_id: UUID) -> None:
        """Remember that somebody is on a round's panel."""
        self._session.merge(PanelSeatRow(round_id=round_id, person_id=person_id))

    def settings(self) -> Settings:
        """The working days in force."""
        row = self._session.get(CaseSettingsRow, 1)
        if row is None:
            return Settings()
        days = frozenset(date.fromisoformat(each) for each in row.holidays)
        return Settings(row.review_days, row.complaint_days, row.window_days, days)

    def keep_settings(self, wanted: Settings) -> None:
        """Change them; cases that are open keep their deadline."""
        self._session.merge(
            CaseSettingsRow(
                id=1,
                review_days=wanted.review_days,
                complaint_days=wanted.complaint_days,
                window_days=wanted.window_days,
                holidays=_texts(wanted.holidays),
            )
        )


def _texts(days: Collection[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
