"""What a person wants to get and when; what they did not say is as it is for everybody like them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time

from services.notifications.domain.categories import Category, can_be_turned_off
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.settings import Settings

CHOICES = tuple(category for category in Category if can_be_turned_off(category))
"""Categories that a person can turn on and off."""
_FOR = {Category.DISCUSSIONS: "reviewer"}


def offered(roles: Collection[str]) -> tuple[Category, ...]:
    """The categories that somebody in these roles is asked about; what goes to panels alone only concerns panels."""
    return tuple(category for category in CHOICES if category not in _FOR or _FOR[category] in roles)


@dataclass(frozen=True)
class Preferences:
    """`choices`: category -> whether they want it. `zone` and `quiet` are the person's own, if they have any."""

    choices: Mapping[str, bool] = field(default_factory=dict)
    zone: str | None = None
    quiet: tuple[time, time] | None = None

    def wants(self, category: Category, roles: Collection[str]) -> bool:
        """Whether messages of this category may go. The digest is for participants, and for others who ask for it."""
        if not can_be_turned_off(category):
            return True
        usual = category is not Category.DIGEST or "participant" in roles
        return bool(self.choices.get(category.value, usual))

    def turned_off(self, roles: Collection[str]) -> frozenset[Category]:
        """The categories of which nothing may go."""
        return frozenset(category for category in CHOICES if not self.wants(category, roles))

    def quiet_hours(self, settings: Settings) -> QuietHours | None:
        """The person's own, on their own clock; else the programme's hours on the person's clock."""
        hours = self.quiet or settings.quiet
        return QuietHours(*hours, self.zone or settings.zone) if hours and hours[0] != hours[1] else None
