"""People, how they sign in, and their sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class PersonRow(Base):
    """Somebody with an account. `email` is normalised and unique; `totp_secret` is sealed."""

    __tablename__ = "people"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(400))
    language: Mapped[str] = mapped_column(String(20))
    roles: Mapped[list[str]]
    totp_secret: Mapped[str | None] = mapped_column(String(400))
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    totp_failures: Mapped[int] = mapped_column(default=0)
    totp_failed_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class RecoveryCodeRow(Base):
    """A one-time code for somebody who lost their second factor; only its hash is kept."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]


class SignInRequestRow(Base):
    """A request for a link and a code. Both are hashed, single-use, and live ten minutes."""

    __tablename__ = "sign_in_requests"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(400))
    language: Mapped[str] = mapped_column(String(20))
    address_hash: Mapped[str] = mapped_column(String(64), index=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    next_path: Mapped[str] = mapped_column(String(500))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SessionRow(Base):
    """A server-side session: revocable, with an idle and an absolute end. Only the cookie's hash is kept."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    methods: Mapped[list[str]]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
