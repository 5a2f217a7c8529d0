"""What this service holds on people, table by table: read by export, erasure and the tests."""

from typing import Any

from services.cohorts.storage.tables import metadata
from shared.personal_data import ADDRESS, PERSON, Holding, Register

_APPLICATION = {"application_id": "applications.id"}
_MEMBER = frozenset({"panel_member_id"})
"""Who read an application is the reader's to say: never part of what its owner is given."""
_DECIDED_BY = frozenset({"feedback_by_name", "approved_by_name"})
_BY = frozenset({"by_id", "by_name"})


def _numbers_alone(scores: Any) -> Any:
    """The marks without the reasons: what reviewers wrote about somebody goes, what was counted stays."""
    return {name: {**mark, "reason": ""} if isinstance(mark, dict) else mark for name, mark in scores.items()}


HOLDINGS = (
    Holding("people", "account", {"id": PERSON}, "delete", hidden=frozenset({"sequence"})),
    Holding(
        "applications",
        "applications",
        {"person_id": PERSON},
        "blank",
        {"visible": {}, "breakdown": [], "language": "", "reference": "erased-{short}"},
        why="counts",
        hidden=frozenset(
            {"sequence", "review_count", "review_mean", "review_median", "review_spread", "flags", "blended"}
        ),
    ),
    Holding("application_identities", "applications", _APPLICATION, "delete"),
    Holding("deliveries", "messages", {"person_id": PERSON}, "delete"),
    Holding(
        "reviews",
        "panel_reading",
        _APPLICATION,
        "blank",
        {"scores": _numbers_alone, "comment": "", "flag_reason": ""},
        why="counts",
        hidden=_MEMBER | {"revision"},
    ),
    Holding(
        "review_versions",
        "panel_reading",
        {"assignment_id": "assignments.id"},
        "blank",
        {"scores": _numbers_alone, "comment": ""},
        why="counts",
    ),
    Holding("assignments", "panel_reading", _APPLICATION, "blank", {"reason": ""}, hidden=_MEMBER),
    # A reader's notes to themselves: promised to be shown to nobody. They go with the application.
    Holding("review_notes", "panel_reading", {"assignment_id": "assignments.id"}, "delete", exported=False),
    Holding("redactions", "panel_reading", _APPLICATION, "blank", {"text": "", "reason": ""}, hidden=_BY),
    Holding(
        "discussion_posts",
        "panel_reading",
        _APPLICATION,
        "blank",
        {"text": ""},
        why="counts",
        hidden=_BY | _MEMBER | {"removed_by"},
    ),
    Holding("calibrated_scores", "panel_reading", _APPLICATION, "keep", why="counts"),
    Holding("selected_people", "selection", _APPLICATION, "blank", {"reason": ""}, why="counts"),
    Holding("decisions", "selection", _APPLICATION, "blank", {"feedback": ""}, why="counts", hidden=_DECIDED_BY),
    Holding(
        "offers", "offers", {"person_id": PERSON}, "blank", {"nonce": ""}, why="counts", hidden=frozenset({"nonce"})
    ),
    Holding("participants", "cohort", {"person_id": PERSON}, "keep", why="counts"),
    Holding("session_invitations", "cohort", {"person_id": PERSON}, "delete"),
    Holding("session_places", "cohort", {"person_id": PERSON}, "delete"),
    Holding("attendance", "cohort", {"person_id": PERSON}, "keep", why="counts", hidden=frozenset({"by_name"})),
    Holding("calendar_feeds", "cohort", {"person_id": PERSON}, "delete", hidden=frozenset({"nonce"})),
    Holding("group_members", "cohort", {"person_id": PERSON}, "delete"),
    Holding("welcome_acknowledgements", "cohort", {"person_id": PERSON}, "delete"),
    # Answers of an anonymous survey are nobody's: they cannot be found by person, neither here nor by anybody.
    Holding("survey_invitations", "surveys", {"person_id": PERSON}, "keep", why="counts"),
    Holding(
        "survey_answers", "surveys", {"person_id": PERSON}, "blank", {"person_id": None, "texts": {}}, why="counts"
    ),
    Holding("shortlist_marks", "selection", _APPLICATION, "blank", {"text": ""}, hidden=_BY | {"taken_back_by"}),
    Holding("case_marks", "cases", _APPLICATION, "keep", why="counts"),
    # Somebody who reads for a panel.
    Holding(
        "panel_members",
        "panel",
        {"person_id": PERSON, "email": ADDRESS},
        "blank",
        {
            "name": "(erased)",
            "email": "erased:{id}",
            "person_id": None,
            "organisation": "",
            "expertise": [],
            "languages": [],
        },
        why="reviews",
    ),
    Holding("terms_acceptances", "panel", {"panel_member_id": "panel_members.id"}, "keep"),
    Holding(
        "discussion_posts",
        "panel",
        {"panel_member_id": "panel_members.id", "by_id": PERSON},
        "blank",
        {"by_name": "(erased)"},
        why="reviews",
        hidden=frozenset({"application_id"}),
    ),
    Holding(
        "redactions", "staff_work", {"by_id": PERSON}, "blank", {"by_name": "(erased)"}, hidden=frozenset({"text"})
    ),
    Holding("saved_views", "staff_work", {"owner_id": PERSON}, "blank", {"owner_name": "(erased)"}),
    Holding("shortlist_marks", "staff_work", {"by_id": PERSON}, "blank", {"by_name": "(erased)"}, exported=False),
    Holding("calibration_runs", "staff_work", {"by_id": PERSON}, "blank", {"by_name": "(erased)"}, exported=False),
    Holding("conflicts", "panel", {"panel_member_id": "panel_members.id"}, "delete"),
    Holding(
        "assignments", "panel", {"panel_member_id": "panel_members.id"}, "keep", hidden=frozenset({"application_id"})
    ),
    Holding(
        "reviews",
        "panel",
        {"panel_member_id": "panel_members.id"},
        "keep",
        why="reviews",
        hidden=frozenset({"application_id"}),
    ),
    # Somebody who works on the programme.
    Holding("selection_runs", "staff_work", {"created_by": PERSON}, "blank", {"created_by_name": "(erased)"}),
    Holding("decision_record", "record", {"actor_id": PERSON}, "keep", why="record"),
)

IMPERSONAL = frozenset(
    {
        "surveys",
        "anonymous_answers",
        "rounds",
        "material_contents",
        "participant_groups",
        "session_materials",
        "signposts",
        "welcome_packs",
        "lotteries",
        "target_sets",
        "assignment_drafts",
        "round_plans",
        "releases",
        "cohorts",
        "feedback_phrases",
        "organisation_names",
        "panel_terms",
        "sessions",
        "decision_record_head",
        "erased_people",
        "retention_rules",
        "retention_runs",
    }
)

REGISTER = Register(metadata, HOLDINGS, IMPERSONAL)

UNTIL_TOLD = frozenset(
    {
        "reviews",
        "review_versions",
        "selected_people",
        "decisions",
        "assignments",
        "calibrated_scores",
        "discussion_posts",
        "redactions",
        "shortlist_marks",
    }
)
"""What readers and staff think of an application: given to its owner once the decision is released, and not before,
or the reading would not be free."""
