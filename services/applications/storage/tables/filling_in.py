"""What filling in keeps beside the answers: helpers, who changed what, files, personal deadlines, typed-in paper."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class HelperRow(Base):
    """Somebody whom an applicant asked to help. Who signs in with `email` and says yes may open `sections`."""

    __tablename__ = "helpers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    email: Mapped[str] = mapped_column(String(320), index=True)
    sections: Mapped[list[str]]
    may_submit: Mapped[bool] = mapped_column(default=False)
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(20), default="")
    """applicant, helper, or sent when the application was; empty while it lasts."""


class ChangeRow(Base):
    """Which answers of a section somebody changed, and when: never what they said before."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_application_at", "application_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    section_id: Mapped[str] = mapped_column(String(100))
    questions: Mapped[list[str]]
    person_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(20))
    """applicant, helper or staff."""
    at: Mapped[datetime]


class UploadRow(Base):
    """A file given as an answer. Its bytes are in the file store under `stored`, sealed."""

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(120))
    """A safe name to show and to save it under, with the ending of what it truly is."""
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    stored: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    """waiting, clean, unchecked (no scanner is set up), infected, or failed (the scanner gave no answer)."""
    reason: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


class StoredFileRow(Base):
    """A sealed file, where files are kept in the database."""

    __tablename__ = "stored_files"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ExtensionRow(Base):
    """More time for one person in one round. The newest one counts; earlier ones are kept."""

    __tablename__ = "extensions"
    __table_args__ = (Index("ix_extensions_round_person", "round_id", "person_id", "given_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(index=True)
    until: Mapped[str] = mapped_column(String(16))
    zone: Mapped[str] = mapped_column(String(60))
    """The wall-clock time as staff typed it: 2027-03-05 23:59, in an IANA zone."""
    closes_at: Mapped[datetime]
    """The moment it means: the first that is too late."""
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[UUID]
    given_at: Mapped[datetime]


class EntryRow(Base):
    """An application that staff typed in: how and when it reached them, and who typed it."""

    __tablename__ = "entries"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    typed_by: Mapped[UUID]
    typed_at: Mapped[datetime]
