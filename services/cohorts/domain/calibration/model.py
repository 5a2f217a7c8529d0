"""Reviews, and what calibrating them says about applications and reviewers."""

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Review(NamedTuple):
    """One score that a reviewer gave an application, in all or on one criterion."""

    reviewer: str
    application: str
    score: float
    criterion: str = ""


Method = Literal["full", "shrunk", "raw", "refused"]
RefusalReason = Literal["too-few-reviews", "not-connected"]


@dataclass(frozen=True)
class ApplicationScore:
    """Mean score as given (`raw`) and with reviewers' leniency taken out; None where calibration was refused."""

    application: str
    raw: float
    adjusted: float | None
    standard_error: float | None
    n: int


@dataclass(frozen=True)
class ReviewerLeniency:
    """Points by which a reviewer scores above (or, negative, below) the average reviewer of the same work."""

    reviewer: str
    leniency: float | None
    standard_error: float | None
    n: int


@dataclass(frozen=True)
class Disagreement:
    """An application whose reviewers differ more than noise explains, after leniency is taken out.

    `spread` and `expected` are standard deviations between reviews; `chance`: how often noise alone gives as much.
    """

    application: str
    spread: float
    expected: float
    chance: float
    n: int


@dataclass(frozen=True)
class Refusal:
    """Why no adjusted scores are given. `islands` are groups of reviewers who share no application."""

    reason: RefusalReason
    message: str
    islands: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Calibration:
    """The answer for one round (or one island of it), in the order of ids.

    `method`: `full`, leniency taken out in full; `shrunk`, drawn towards nothing by its estimated variance; `raw`,
    scores left alone, as reviewers cannot be told apart; `refused`. `leniency_sd` and `noise_sd` are the estimated
    standard deviations. `tie` is how many shared readings the weakest comparison between reviewers rests on. `islands`
    holds each island calibrated apart where the round was refused for not being connected.
    """

    applications: tuple[ApplicationScore, ...]
    reviewers: tuple[ReviewerLeniency, ...]
    method: Method
    note: str
    refused: Refusal | None = None
    leniency_sd: float | None = None
    noise_sd: float | None = None
    tie: float | None = None
    disagreements: tuple[Disagreement, ...] = ()
    islands: tuple["Calibration", ...] = ()
