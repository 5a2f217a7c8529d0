"""Calibration of reviews: how lenient is each reviewer, and what would the scores be without it?"""

from .engine import calibrate, calibrate_criteria
from .model import ApplicationScore, Calibration, Disagreement, Refusal, Review, ReviewerLeniency

__all__ = [
    "ApplicationScore",
    "Calibration",
    "Disagreement",
    "Refusal",
    "Review",
    "ReviewerLeniency",
    "calibrate",
    "calibrate_criteria",
]
