"""What staff see of a round's calibration: leniency by name, raw beside adjusted, and what to talk about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.storage.tables import Application, CalibratedScore, CalibrationRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.calibrate_reviews import fingerprint

SURE = 1.96
"""Standard errors on either side that make a 95% interval."""


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """One reviewer's leniency with its likely range; None where it was refused."""

    member_id: UUID
    name: str
    leniency: float | None
    standard_error: float | None
    n: int

    @property
    def low(self) -> float | None:
        """The lower end of the likely range."""
        return None if self.leniency is None else self.leniency - SURE * (self.standard_error or 0.0)

    @property
    def high(self) -> float | None:
        """The upper end of the likely range."""
        return None if self.leniency is None else self.leniency + SURE * (self.standard_error or 0.0)

    @property
    def as_dot(self) -> dict[str, Any]:
        """As the dot plot draws it."""
        return {"label": self.name, "value": self.leniency, "low": self.low, "high": self.high, "n": self.n}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """An application's raw score beside the adjusted one, with its place by each (equal scores share a place)."""

    application: Application
    score: CalibratedScore
    raw_place: int
    place: int | None

    @property
    def moved(self) -> int:
        """Places gained (or, negative, lost) by adjusting."""
        return 0 if self.place is None else self.raw_place - self.place


@dataclass(frozen=True, slots=True)
class TriageLine:
    """An application to talk about: its reviewers disagree more than noise explains, or somebody flagged it."""

    application: Application
    flags: int
    spread: float | None = None
    expected: float | None = None
    chance: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """Calibration of one criterion by itself."""

    label: str
    method: str
    leniency_sd: float | None
    noise_sd: float | None


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """A round's newest calibration; `run` is None before the first. `fresh`: no review has changed since."""

    round_id: UUID
    run: CalibrationRun | None
    fresh: bool
    reviews: int
    reviewers: tuple[ReviewerLine, ...] = ()
    rows: tuple[ScoreRow, ...] = ()
    triage: tuple[TriageLine, ...] = ()
    criteria: tuple[CriterionLine, ...] = ()
    islands: tuple[tuple[str, ...], ...] = ()
    runs: tuple[CalibrationRun, ...] = ()


def see_calibration(uow: CohortsUnit, round_id: UUID) -> CalibrationView:
    """The newest calibration of a round; raises NotFound where there is no such round."""
    uow.rounds.get(round_id)
    reviews, runs = uow.calibrations.reviews(round_id), uow.calibrations.runs(round_id)
    if not runs:
        return CalibrationView(round_id, None, fresh=False, reviews=len(reviews), triage=_triage(uow, round_id, []))
    run = runs[0]
    names = {str(member.id): member.name for member in uow.panels.of_round(round_id)}
    return CalibrationView(
        round_id=round_id,
        run=run,
        fresh=run.fingerprint == fingerprint(reviews),
        reviews=len(reviews),
        reviewers=_reviewers(run.reviewers, names),
        rows=_rows(uow.calibrations.scores(round_id)),
        triage=_triage(uow, round_id, run.disagreements),
        criteria=tuple(
            CriterionLine(one["label"], one["method"], one["leniency_sd"], one["noise_sd"]) for one in run.criteria
        ),
        islands=tuple(
            tuple(names.get(member, "Somebody who left") for member in group)
            for group in (run.refused or {}).get("islands", ())
        ),
        runs=tuple(runs),
    )


def _reviewers(lines: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[ReviewerLine, ...]:
    """The most lenient first; by name where nothing is known of leniency."""
    found = [
        ReviewerLine(
            UUID(line["member_id"]),
            names.get(line["member_id"], "Somebody who left"),
            line["leniency"],
            line["standard_error"],
            line["n"],
        )
        for line in lines
    ]
    return tuple(sorted(found, key=lambda one: (-(one.leniency or 0.0), one.name)))


def _rows(scores: Sequence[tuple[Application, CalibratedScore]]) -> tuple[ScoreRow, ...]:
    raw = _places([score.raw for _, score in scores])
    adjusted = _places([score.adjusted for _, score in scores if score.adjusted is not None])
    rows = [
        ScoreRow(application, score, raw[score.raw], None if score.adjusted is None else adjusted[score.adjusted])
        for application, score in scores
    ]
    return tuple(sorted(rows, key=lambda row: (row.place or row.raw_place, row.raw_place, row.application.reference)))


def _places(values: Sequence[float]) -> dict[float, int]:
    """The place of each value, the highest first; equal values share the better place."""
    places: dict[float, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        places.setdefault(value, place)
    return places


def _triage(uow: CohortsUnit, round_id: UUID, found: Sequence[Mapping[str, Any]]) -> tuple[TriageLine, ...]:
    """Disagreements, the least likely to be chance first; then what was flagged only."""
    pool = {str(row.id): row for row in uow.applications.pool(round_id)}
    lines = [
        TriageLine(
            pool[one["application_id"]],
            pool[one["application_id"]].flags,
            one["spread"],
            one["expected"],
            one["chance"],
            one["n"],
        )
        for one in found
        if one["application_id"] in pool
    ]
    told = {line.application.id for line in lines}
    flagged = [TriageLine(row, row.flags) for row in pool.values() if row.flags and row.id not in told]
    return (*lines, *sorted(flagged, key=lambda line: (-line.flags, line.application.reference)))
