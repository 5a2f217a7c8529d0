"""Assignment of reviewers: who reviews what, topped up, re-balanced, or checked by hand."""

from .blocking import Blocked, blocked_because
from .engine import assign
from .model import Assignment, Clash, Pair
from .rebalance import Rebalanced, rebalance

__all__ = ["Assignment", "Blocked", "Clash", "Pair", "Rebalanced", "assign", "blocked_because", "rebalance"]
