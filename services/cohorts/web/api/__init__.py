"""The JSON API, version 1: the same use cases as the pages."""

from services.cohorts.web.api import (
    calibration,
    decisions,
    offers,
    panel_rules,
    panels,
    phrases,
    reviews,
    rounds,
    selections,
    sessions,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        rounds,
        panels,
        panel_rules,
        reviews,
        calibration,
        selections,
        decisions,
        phrases,
        offers,
        sessions,
    )
)
