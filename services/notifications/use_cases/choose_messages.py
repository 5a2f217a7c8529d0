"""A person chooses what they get and when; staff choose how the programme sends."""

from collections.abc import Collection, Mapping
from datetime import time
from typing import Any
from uuid import UUID

from services.notifications.domain.categories import Category
from services.notifications.domain.moments import zone
from services.notifications.domain.preferences import CHOICES, Preferences, offered
from services.notifications.domain.settings import Settings, read, read_clock
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.send_digest import plan_digest
from shared.errors import Invalid, NotFound


def choose(
    uow: NotificationsUnitOfWork, person_id: UUID, wanted: Collection[str], hours: Mapping[str, str]
) -> Preferences:
    """Keep what somebody wants: the categories they ticked, and {zone, quiet_from, quiet_until}, each of which may be
    empty. Categories that they were not asked about stay as they are. Raises Invalid naming the fields."""
    unknown = set(wanted) - {category.value for category in CHOICES}
    if unknown:
        raise Invalid({"wanted": ["Choose among the kinds of email on this page."]})
    asked = offered(uow.roles([person_id]).get(person_id, []))
    choices = {**uow.wishes.of(str(person_id)).choices, **{each.value: each.value in wanted for each in asked}}
    kept = Preferences(choices, _zone(hours.get("zone", "")), _quiet(hours))
    uow.wishes.keep(str(person_id), kept, uow.now)
    return kept


def turn_off(uow: NotificationsUnitOfWork, person_id: UUID, category: str) -> Category:
    """Turn one category off, and leave the others as they are. Raises NotFound for one that cannot be turned off."""
    if category not in {each.value for each in CHOICES}:
        raise NotFound("There is no such kind of email.")
    known = uow.wishes.of(str(person_id))
    choices = {**known.choices, category: False}
    uow.wishes.keep(str(person_id), Preferences(choices, known.zone, known.quiet), uow.now)
    return Category(category)


def set_up(uow: NotificationsUnitOfWork, values: Mapping[str, Any], revision: int, by: UUID | None) -> Settings:
    """Keep the programme's settings, in the form of `Settings.as_json`. Raises Invalid, Stale."""
    settings = read(values)
    uow.settings.keep(settings, revision, by, uow.now)
    plan_digest(uow, settings)
    return settings


def _zone(name: str) -> str | None:
    name = name.strip()
    if not name:
        return None
    try:
        zone(name)
    except ValueError:
        raise Invalid({"zone": ["Choose a time zone from the list."]}) from None
    return name


def _quiet(hours: Mapping[str, str]) -> tuple[time, time] | None:
    start, end = hours.get("quiet_from", "").strip(), hours.get("quiet_until", "").strip()
    if not start and not end:
        return None
    pair = read_clock(start, "quiet_from"), read_clock(end, "quiet_until")
    if pair[0] == pair[1]:
        raise Invalid({"quiet_until": ["Choose another time for the end, or leave both empty."]})
    return pair
