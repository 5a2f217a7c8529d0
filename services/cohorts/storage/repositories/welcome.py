"""Welcome packs, the directory of signposts, and calendars to subscribe to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from services.cohorts.storage.repositories.base import Repository
from services.cohorts.storage.tables import CalendarFeed, Signpost, WelcomeAcknowledgement, WelcomePack


class Welcome(Repository):
    """Welcome packs in their versions, and who has read them."""

    def get(self, id: UUID, *, lock: bool = False) -> WelcomePack:
        """The pack; raises NotFound."""
        return self._get(WelcomePack, id, "welcome pack", lock=lock)

    def newest(self, cohort_id: UUID, language: str) -> WelcomePack | None:
        """The newest version in a language, published or not."""
        where = (WelcomePack.cohort_id == cohort_id, WelcomePack.language == language)
        return self.session.scalars(select(WelcomePack).where(*where).order_by(WelcomePack.version.desc())).first()

    def published(self, cohort_id: UUID, language: str) -> WelcomePack | None:
        """The newest published version in a language."""
        where = (
            WelcomePack.cohort_id == cohort_id,
            WelcomePack.language == language,
            WelcomePack.published_at.is_not(None),
        )
        return self.session.scalars(select(WelcomePack).where(*where).order_by(WelcomePack.version.desc())).first()

    def acknowledge(self, pack_id: UUID, person_id: UUID, now: datetime) -> None:
        """Keep that somebody has read it, once."""
        if self.session.get(WelcomeAcknowledgement, (pack_id, person_id)) is None:
            self.session.add(WelcomeAcknowledgement(pack_id=pack_id, person_id=person_id, at=now))

    def acknowledged(self, pack_id: UUID, person_id: UUID) -> datetime | None:
        """When somebody said that they have read it."""
        row = self.session.get(WelcomeAcknowledgement, (pack_id, person_id))
        return row.at if row else None

    def read_versions(self, cohort_id: UUID) -> dict[UUID, int]:
        """Of each person, the highest version that they have read."""
        statement = (
            select(WelcomeAcknowledgement.person_id, func.max(WelcomePack.version))
            .join(WelcomePack, WelcomePack.id == WelcomeAcknowledgement.pack_id)
            .where(WelcomePack.cohort_id == cohort_id)
            .group_by(WelcomeAcknowledgement.person_id)
        )
        return dict(self.session.execute(statement).all())


class Signposts(Repository):
    """The directory."""

    def get(self, id: UUID) -> Signpost:
        """The entry; raises NotFound."""
        return self._get(Signpost, id, "entry")

    def all(self) -> list[Signpost]:
        """Every entry by topic and title."""
        return list(self.session.scalars(select(Signpost).order_by(Signpost.topic, Signpost.title, Signpost.id)))


class Feeds(Repository):
    """Private calendar addresses."""

    def find(self, id: UUID | None) -> CalendarFeed | None:
        """The feed, if there is one with that number."""
        return self.session.get(CalendarFeed, id) if id else None

    def of_person(self, person_id: UUID) -> CalendarFeed | None:
        """A person's feed, working or ended."""
        return self.session.scalars(select(CalendarFeed).where(CalendarFeed.person_id == person_id)).first()
