"""What sending keeps beside the messages: their history, what came back, who wants what, batches, settings, news."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.storage.base import Base


class HistoryRow(Base):
    """Something that happened to a message beside its plain way from the queue to the next server."""

    __tablename__ = "message_history"
    __table_args__ = (Index("ix_message_history_message", "message_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(20))
    """The state it came to, or what somebody did: released, retried, moved."""
    reason: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[UUID | None]
    """Who of staff did it; None when nobody did."""


class BounceRow(Base):
    """A report that came back, once however often and by whichever way it is handed in."""

    __tablename__ = "bounces"
    __table_args__ = (Index("ix_bounces_email", "email", "kind", "at"), Index("ix_bounces_at", "at"))

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Digest of what makes it this very report."""
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(20))
    """mailbox, command, hook or server (the reply to the message itself)."""
    kind: Mapped[str] = mapped_column(String(20))
    """failed, mailbox-full, delayed, delivered, complaint or unmatched."""
    status: Mapped[str] = mapped_column(String(12), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    message_id: Mapped[UUID | None] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(Text, default="")


class PreferencesRow(Base):
    """What a person wants to get, and when."""

    __tablename__ = "preferences"

    recipient: Mapped[str] = mapped_column(String(320), primary_key=True)
    choices: Mapped[dict[str, Any]]
    """Category -> whether they want it; those left out are as they are for everybody."""
    zone: Mapped[str | None] = mapped_column(String(60))
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_until: Mapped[str | None] = mapped_column(String(5))
    changed_at: Mapped[datetime]


class BatchRow(Base):
    """Messages of one cause that wait for staff to look at them and let them go together."""

    __tablename__ = "batches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(20), index=True)
    """held, released or cancelled."""
    held_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    send_at: Mapped[datetime | None]


class SettingsRow(Base):
    """The programme's settings for sending; there is one row."""

    __tablename__ = "sending_settings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    values: Mapped[dict[str, Any]]
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]


class NewsRow(Base):
    """Something that staff want in the next digest."""

    __tablename__ = "news"
    __table_args__ = (Index("ix_news_from", "show_from"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(String(2000), default="")
    language: Mapped[str | None] = mapped_column(String(20))
    """Who reads it; None: everybody."""
    show_from: Mapped[datetime]
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)


class RoundRow(Base):
    """Our copy of a round, for the digest."""

    __tablename__ = "rounds"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(20))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(60))
    sequence: Mapped[int]


class DigestRow(Base):
    """A period whose digest was made. The news of the next one begins where this one ended."""

    __tablename__ = "digests"

    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    made_at: Mapped[datetime]
    messages: Mapped[int]
