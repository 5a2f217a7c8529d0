"""Equality answers as they may be counted: all of a round's together, and without whose they are."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.applications.domain.equality import DECIDED, OPEN_OFFER, Standing
from services.applications.storage.sealing import Sealer
from services.applications.storage.tables import ApplicationRow, EqualityRatesRow, SetApartRow, StatusRow

_PURPOSE = "equality"


class Equality:
    """One round's answers, counted; and the rates that were kept."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self._session, self._sealer = session, sealer

    def standings(self, round_id: UUID) -> list[Standing]:
        """Every application that was sent, in no order that says whose it is."""
        rows = self._session.execute(
            select(ApplicationRow.id, ApplicationRow.state, StatusRow.stage, SetApartRow.sealed)
            .outerjoin(StatusRow, StatusRow.application_id == ApplicationRow.id)
            .outerjoin(
                SetApartRow, (SetApartRow.application_id == ApplicationRow.id) & (SetApartRow.purpose == _PURPOSE)
            )
            .where(ApplicationRow.round_id == round_id, ApplicationRow.submitted_at.is_not(None))
        )
        found = [
            Standing(state != "submitted", stage or "", self._sealer.open(sealed, f"{_PURPOSE}/{id}") if sealed else {})
            for id, state, stage, sealed in rows
        ]
        return sorted(found, key=repr)

    def outcomes(self, round_id: UUID) -> tuple[int, int, int]:
        """Of those sent and not withdrawn: how many there are, have an outcome, and hold an offer without an answer."""
        rows = self._session.execute(
            select(StatusRow.stage, func.count())
            .select_from(ApplicationRow)
            .outerjoin(StatusRow, StatusRow.application_id == ApplicationRow.id)
            .where(ApplicationRow.round_id == round_id, ApplicationRow.state == "submitted")
            .group_by(StatusRow.stage)
        )
        counts = {stage or "": int(count) for stage, count in rows}
        decided = sum(count for stage, count in counts.items() if stage in DECIDED)
        return sum(counts.values()), decided, counts.get(OPEN_OFFER, 0)

    def rates(self, round_id: UUID) -> EqualityRatesRow | None:
        """The rates that were kept, if they were."""
        return self._session.get(EqualityRatesRow, round_id)

    def keep(self, row: EqualityRatesRow) -> None:
        """Keep a round's rates, once."""
        self._session.add(row)
        self._session.flush()
