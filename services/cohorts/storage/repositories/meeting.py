"""Places in sessions, and groups of participants."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, func, select

from services.cohorts.domain.session import GOING, WAITING
from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import Group, GroupMember, Participant, ProgrammeSession, SessionPlace


class Places(Repository):
    """Who signed up for a session, and who waits."""

    def find(self, session_id: UUID, person_id: UUID) -> SessionPlace | None:
        """Somebody's place, or their turn on the waiting list."""
        return self.session.get(SessionPlace, (session_id, person_id))

    def of_session(self, session_id: UUID) -> list[SessionPlace]:
        """Everybody, in the order in which they came."""
        return self._in_order(SessionPlace.session_id == session_id)

    def waiting(self, session_id: UUID) -> list[SessionPlace]:
        """The waiting list, who waits longest first."""
        return self._in_order(SessionPlace.session_id == session_id, SessionPlace.state == WAITING)

    def of_person(self, person_id: UUID) -> dict[UUID, SessionPlace]:
        """A person's places by session."""
        return {place.session_id: place for place in self._in_order(SessionPlace.person_id == person_id)}

    def _in_order(self, *where: Any) -> list[SessionPlace]:
        order = (SessionPlace.at, SessionPlace.person_id)
        return list(self.session.scalars(select(SessionPlace).where(*where).order_by(*order)))

    def going(self, session_id: UUID) -> int:
        """How many have a place."""
        where = (SessionPlace.session_id == session_id, SessionPlace.state == GOING)
        return self.session.scalar(select(func.count()).select_from(SessionPlace).where(*where)) or 0

    def remove(self, place: SessionPlace) -> None:
        """Take a place away."""
        self.session.delete(place)

    def clear(self, session_id: UUID) -> None:
        """Forget all the places of a session."""
        self.session.execute(delete(SessionPlace).where(SessionPlace.session_id == session_id))


class Groups(Repository):
    """Groups of a cohort, and whom a session is for."""

    def get(self, id: UUID, *, lock: bool = False) -> Group:
        """The group; raises NotFound."""
        return self._get(Group, id, "group", lock=lock)

    def of_cohort(self, cohort_id: UUID) -> list[Group]:
        """The cohort's groups by name."""
        return list(self.session.scalars(select(Group).where(Group.cohort_id == cohort_id).order_by(Group.name)))

    def members(self, group_id: UUID) -> set[UUID]:
        """Who is in a group."""
        return set(self.session.scalars(select(GroupMember.person_id).where(GroupMember.group_id == group_id)))

    def of_person(self, person_id: UUID) -> list[Group]:
        """The groups that a person is in."""
        statement = select(Group).join(GroupMember, GroupMember.group_id == Group.id)
        return list(self.session.scalars(statement.where(GroupMember.person_id == person_id).order_by(Group.name)))

    def join(self, group_id: UUID, person_id: UUID) -> None:
        """Put somebody into a group."""
        self.session.add(GroupMember(group_id=group_id, person_id=person_id))

    def leave(self, group_id: UUID, person_id: UUID) -> None:
        """Take somebody out of a group."""
        where = (GroupMember.group_id == group_id, GroupMember.person_id == person_id)
        self.session.execute(delete(GroupMember).where(*where))

    def remove(self, group: Group) -> None:
        """Take a group away, with its list of members."""
        self.session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
        self.session.delete(group)

    def audience(self, session: ProgrammeSession, group_id: UUID | Literal["own"] | None = "own") -> list[UUID]:
        """Whom a session is for, in a fixed order: the members of its group (or of another), else the whole cohort."""
        wanted = session.group_id if group_id == "own" else group_id
        statement = select(Participant.person_id).where(Participant.cohort_id == session.cohort_id)
        if wanted is not None:
            statement = statement.join(GroupMember, GroupMember.person_id == Participant.person_id)
            statement = statement.where(GroupMember.group_id == wanted)
        return list(self.session.scalars(statement.order_by(Participant.person_id)))
