"""Panels: who reads, what they must not read, and what they were given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
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
    capacity: Mapped[int]
    state: Mapped[Code]
    """invited, ready (terms agreed and conflicts declared) or left."""
    invited_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    revision: Mapped[Revision]


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
    """declared (by the member) or staff."""
    created_at: Mapped[datetime]


class Assignment(Base):
    """One application on one member's list."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("application_id", "panel_member_id"),)

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    panel_member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_members.id"), index=True)
    state: Mapped[Code]
    """assigned, recused (handed back) or removed."""
    reason: Mapped[Line]
    assigned_at: Mapped[datetime]
