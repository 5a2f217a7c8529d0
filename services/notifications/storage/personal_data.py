"""What this service holds on people, table by table: read by export, erasure and the tests."""

from services.notifications.storage.tables import metadata
from shared.personal_data import ADDRESS, PERSON, Holding, Register

ERASED = "erased:"
"""How the address of a message begins whose recipient was erased."""

_INNER = frozenset({"lease", "lease_until", "template", "correlation_id", "event_id", "values"})

HOLDINGS = (
    Holding("contacts", "account", {"person_id": PERSON}, "delete", hidden=frozenset({"sequence"})),
    Holding(
        "messages",
        "messages",
        {"person_id": PERSON, "recipient": PERSON, "email": ADDRESS},
        "blank",
        {"recipient": "erased:{id}", "person_id": None, "name": "", "email": "erased:{id}", "values": {}},
        why="counts",
        hidden=_INNER,
    ),
    Holding(
        "message_history",
        "messages",
        {"message_id": "messages.id"},
        "blank",
        {"reason": ""},
        hidden=frozenset({"by"}),
    ),
    Holding("bounces", "messages", {"email": ADDRESS, "message_id": "messages.id"}, "delete"),
    Holding("preferences", "account", {"recipient": PERSON}, "delete"),
    Holding("suppressions", "messages", {"email": ADDRESS}, "delete"),
)

# Previews of messages, with a name in them, are thrown away after some hours.
IMPERSONAL = frozenset(
    {
        "templates",
        "template_versions",
        "template_texts",
        "batches",
        "sending_settings",
        "news",
        "rounds",
        "digests",
        "previews",
        "sessions",
        "session_versions",
        "erased_people",
        "retention_rules",
        "retention_runs",
    }
)

REGISTER = Register(metadata, HOLDINGS, IMPERSONAL)
