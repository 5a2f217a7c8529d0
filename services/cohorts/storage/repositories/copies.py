"""Copies of rounds and people, and what became of messages."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cohorts.domain.phases import Phases
from services.cohorts.storage.repositories.base import Repository, batches
from services.cohorts.storage.tables import Delivery, Person, Round, RoundPlan


class Rounds(Repository):
    """Rounds, and what staff settle for each."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        # Sessions forget what nobody holds, and a page asks for its round several times.
        self._held: dict[UUID, Round] = {}

    def find(self, id: UUID) -> Round | None:
        """The round, if it has been heard of."""
        return self.session.get(Round, id)

    def get(self, id: UUID) -> Round:
        """The round; raises NotFound."""
        self._held[id] = self._get(Round, id, "round")
        return self._held[id]

    def plan(self, round_id: UUID, *, lock: bool = False) -> RoundPlan:
        """What staff settled for the round; raises NotFound."""
        return self._get(RoundPlan, round_id, "round", lock=lock)

    def phases(self, round_id: UUID) -> Phases:
        """When the phases of the round's panel begin and end."""
        row = self.session.execute(
            select(
                RoundPlan.scoring_opens_at,
                RoundPlan.scoring_due_at,
                RoundPlan.review_closes_at,
                RoundPlan.discussion_closes_at,
            ).where(RoundPlan.round_id == round_id)
        ).first()
        if row is None:
            return Phases()
        opens, due, closes, discussed = row
        return Phases(
            scoring_opens_at=opens, scoring_due_at=due, scoring_closes_at=closes, discussion_closes_at=discussed
        )

    def all(self) -> list[Round]:
        """Every round but drafts, the newest first."""
        return list(
            self.session.scalars(select(Round).where(Round.state != "draft").order_by(Round.opens_at.desc(), Round.id))
        )


class People(Repository):
    """People, as last heard of."""

    def find(self, id: UUID) -> Person | None:
        """The person, if heard of."""
        return self.session.get(Person, id)

    def by_email(self, email: str) -> Person | None:
        """The person who has this address now."""
        return self.session.scalars(select(Person).where(Person.email == email)).first()

    def named(self, ids: Iterable[UUID]) -> dict[UUID, Person]:
        """The people with these ids, by id; those not heard of are left out."""
        found: dict[UUID, Person] = {}
        for some in batches(set(ids)):
            found.update({p.id: p for p in self.session.scalars(select(Person).where(Person.id.in_(some)))})
        return found


class Deliveries(Repository):
    """What became of messages that this service's events caused."""

    def find(self, message_id: UUID) -> Delivery | None:
        """The message, if heard of."""
        return self.session.get(Delivery, message_id)

    def about(self, subjects: Iterable[str], kind: str = "") -> dict[tuple[str, UUID | None], list[Delivery]]:
        """Messages about these subjects, newest first, by (subject, person); only kinds that begin with `kind`."""
        found: dict[tuple[str, UUID | None], list[Delivery]] = {}
        for some in batches(set(subjects)):
            rows = self.session.scalars(select(Delivery).where(Delivery.about.in_(some)).order_by(Delivery.at.desc()))
            for row in (row for row in rows if row.kind.startswith(kind)):
                found.setdefault((row.about, row.person_id), []).append(row)
        return found
