"""Surveys: what they ask, who is invited, and what was answered.

Named answers belong to a person. Anonymous ones stand in a table of their own that has no person, no time and no number
that counts: see docs/decisions/0012-anonymous-surveys.md before adding a column to it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class Survey(Base):
    """A survey of a cohort. Once published, what it asks never changes."""

    __tablename__ = "surveys"

    id: Mapped[Id]
    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohorts.id"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    """For the moment "session": of whose people it asks."""
    moment: Mapped[Code]
    """baseline, mid, end or session."""
    anonymous: Mapped[bool]
    title: Mapped[Line]
    intro: Mapped[str] = mapped_column(Text)
    questions: Mapped[list[dict[str, Any]]]
    """As `services.cohorts.domain.survey` writes them."""
    words: Mapped[dict[str, Any]]
    """Language -> {key: text}: what it says in other languages."""
    minutes: Mapped[int | None]
    opens_at: Mapped[datetime | None]
    """None: as soon as it is published."""
    closes_at: Mapped[datetime | None]
    state: Mapped[Code]
    """draft, published or closed."""
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[Line] = mapped_column(default="")
    invited: Mapped[int | None]
    """How many were invited, and how many answered: counted when it closes, None before."""
    answered: Mapped[int | None]
    revision: Mapped[Revision]


class SurveyInvitation(Base):
    """Somebody is asked to answer. Whether they have is forgotten when an anonymous survey closes."""

    __tablename__ = "survey_invitations"

    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    answered: Mapped[bool]


class SurveyAnswer(Base):
    """What one person answered in a survey with names."""

    __tablename__ = "survey_answers"
    __table_args__ = (UniqueConstraint("survey_id", "person_id"),)

    id: Mapped[Id]
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"))
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    """None once the person is erased: the answers that are counted stay."""
    answers: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class AnonymousAnswer(Base):
    """What somebody answered in an anonymous survey: nobody's, at no time. The id is random, never one that grows."""

    __tablename__ = "anonymous_answers"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    survey_id: Mapped[UUID] = mapped_column(ForeignKey("surveys.id"), index=True)
    answers: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
