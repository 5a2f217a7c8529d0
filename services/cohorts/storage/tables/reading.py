"""What surrounds a review: private notes, redacted answers, and what a panel says to each other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class ReviewNote(Base):
    """A reviewer's notes to themselves about an application. Nobody else is ever shown them."""

    __tablename__ = "review_notes"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    revision: Mapped[Revision]


class Redaction(Base):
    """One thing staff did about names inside an answer. The newest for an answer counts; none is ever changed.

    `action`: redacted (reviewers see `text` instead), cleared (looked at, may stay) or restored (the original again).
    """

    __tablename__ = "redactions"
    __table_args__ = (Index("ix_redactions_application_id", "application_id", "question_id", "id"),)

    id: Mapped[Id]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    question_id: Mapped[Line]
    action: Mapped[Code]
    text: Mapped[str] = mapped_column(Text)
    original: Mapped[Line]
    """SHA-256 of the answer that it was made on: another answer has to be looked at again."""
    reason: Mapped[Line]
    by_id: Mapped[UUID | None]
    by_name: Mapped[Line]
    at: Mapped[datetime]


class DiscussionPost(Base):
    """What a member of the panel, or of staff (no member), said about an application in its discussion."""

    __tablename__ = "discussion_posts"
    __table_args__ = (Index("ix_discussion_posts_application_id", "application_id", "id"),)

    id: Mapped[Id]
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    panel_member_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel_members.id"))
    by_id: Mapped[UUID | None]
    by_name: Mapped[Line]
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[Line]
