"""Panels: who reads, what they must not read, and what they were given."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class PanelMember(Base):
    """A reviewer on one round's panel. `person_id` is set once the invited address has an account."""

    __tablename__ = "panel_members"
    __table_args__ = (UniqueConstraint("round_id", "email"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[Line]
    email: Mapped[Line] = mapped_column(index=True)
    language: Mapped[Code]
    languages: Mapped[list[str]] = mapped_column(default=list)
    """Languages they can read besides `language`, which is the one we write to them in."""
    expertise: Mapped[list[str]] = mapped_column(default=list)
    """Words that are looked for among an application's attributes."""
    organisation: Mapped[Line] = mapped_column(default="")
    capacity: Mapped[int]
    state: Mapped[Code]
    """invited, ready (terms agreed and conflicts declared) or left."""
    invited_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    terms_version: Mapped[int | None]
    """The version of the panel's terms that they agreed to last; 0 for the standard terms."""
    reminded_at: Mapped[datetime | None]
    revision: Mapped[Revision]


class PanelTerms(Base):
    """One version of what a round's panel agrees to before the first read. Never changed."""

    __tablename__ = "panel_terms"
    __table_args__ = (UniqueConstraint("round_id", "version"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    published_by: Mapped[Line]
    published_at: Mapped[datetime]


class TermsAcceptance(Base):
    """A member agreed to a version of the terms, when."""

    __tablename__ = "terms_acceptances"
    __table_args__ = (UniqueConstraint("panel_member_id", "version"),)

    id: Mapped[Id]
    panel_member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_members.id"))
    version: Mapped[int]
    accepted_at: Mapped[datetime]


class OrganisationName(Base):
    """A compared name that the organisation register knows as another name of `canonical`, also a compared name."""

    __tablename__ = "organisation_names"

    name_key: Mapped[Line] = mapped_column(primary_key=True)
    canonical: Mapped[Line] = mapped_column(index=True)
    sequence: Mapped[int] = mapped_column(default=0)


class Conflict(Base):
    """A reason why a member may not read something: an organisation, an email domain, or one application."""

    __tablename__ = "conflicts"
    __table_args__ = (UniqueConstraint("panel_member_id", "kind", "value"),)

    id: Mapped[Id]
    panel_member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_members.id"))
    kind: Mapped[Code]
    value: Mapped[Line]
    """The key that is compared: see `services.cohorts.domain.panel`."""
    shown: Mapped[Line]
    source: Mapped[Code]
    """declared (by the member), staff, register (their own organisation) or email (their own address)."""
    created_at: Mapped[datetime]


class AssignmentDraft(Base):
    """A proposal that takes a while, worked out by a worker: one for each round and each way to share out."""

    __tablename__ = "assignment_drafts"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    mode: Mapped[Code] = mapped_column(primary_key=True)
    situation: Mapped[Line]
    """Names all that it follows from; one of another situation is not shown."""
    state: Mapped[Code]
    """waiting, ready or failed."""
    stage: Mapped[Code]
    """What is being worked out: see `services.cohorts.domain.assignment.STAGES`; empty until it is begun."""
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]]


class Assignment(Base):
    """One application on one member's list."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("application_id", "panel_member_id"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    panel_member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_members.id"), index=True)
    state: Mapped[Code]
    """assigned, recused (handed back), removed, or moved (given to somebody else when lists were shared out again)."""
    reason: Mapped[Line]
    assigned_at: Mapped[datetime]
