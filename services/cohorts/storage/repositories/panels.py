"""Panel members, their conflicts and their lists."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from services.cohorts.domain.panel import LEFT
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Application, Assignment, Conflict, PanelMember

ASSIGNED, RECUSED, REMOVED, MOVED = "assigned", "recused", "removed", "moved"


class Panels(Repository):
    """Who is on a panel and what they must not read."""

    def get(self, id: UUID, *, lock: bool = False) -> PanelMember:
        """The member; raises NotFound."""
        return self._get(PanelMember, id, "panel member", lock=lock)

    def of_round(self, round_id: UUID) -> list[PanelMember]:
        """The round's members by name, those who left included."""
        where = PanelMember.round_id == round_id
        return list(self.session.scalars(select(PanelMember).where(where).order_by(PanelMember.name, PanelMember.id)))

    def serving(self, round_id: UUID) -> list[PanelMember]:
        """The round's members who have not left."""
        return [member for member in self.of_round(round_id) if member.state != LEFT]

    def invited(self, round_id: UUID, email: str) -> PanelMember | None:
        """The member of the round with this address."""
        where = (PanelMember.round_id == round_id, PanelMember.email == email)
        return self.session.scalars(select(PanelMember).where(*where)).first()

    def waiting_for(self, email: str) -> list[PanelMember]:
        """Members invited at this address who have no account yet."""
        where = (PanelMember.email == email, PanelMember.person_id.is_(None))
        return list(self.session.scalars(select(PanelMember).where(*where)))

    def of_person(self, person_id: UUID) -> list[PanelMember]:
        """Every panel that a person serves on, the newest first."""
        where = (PanelMember.person_id == person_id, PanelMember.state != LEFT)
        return list(self.session.scalars(select(PanelMember).where(*where).order_by(PanelMember.id.desc())))

    def conflicts(self, members: Iterable[UUID]) -> dict[UUID, list[Conflict]]:
        """The conflicts of each of these members."""
        found: dict[UUID, list[Conflict]] = {member: [] for member in members}
        where = Conflict.panel_member_id.in_(list(found))
        for row in self.session.scalars(select(Conflict).where(where).order_by(Conflict.created_at, Conflict.id)):
            found[row.panel_member_id].append(row)
        return found

    def conflict(self, member_id: UUID, conflict_id: UUID) -> Conflict:
        """One conflict of a member; raises NotFound."""
        row = self._get(Conflict, conflict_id, "conflict")
        if row.panel_member_id != member_id:
            return self._get(Conflict, UUID(int=0), "conflict")
        return row


class Assignments(Repository):
    """What is on whose list."""

    def get(self, id: UUID, *, lock: bool = False) -> Assignment:
        """The assignment; raises NotFound."""
        return self._get(Assignment, id, "review", lock=lock)

    def current(self, round_id: UUID) -> list[Assignment]:
        """Every assignment of a round that stands."""
        where = (Assignment.round_id == round_id, Assignment.state == ASSIGNED)
        return list(self.session.scalars(select(Assignment).where(*where).order_by(Assignment.id)))

    def handed_back(self, round_id: UUID) -> list[Assignment]:
        """Every assignment that its member gave back or that was taken away; one that only moved may come back."""
        where = (Assignment.round_id == round_id, Assignment.state.in_([RECUSED, REMOVED]))
        return list(self.session.scalars(select(Assignment).where(*where).order_by(Assignment.id)))

    def of_pairs(self, round_id: UUID) -> dict[tuple[UUID, UUID], Assignment]:
        """Every assignment there ever was in a round, by (application, member)."""
        rows = self.session.scalars(select(Assignment).where(Assignment.round_id == round_id))
        return {(row.application_id, row.panel_member_id): row for row in rows}

    def of_application(self, application_id: UUID) -> list[Assignment]:
        """The assignments of an application that stand."""
        where = (Assignment.application_id == application_id, Assignment.state == ASSIGNED)
        return list(self.session.scalars(select(Assignment).where(*where)))

    def of_member(self, member_id: UUID) -> list[Assignment]:
        """The assignments of a member that stand."""
        where = (Assignment.panel_member_id == member_id, Assignment.state == ASSIGNED)
        return list(self.session.scalars(select(Assignment).where(*where)))

    def loads(self, round_id: UUID) -> dict[UUID, int]:
        """How many applications are on each member's list."""
        rows = self.session.execute(
            select(Assignment.panel_member_id, func.count(Assignment.id))
            .join(Application, Application.id == Assignment.application_id)
            .where(Assignment.round_id == round_id, Assignment.state == ASSIGNED)
            .group_by(Assignment.panel_member_id)
        )
        return dict(rows.all())
