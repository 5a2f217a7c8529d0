"""Applications, what is set apart from them, their scores and where they stand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class ApplicationRow(Base):
    """One person's application to one round. `answers` holds no equality and no access answers."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        Index("ix_applications_round_submitted", "round_id", "state", "submitted_at", "id"),
        Index("ix_applications_round_reference", "round_id", "state", "reference", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    form_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]]
    visited: Mapped[list[str]]
    """Sections that the applicant has saved at least once, so that skipped optional ones can be told apart."""
    attributes: Mapped[dict[str, Any]]
    resume_nonce: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Since when this is an anonymous row, kept so that counts stay true: no answers, no reference, no words."""
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class SetApartRow(Base):
    """Equality and access answers, sealed and kept apart: they never reach a panel, a score or another service."""

    __tablename__ = "set_apart_answers"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class ScoreRow(Base):
    """A score that an application has, once had, or is about to have (while its round is scored again).

    The one in force is that of the round's `rules_version`: a whole round changes its scores with that one number.
    """

    __tablename__ = "scores"
    __table_args__ = (Index("ix_scores_round_order", "round_id", "rules_version", "score", "application_id"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    rules_version: Mapped[int] = mapped_column(primary_key=True)
    made_by: Mapped[int]
    """The version that gave it: an older one for who had withdrawn or been erased when the round was scored again."""
    round_id: Mapped[UUID]
    score: Mapped[float]
    breakdown: Mapped[list[dict[str, Any]]]
    """[{id, points}] of every rule, and of every cap that took something away; the labels are those of the version."""
    scored_at: Mapped[datetime]


class StatusRow(Base):
    """Where a submitted application stands, as the cohorts service last said."""

    __tablename__ = "statuses"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int]
    since: Mapped[datetime]


class DeliveryRow(Base):
    """What became of a message to a person about one of our things, as the notifications service said."""

    __tablename__ = "deliveries"

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(120), index=True)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int]
    at: Mapped[datetime]
