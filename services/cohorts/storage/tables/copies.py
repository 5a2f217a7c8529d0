"""This service's own copies of what the others own, as their events told it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class Person(Base):
    """Somebody with an account, as last heard of."""

    __tablename__ = "people"

    id: Mapped[Id]
    name: Mapped[Line]
    email: Mapped[Line] = mapped_column(index=True)
    language: Mapped[Code]
    roles: Mapped[list[str]]
    sequence: Mapped[int]


class Round(Base):
    """A round of applications, as last heard of."""

    __tablename__ = "rounds"

    id: Mapped[Id]
    slug: Mapped[Line]
    title: Mapped[Line]
    state: Mapped[Code]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    zone: Mapped[Code]
    form_version: Mapped[int]
    rules_version: Mapped[int]
    questions: Mapped[list[dict[str, Any]]]
    attributes: Mapped[list[dict[str, Any]]]
    rubric: Mapped[list[dict[str, Any]]]
    rubric_revision: Mapped[int] = mapped_column(default=0)
    """0: as the applications service published it; above, how often staff have edited it here."""
    sequence: Mapped[int]


class RoundPlan(Base):
    """What staff settle for a round's reviewing and choosing."""

    __tablename__ = "round_plans"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    reviews_per_application: Mapped[int] = mapped_column(default=3)
    scoring_opens_at: Mapped[datetime | None]
    scoring_due_at: Mapped[datetime | None]
    review_closes_at: Mapped[datetime | None]
    """When scoring ends. See `services.cohorts.domain.phases`."""
    discussion_closes_at: Mapped[datetime | None]
    priority_weight: Mapped[int] = mapped_column(default=50)
    review_weight: Mapped[int] = mapped_column(default=50)
    places: Mapped[int] = mapped_column(default=30)
    respond_days: Mapped[int] = mapped_column(default=14)
    priority_top: Mapped[float] = mapped_column(default=0.0)
    revision: Mapped[Revision]


class Application(Base):
    """An application in the pool: what a blind panel may read, and the figures that rank it. No name, no address."""

    __tablename__ = "applications"
    __table_args__ = (
        Index("ix_applications_blended", "round_id", "state", "blended", "id"),
        Index("ix_applications_priority", "round_id", "state", "priority_score", "id"),
        Index("ix_applications_reference", "round_id", "state", "reference", "id"),
        Index("ix_applications_review", "round_id", "state", "review_mean", "id"),
        Index("ix_applications_spread", "round_id", "state", "review_spread", "id"),
    )

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    person_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[Code]
    submitted_at: Mapped[datetime]
    language: Mapped[Code]
    state: Mapped[Code]
    """in_pool or withdrawn."""
    stage: Mapped[Code]
    """What the applicant was last told: under_review, offered, waitlisted, unsuccessful, accepted, declined, lapsed."""
    visible: Mapped[dict[str, Any]]
    attributes: Mapped[dict[str, Any]]
    sequence: Mapped[int]
    priority_score: Mapped[float | None]
    breakdown: Mapped[list[dict[str, Any]]]
    rules_version: Mapped[int] = mapped_column(default=0)
    review_count: Mapped[int] = mapped_column(default=0)
    review_mean: Mapped[float | None]
    review_median: Mapped[float | None]
    review_spread: Mapped[float | None]
    flags: Mapped[int] = mapped_column(default=0)
    blended: Mapped[float | None]


class ApplicationIdentity(Base):
    """Who an application is from. Kept apart: no query for a reviewer names this table."""

    __tablename__ = "application_identities"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    organisation: Mapped[Line]
    organisation_key: Mapped[Line] = mapped_column(index=True)
    email_domain: Mapped[Line]
    answers: Mapped[dict[str, Any]]


class Delivery(Base):
    """What became of a message that one of our events caused. `about` is the event's subject."""

    __tablename__ = "deliveries"

    message_id: Mapped[Id]
    about: Mapped[Line] = mapped_column(index=True)
    person_id: Mapped[UUID | None]
    kind: Mapped[Code]
    state: Mapped[Code]
    reason: Mapped[Line]
    at: Mapped[datetime]
