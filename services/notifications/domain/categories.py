"""What a message is for, and therefore whether a person can turn it off."""

from collections.abc import Collection
from enum import StrEnum


class Category(StrEnum):
    """ESSENTIAL cannot be turned off: it answers something the person did or tells them a decision."""

    ESSENTIAL = "essential"
    REMINDERS = "reminders"
    DIGEST = "digest"
    SURVEYS = "surveys"
    DISCUSSIONS = "discussions"


def can_be_turned_off(category: Category) -> bool:
    """Whether the message offers an unsubscribe link and the preferences page a switch."""
    return category is not Category.ESSENTIAL


def blocked(category: Category, *, address_suppressed: bool, turned_off: Collection[Category]) -> bool:
    """Whether a message must not go: the address is known bad, or the person turned off this very category.

    Turning off the digest never blocks an offer: only the same category counts, and ESSENTIAL is never off.
    """
    return address_suppressed or (can_be_turned_off(category) and category in turned_off)
