"""Links and codes that are their owner's alone: never shown to anybody else, and not kept once nobody needs them."""

from typing import Any

from services.notifications.domain.kinds import KINDS

SECRETS = frozenset(
    {"sign_in_url", "code", "resume_url", "offer_url", "survey_url", "confirm_url", "leave_url", "certificate_url"}
)
"""Values with which whoever reads them could act as the person."""


FORGOTTEN = frozenset({"erasure_done"})
"""Kinds whose recipient asked to be forgotten: name and address go with the message."""


def holds_secret(kind: str) -> bool:
    """Whether messages of this kind hold such a value."""
    return not SECRETS.isdisjoint(KINDS[kind].all_placeholders())


NOT_KEPT_WHOLE = FORGOTTEN | {kind for kind in KINDS if holds_secret(kind)}
"""Kinds of which something goes once a message is over."""


def without_secrets(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values that may stay when a message is over."""
    return {name: value for name, value in values.items() if name not in SECRETS} if holds_secret(kind) else values
