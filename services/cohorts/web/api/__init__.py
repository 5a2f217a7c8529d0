"""The JSON API, version 1: the same use cases as the pages."""

from services.cohorts.web.api import (
    calibration,
    comparisons,
    decisions,
    discussions,
    impact,
    lotteries,
    meeting,
    offers,
    panel_rules,
    panels,
    phrases,
    redactions,
    reviewing,
    reviews,
    rounds,
    rubrics,
    selections,
    series,
    sessions,
    shortlist,
    target_sets,
    welcome,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        rounds,
        panels,
        rubrics,
        redactions,
        reviews,
        reviewing,
        discussions,
        calibration,
        decisions,
        phrases,
        target_sets,
        comparisons,
        impact,
        lotteries,
        offers,
        panel_rules,
        selections,
        sessions,
        shortlist,
        series,
        meeting,
        welcome,
    )
)
