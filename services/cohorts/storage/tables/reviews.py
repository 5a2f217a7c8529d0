"""Reviews as they are written, and every version that was ever handed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class Review(Base):
    """A member's review of an assigned application. `scores` maps a criterion to {"score": 1-5, "reason": text}."""

    __tablename__ = "reviews"

    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"), primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    panel_member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_members.id"), index=True)
    state: Mapped[Code]
    """draft, submitted or abstained."""
    scores: Mapped[dict[str, Any]]
    comment: Mapped[str] = mapped_column(Text)
    flagged: Mapped[bool]
    flag_reason: Mapped[Line]
    overall: Mapped[float | None]
    """The rubric's weighted mean, 1 to 5; set while the review is submitted."""
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    revision: Mapped[Revision]


class ReviewVersion(Base):
    """What a review said at the moment it was submitted, reopened, revised, abstained from or set aside. Never
    changed.

    set_aside: typed in a window that another had overtaken, so that nobody loses it.
    """

    __tablename__ = "review_versions"

    id: Mapped[Id]
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignments.id"), index=True)
    action: Mapped[Code]
    revision: Mapped[int]
    scores: Mapped[dict[str, Any]]
    comment: Mapped[str] = mapped_column(Text)
    overall: Mapped[float | None]
    flagged: Mapped[bool] = mapped_column(default=False)
    flag_reason: Mapped[Line] = mapped_column(default="")
    note: Mapped[Line] = mapped_column(default="")
    """Why it was changed, where that is asked."""
    phase: Mapped[Code] = mapped_column(default="scoring")
    """scoring or discussion: when it was done."""
    at: Mapped[datetime]
