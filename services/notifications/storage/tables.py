"""Contacts, templates as they were published, messages, sessions and suppressed addresses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.storage import (  # their tables are part of the metadata
    sending_tables,  # noqa: F401
    template_tables,  # noqa: F401
)
from services.notifications.storage.base import Base, only_where

metadata = Base.metadata


class ContactRow(Base):
    """How to reach a person: our copy of what the applications service says, newest state."""

    __tablename__ = "contacts"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(400))
    email: Mapped[str] = mapped_column(String(320), index=True)
    language: Mapped[str] = mapped_column(String(20))
    sequence: Mapped[int]
    roles: Mapped[list[str] | None]
    """What they are in the programme; None for those told before we kept it."""


class TemplateRow(Base):
    """A published template; its hash names it for ever, and messages point to it."""

    __tablename__ = "templates"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), index=True)
    language: Mapped[str] = mapped_column(String(20))
    definition: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]


class MessageRow(Base):
    """One message to one person: made in the transaction of its event, the same Message-ID on every attempt."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("event_id", "recipient", "kind", "channel"),
        # A reminder is one for each version of a session and each time before it, however often it is asked for.
        UniqueConstraint(
            "session_id", "session_sequence", "recipient", "reminder_minutes", name="uq_messages_reminder"
        ),
        Index("ix_messages_due", "state", "next_at"),
        Index("ix_messages_session", "session_id", "recipient"),
        Index("ix_messages_newest", "queued_at", "id"),
        # Few messages have a lease at any moment, of however many there are.
        Index("ix_messages_lease", "lease_until", **only_where("lease_until IS NOT NULL")),
        Index("ix_messages_domain", "domain", "handed_at", **only_where("handed_at IS NOT NULL")),
        # One digest for each person and period, whatever event or clock asks for it.
        Index("uq_messages_period", "recipient", "kind", "period", unique=True, **only_where("period IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    recipient: Mapped[str] = mapped_column(String(320))
    """The person's id, or the address where there is no account yet: what "the same recipient" means."""
    kind: Mapped[str] = mapped_column(String(60), index=True)
    channel: Mapped[str] = mapped_column(String(20), default="email")
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(400))
    email: Mapped[str] = mapped_column(String(320), index=True)
    language: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(ForeignKey("templates.hash"))
    """The words it goes out in. For a change sent to somebody never invited: those of an invitation."""
    values: Mapped[dict[str, Any]]
    about: Mapped[str] = mapped_column(String(120), index=True)
    correlation_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[UUID | None]
    session_sequence: Mapped[int | None]
    """The SEQUENCE that the calendar part carries, or that a reminder was made for."""
    session_method: Mapped[str | None] = mapped_column(String(10))
    session_version: Mapped[int | None]
    """Which version of the session it tells. A person taken off the list is sent it with a SEQUENCE one higher."""
    reminder_minutes: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int] = mapped_column(default=0)
    unknown_retries: Mapped[int] = mapped_column(default=0)
    """How often it went again although an earlier attempt may have arrived."""
    queued_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    domain: Mapped[str] = mapped_column(String(255), default="", server_default="")
    """The receiving domain, for limits. Empty on messages from before it was kept."""
    batch_id: Mapped[UUID | None] = mapped_column(index=True)
    """The batch it was held in."""
    period: Mapped[str | None] = mapped_column(String(10))
    """For digests: the first day of the period, as 2027-02-01."""


class SessionRow(Base):
    """A session as the cohorts service last published it."""

    __tablename__ = "sessions"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    calendar_sequence: Mapped[int]
    event_sequence: Mapped[int]
    stamp: Mapped[datetime]
    state: Mapped[dict[str, Any]]


class SessionVersionRow(Base):
    """A version of a session that messages were made from: the same bytes on every attempt."""

    __tablename__ = "session_versions"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    calendar_sequence: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[datetime]
    state: Mapped[dict[str, Any]]


class SuppressionRow(Base):
    """An address that is known not to work, or that must not be written to. Lifted ones stay, to be accounted for."""

    __tablename__ = "suppressions"

    email: Mapped[str] = mapped_column(String(320), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(20), default="server", server_default="server")
    """server, bounce, mailbox-full, staff or import."""
    until: Mapped[datetime | None]
    """It ends by itself then; None: only when staff lift it."""
    message_id: Mapped[UUID | None]
    added_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]


class PreviewRow(Base):
    """A message as it would be, to be looked at before it is caused. Forgotten after some hours."""

    __tablename__ = "previews"

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(20))
    template: Mapped[str] = mapped_column(ForeignKey("templates.hash"))
    name: Mapped[str] = mapped_column(String(400))
    values: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
