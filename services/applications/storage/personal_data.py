"""What this service holds on people, table by table: read by export, erasure and the tests."""

from typing import Any

from services.applications.storage.tables import metadata
from shared.personal_data import ADDRESS, PERSON, Holding, Register

ERASED_NAME = "(erased)"

_SECRETS = frozenset({"totp_secret", "totp_last_step", "totp_failures", "totp_failed_at", "revision"})
_SIGN_IN = frozenset({"address_hash", "browser_hash", "link_hash", "code_hash"})
_MINE = {"application_id": "applications.id"}
_TOKEN = frozenset({"token_hash"})


def _without_words(breakdown: Any) -> Any:
    """The lines of a score without what they say about somebody; the points still add up."""
    return [{"id": "", "label": "", "kind": "", "most": None, "points": line.get("points", 0)} for line in breakdown]


HOLDINGS = (
    Holding(
        "people",
        "account",
        {"id": PERSON},
        "blank",
        {
            "name": ERASED_NAME,
            "email": "erased:{id}",
            "language": "en",
            "roles": [],
            "totp_secret": None,
            "totp_confirmed_at": None,
            "totp_last_step": None,
        },
        hidden=_SECRETS,
    ),
    Holding("recovery_codes", "sign_in", {"person_id": PERSON}, "delete", hidden=frozenset({"code_hash"})),
    Holding("sessions", "sign_in", {"person_id": PERSON}, "delete", hidden=_TOKEN),
    Holding("sign_in_requests", "sign_in", {"person_id": PERSON, "email": ADDRESS}, "delete", hidden=_SIGN_IN),
    Holding("email_changes", "account", {"person_id": PERSON}, "delete", hidden=_TOKEN),
    Holding("interests", "account", {"email": ADDRESS}, "delete", hidden=frozenset({"nonce", "network_hash"})),
    Holding(
        "applications",
        "applications",
        {"person_id": PERSON},
        "blank",
        {
            "answers": {},
            "visited": [],
            "language": "",
            "reference": "erased-{short}",
            "resume_nonce": "",
        },
        why="counts",
        hidden=frozenset({"resume_nonce", "revision"}),
    ),
    Holding(
        "set_apart_answers", "kept_apart", {"application_id": "applications.id"}, "delete", hidden=frozenset({"sealed"})
    ),
    Holding("scores", "scores", {"application_id": "applications.id"}, "blank", {"breakdown": _without_words}),
    Holding("statuses", "status", {"application_id": "applications.id"}, "blank", {"detail": ""}),
    Holding("helpers", "helpers", _MINE, "delete"),
    Holding("helpers", "helpers", {"email": ADDRESS}, "blank", {"name": ERASED_NAME, "email": "erased:{id}"}),
    Holding("changes", "applications", _MINE, "delete", hidden=frozenset({"person_id"})),
    Holding("uploads", "files", _MINE, "delete", hidden=frozenset({"stored", "added_by"})),
    Holding("extensions", "applications", {"person_id": PERSON}, "delete", hidden=frozenset({"given_by"})),
    Holding("entries", "applications", _MINE, "delete", hidden=frozenset({"typed_by"})),
    Holding("corrections", "corrections", {"person_id": PERSON}, "delete"),
    Holding("deliveries", "messages", {"person_id": PERSON}, "delete"),
    Holding(
        "cases",
        "cases",
        {"person_id": PERSON},
        "blank",
        {"reference": "erased-{short}", "text": "", "wish": "", "letter": "", "language": ""},
        why="counts",
        hidden=frozenset({"officer_id", "revision"}),
    ),
    Holding(
        "case_entries", "cases", {"case_id": "cases.id"}, "blank", {"text": ""}, hidden=frozenset({"actor", "actor_id"})
    ),
    Holding("panel_seats", "panel", {"person_id": PERSON}, "delete"),
    Holding("data_requests", "requests", {"person_id": PERSON}, "delete", hidden=frozenset({"private_key"})),
    Holding("data_parts", "requests", {"request_id": "data_requests.id"}, "delete", exported=False),
    Holding("erasures", "requests", {"person_id": PERSON}, "keep", why="certificate", hidden=frozenset({"contact"})),
    Holding("erasure_confirmations", "requests", {"erasure_id": "erasures.id"}, "keep"),
)

# The bytes of files are sealed, and go with the line about them in "uploads".
IMPERSONAL = frozenset(
    {
        "stored_files",
        "rounds",
        "equality_rates",
        "round_lotteries",
        "rescores",
        "rules_drafts",
        "different_organisations",
        "form_drafts",
        "form_versions",
        "organisation_changes",
        "organisation_names",
        "organisations",
        "rules_versions",
        "case_settings",
        "erased_people",
        "retention_rules",
        "retention_runs",
    }
)

REGISTER = Register(metadata, HOLDINGS, IMPERSONAL)
