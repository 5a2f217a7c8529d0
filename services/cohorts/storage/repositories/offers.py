"""Offers."""

from uuid import UUID

from sqlalchemy import func, select

from services.cohorts.domain.offer import HOLDING, OPEN
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Application, Offer


class Offers(Repository):
    """Offers of a round."""

    def find(self, id: UUID, *, lock: bool = False) -> Offer | None:
        """The offer, if there is one with that number."""
        return self.session.get(Offer, id, with_for_update=lock or None, populate_existing=lock)

    def get(self, id: UUID, *, lock: bool = False) -> Offer:
        """The offer; raises NotFound."""
        return self._get(Offer, id, "offer", lock=lock)

    def of_application(self, application_id: UUID, *, lock: bool = False) -> Offer | None:
        """The offer made to an application."""
        statement = select(Offer).where(Offer.application_id == application_id)
        if lock:
            statement = statement.with_for_update().execution_options(populate_existing=True)
        return self.session.scalars(statement).first()

    def of_person(self, person_id: UUID) -> list[Offer]:
        """Every offer a person was made, the newest first."""
        return list(self.session.scalars(select(Offer).where(Offer.person_id == person_id).order_by(Offer.id.desc())))

    def of_round(self, round_id: UUID) -> list[tuple[Offer, Application]]:
        """The round's offers with their applications: those that wait for staff first, then by deadline."""
        rows = self.session.execute(
            select(Offer, Application)
            .join(Application, Application.id == Offer.application_id)
            .where(Offer.round_id == round_id)
            .order_by(
                (Offer.state == OPEN).desc(), Offer.lapse_proposed_at.is_(None), Offer.respond_by, Application.reference
            )
        )
        return [(offer, application) for offer, application in rows]

    def counts(self, round_id: UUID) -> dict[str, int]:
        """How many offers there are in each state."""
        rows = self.session.execute(
            select(Offer.state, func.count(Offer.id)).where(Offer.round_id == round_id).group_by(Offer.state)
        )
        return dict(rows.all())

    def places_taken(self, round_id: UUID) -> int:
        """Offers that hold a place: open or accepted."""
        where = (Offer.round_id == round_id, Offer.state.in_(HOLDING))
        return self.session.scalar(select(func.count(Offer.id)).where(*where)) or 0
