"""What a cohort is welcomed with, and where else people can turn."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class WelcomePack(Base):
    """A version of a cohort's welcome pack in one language. Published, it never changes."""

    __tablename__ = "welcome_packs"
    __table_args__ = (UniqueConstraint("cohort_id", "language", "version"),)

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"))
    language: Mapped[Code]
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    """Markdown."""
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[Line] = mapped_column(default="")
    revision: Mapped[Revision]


class WelcomeAcknowledgement(Base):
    """Somebody said that they have read a published welcome pack."""

    __tablename__ = "welcome_acknowledgements"

    pack_id: Mapped[UUID] = mapped_column(ForeignKey("welcome_packs.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    at: Mapped[datetime]


class Signpost(Base):
    """Somewhere else to turn to: what it is, how to reach it, who keeps the entry, and when it is looked at again."""

    __tablename__ = "signposts"

    id: Mapped[Id]
    title: Mapped[Line]
    about: Mapped[str] = mapped_column(Text)
    topic: Mapped[Line]
    link: Mapped[Line]
    phone: Mapped[Line]
    area: Mapped[Line]
    languages: Mapped[Line]
    owner_name: Mapped[Line]
    review_on: Mapped[date] = mapped_column(index=True)
    checked_on: Mapped[date]
    revision: Mapped[Revision]
