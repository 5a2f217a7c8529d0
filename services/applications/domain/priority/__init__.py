"""Published priority rules: points by answers, with a breakdown that anybody can add up."""

from services.applications.domain.priority.answered import columns_of_answers, counting
from services.applications.domain.priority.columns import Column, Columns, columns_of
from services.applications.domain.priority.facts import facts_reader
from services.applications.domain.priority.model import Band, Cap, Rule, RuleKind, Rules, Tie, TieRule
from services.applications.domain.priority.parsing import parse_rules
from services.applications.domain.priority.scoring import (
    Breakdown,
    Line,
    Scores,
    breakdown_of,
    ranks,
    score,
    score_columns,
)

__all__ = [
    "Band",
    "Breakdown",
    "Cap",
    "Column",
    "Columns",
    "Line",
    "Rule",
    "RuleKind",
    "Rules",
    "Scores",
    "Tie",
    "TieRule",
    "breakdown_of",
    "columns_of",
    "columns_of_answers",
    "counting",
    "facts_reader",
    "parse_rules",
    "ranks",
    "score",
    "score_columns",
]
