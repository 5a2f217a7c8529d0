"""What people ask about their own data: copies of it, corrections, another address, erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base
from shared.database import Json


class DataRequestRow(Base):
    """Somebody asked for a copy of their data. The private key that opens the parts is sealed, and goes with them."""

    __tablename__ = "data_requests"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    asked_by: Mapped[UUID]
    """The person, or a member of staff who asked for them."""
    language: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    """gathering, ready or ended."""
    private_key: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    ready_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    downloads: Mapped[int] = mapped_column(default=0)


class DataPartRow(Base):
    """A piece of what another service holds on the person, sealed for the request's key."""

    __tablename__ = "data_parts"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("data_requests.id", ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[int]
    sealed: Mapped[str] = mapped_column(Text)


class ErasureRow(Base):
    """Somebody is to be erased, or was. Afterwards it holds no name and no address: a number, times and counts."""

    __tablename__ = "erasures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    by_staff: Mapped[bool]
    state: Mapped[str] = mapped_column(String(20), index=True)
    """held, running, done, cancelled or refused."""
    holds: Mapped[list[str]]
    """Why it waits: open_case, works_here."""
    reason: Mapped[str] = mapped_column(Text)
    """Why staff refused it."""
    language: Mapped[str] = mapped_column(String(20))
    contact: Mapped[str | None] = mapped_column(Text)
    """Where the certificate goes, sealed; emptied when it is on its way."""
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    """When the services that had not confirmed were asked once more."""


class ConfirmationRow(Base):
    """One service's word that it has erased somebody: kind -> rows, reason -> rows that stay without their data."""

    __tablename__ = "erasure_confirmations"

    erasure_id: Mapped[UUID] = mapped_column(ForeignKey("erasures.id", ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]
    erased: Mapped[dict[str, Any]]
    kept: Mapped[dict[str, Any]]


class EmailChangeRow(Base):
    """A wish to be written to at another address, until whoever reads that address confirms it."""

    __tablename__ = "email_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(String(320))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CorrectionRow(Base):
    """An answer that its owner put right, or asked to have put right, after sending. The one before is kept here."""

    __tablename__ = "corrections"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    question_id: Mapped[str] = mapped_column(String(100))
    before: Mapped[Any] = mapped_column(Json)
    wanted: Mapped[Any] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    """asked, made, noted (kept beside the answer, which stays) or refused."""
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(String(400))
    note: Mapped[str] = mapped_column(Text)
