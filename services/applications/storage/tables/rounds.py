"""Rounds, with every version of their forms and rules that was ever published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class RoundRow(Base):
    """One call for applications."""

    __tablename__ = "rounds"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    texts: Mapped[dict[str, Any]]
    """title, summary and about, each by language."""
    state: Mapped[str] = mapped_column(String(20), index=True)
    zone: Mapped[str] = mapped_column(String(60))
    opens: Mapped[str] = mapped_column(String(16))
    deadline: Mapped[str] = mapped_column(String(16))
    """Wall-clock times in `zone`, as staff typed them: 2027-02-28 23:59."""
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """The moments they mean; `closes_at` is the first that is too late."""
    decisions_by: Mapped[str | None] = mapped_column(String(10))
    places: Mapped[int | None]
    show_scores: Mapped[bool] = mapped_column(default=False)
    form_version: Mapped[int]
    rules_version: Mapped[int]
    rubric: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class FormVersionRow(Base):
    """A form as it was published; never changed afterwards."""

    __tablename__ = "form_versions"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    published_by: Mapped[str] = mapped_column(String(200), default="", server_default="")


class RulesVersionRow(Base):
    """Priority rules as they were published; never changed afterwards."""

    __tablename__ = "rules_versions"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    definition: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(String(400), default="", server_default="")
    form_version: Mapped[int | None]
    """The form that they were checked against; a later form need not have the questions that they look at."""
