"""Priority rules on their way: the draft that staff work on, and a rescoring with how far it has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.applications.storage.tables.base import Base


class RulesDraftRow(Base):
    """The rules that staff are working on, one draft for each round. It may be full of problems: nothing uses it."""

    __tablename__ = "rules_drafts"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    definition: Mapped[dict[str, Any]]
    updated_by: Mapped[str] = mapped_column(String(400))
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}


class RescoreRow(Base):
    """A round being scored again by a version of its rules.

    `state` is staging (scores are worked out beside those in force), ready (all are), or done (they are in force).
    `cursor` is the last application staged, in order of id.
    """

    __tablename__ = "rescores"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    rules_version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    total: Mapped[int]
    done: Mapped[int]
    cursor: Mapped[UUID | None]
    asked_by: Mapped[str] = mapped_column(String(400))
    problem: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
