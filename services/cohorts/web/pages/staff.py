"""What the staff pages of a round share."""

from typing import Any
from uuid import UUID

from flask import render_template, url_for

from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.web import access

ROLES = ("staff", "administrator")
staff_only = access.role(*ROLES)

_TABS = (
    ("staff_rounds.overview", "Overview"),
    ("staff_panel.members", "Panel"),
    ("staff_assignment.preview", "Assignment"),
    ("staff_reviewing.hub", "Reviewing"),
    ("staff_shortlist.shortlist", "Shortlist"),
    ("staff_selection.selections", "Selection"),
    ("staff_impact.impact", "Rates"),
    ("staff_decisions.decisions", "Decisions"),
    ("staff_offers.offers", "Offers"),
    ("staff_sessions.sessions", "Sessions"),
    ("staff_surveys.surveys", "Surveys"),
    ("staff_record.record", "Record"),
)


def show(template: str, uow: CohortsUnit, round_id: UUID, tab: str, **values: Any) -> str:
    """A page of a round, with the round and its tabs."""
    tabs = [
        {"text": text, "href": url_for(endpoint, round_id=round_id), "current": endpoint == tab}
        for endpoint, text in _TABS
    ]
    return render_template(f"cohorts/staff/{template}", round=uow.rounds.get(round_id), tabs=tabs, **values)
