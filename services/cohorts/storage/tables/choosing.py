"""Selections that were computed, and the decisions that staff made of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line, Revision


class SelectionRun(Base):
    """One selection: what went in, what came out. Never changed once written."""

    __tablename__ = "selection_runs"

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    title: Mapped[Line]
    created_by: Mapped[UUID | None]
    created_by_name: Mapped[Line]
    created_at: Mapped[datetime]
    size: Mapped[int]
    targets: Mapped[list[dict[str, Any]]]
    one_per_organisation: Mapped[bool]
    pinned_in: Mapped[list[dict[str, Any]]]
    pinned_out: Mapped[list[dict[str, Any]]]
    priority_weight: Mapped[int]
    review_weight: Mapped[int]
    data_hash: Mapped[Line]
    """SHA-256 of the pool and the question, so that anyone can check what the answer was about."""
    pool_size: Mapped[int]
    left_out: Mapped[int]
    """Applications in the round that had no score yet."""
    status: Mapped[Code]
    objective: Mapped[float | None]
    bound: Mapped[float | None]
    counts: Mapped[list[dict[str, Any]]]
    relaxation: Mapped[list[dict[str, Any]]]
    clash: Mapped[list[str]]
    seconds: Mapped[float]
    kind: Mapped[Code] = mapped_column(default="selection", server_default="selection")
    """selection (the highest total) or lottery (drawn)."""
    scores: Mapped[Code] = mapped_column(default="raw", server_default="raw")
    """Which review scores were blended: raw, or adjusted for lenient and harsh reviewers."""
    seed: Mapped[Line] = mapped_column(default="", server_default="")
    """What decides between equally good choices."""


class SelectedPerson(Base):
    """What a selection says of one application, and why."""

    __tablename__ = "selected_people"
    __table_args__ = (Index("ix_selected_people_rank", "run_id", "chosen", "score"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("selection_runs.id"), primary_key=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    chosen: Mapped[bool]
    score: Mapped[float]
    reason_code: Mapped[Code]
    reason: Mapped[str] = mapped_column(Text)
    points: Mapped[float | None]
    """Chosen: what they could lose and stay. Not chosen: what they were short of. None: no points would do."""
    exact: Mapped[bool] = mapped_column(default=True, server_default=true())
    rules: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Numbers of the targets without which the outcome would be another."""
    instead: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """References of those who would come in, or go out, without the first of these targets."""


class Release(Base):
    """A round's decisions: staged, looked at, then released to everybody at once."""

    __tablename__ = "releases"

    id: Mapped[Id]
    # One set of decisions to a round: this is what keeps two members of staff from making two.
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), unique=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("selection_runs.id"))
    state: Mapped[Code]
    """staged or released."""
    waitlist: Mapped[int]
    respond_by: Mapped[datetime]
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_name: Mapped[Line]
    revision: Mapped[Revision]


class Decision(Base):
    """One application's outcome: offered, waitlisted or unsuccessful."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("release_id", "application_id"),
        Index("ix_decisions_rank", "release_id", "rank"),
    )

    id: Mapped[Id]
    release_id: Mapped[UUID] = mapped_column(ForeignKey("releases.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    outcome: Mapped[Code]
    rank: Mapped[int]
    """Place by score among all decisions of the release, from 1."""
    score: Mapped[float | None]
    feedback: Mapped[str] = mapped_column(Text)
    feedback_by_name: Mapped[Line] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    """When somebody said that these words may go out; empty again whenever they change."""
    approved_by_name: Mapped[Line] = mapped_column(default="")
    told_at: Mapped[datetime | None]
    revision: Mapped[Revision]


class FeedbackPhrase(Base):
    """A sentence that feedback may be made from."""

    __tablename__ = "feedback_phrases"

    id: Mapped[Id]
    language: Mapped[Code]
    outcome: Mapped[Code]
    """Which outcome it suits; "" suits each."""
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_name: Mapped[Line]
    revision: Mapped[Revision]
