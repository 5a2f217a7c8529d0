"""Assignment of reviewers: who reviews what, topped up, re-balanced, or checked by hand."""

from .blocking import Blocked, blocked_because
from .engine import assign
from .model import STAGES, Assignment, Clash, Pair, Progress, quiet
from .rebalance import Rebalanced, rebalance

__all__ = [
    "STAGES",
    "Assignment",
    "Blocked",
    "Clash",
    "Pair",
    "Progress",
    "Rebalanced",
    "assign",
    "blocked_because",
    "quiet",
    "rebalance",
]
