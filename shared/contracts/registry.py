"""Every contract, by publisher. Importing this module fills the registry."""

from shared.contracts import applications, cohorts, notifications
from shared.contracts.base import REGISTRY, Event

PUBLISHERS = ("applications", "cohorts", "notifications")
__all__ = ["PUBLISHERS", "REGISTRY", "applications", "cohorts", "events_of", "notifications"]


def events_of(publisher: str) -> list[type[Event]]:
    """The event classes that a service publishes, by name and version."""
    return [cls for (name, _), cls in sorted(REGISTRY.items()) if name.startswith(f"{publisher}.")]
