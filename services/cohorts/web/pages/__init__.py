"""The pages, by audience."""

from services.cohorts.web.pages import (
    my,
    offers,
    panel,
    staff_assignment,
    staff_calibration,
    staff_conflicts,
    staff_decisions,
    staff_feedback,
    staff_import,
    staff_offer,
    staff_offers,
    staff_panel,
    staff_phases,
    staff_phrases,
    staff_record,
    staff_rounds,
    staff_selection,
    staff_sessions,
    staff_shortlist,
)

BLUEPRINTS = tuple(
    module.pages
    for module in (
        panel,
        offers,
        my,
        staff_rounds,
        staff_panel,
        staff_assignment,
        staff_conflicts,
        staff_import,
        staff_phases,
        staff_calibration,
        staff_shortlist,
        staff_selection,
        staff_decisions,
        staff_feedback,
        staff_phrases,
        staff_record,
        staff_offers,
        staff_offer,
        staff_sessions,
    )
)
