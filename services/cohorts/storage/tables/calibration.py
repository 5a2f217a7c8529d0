"""Calibration: what each run said of reviewers, and the scores that count now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.cohorts.storage.tables.base import Base, Code, Id, Line


class CalibrationRun(Base):
    """One calibration of a round's reviews, kept as it came out. Never changed.

    `reviewers`: [{member_id, leniency, standard_error, n}]; `applications`: [{application_id, raw, adjusted,
    standard_error, n}]; `disagreements`: [{application_id, spread, expected, chance, n}]; `criteria`: [{criterion,
    label, method, leniency_sd, reviewers}]; `refused`: {reason, message, islands: [[member_id]]}. Ids as text.
    """

    __tablename__ = "calibration_runs"

    id: Mapped[Id]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    by_name: Mapped[Line]
    cause: Mapped[Code]
    """asked (by staff) or closed (reviewing closed)."""
    method: Mapped[Code]
    """full, shrunk, raw or refused: see `services.cohorts.domain.calibration`."""
    note: Mapped[str] = mapped_column(Text)
    reviews: Mapped[int]
    fingerprint: Mapped[Line]
    """Of the reviews that went in: the same while nothing has changed since."""
    leniency_sd: Mapped[float | None]
    noise_sd: Mapped[float | None]
    tie: Mapped[float | None]
    refused: Mapped[dict[str, Any] | None]
    reviewers: Mapped[list[dict[str, Any]]]
    applications: Mapped[list[dict[str, Any]]]
    disagreements: Mapped[list[dict[str, Any]]]
    criteria: Mapped[list[dict[str, Any]]]


class CalibratedScore(Base):
    """An application's score in its round's newest run, on the rubric's scale. `adjusted` is None where it is refused.

    One row for each application that has a review: made to be joined to a list of applications.
    """

    __tablename__ = "calibrated_scores"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("calibration_runs.id"), index=True)
    raw: Mapped[float]
    adjusted: Mapped[float | None]
    standard_error: Mapped[float | None]
    n: Mapped[int]
