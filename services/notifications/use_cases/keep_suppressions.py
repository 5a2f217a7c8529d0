"""Staff see, add, lift and import addresses that must not be written to."""

import csv
from dataclasses import dataclass
from uuid import UUID

from services.notifications.domain.addresses import checked_address
from services.notifications.storage.suppressions import Suppression
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from shared.errors import Invalid

MOST = 100_000


@dataclass(frozen=True)
class Imported:
    """What came of a list: how many are new, how many were suppressed before, and the numbers of the lines that are
    no address."""

    added: int
    known: int
    wrong: list[int]


def add_suppression(uow: NotificationsUnitOfWork, email: str, reason: str, by: UUID | None) -> str:
    """Stop writing to an address; the address as it is kept. Raises Invalid."""
    try:
        address = checked_address(email)
    except ValueError:
        raise Invalid({"email": ["Write an email address, like name@example.org."]}) from None
    why = " ".join(reason.split())[:300] or "Staff stopped it."
    uow.suppressions.add([Suppression(address, why, "staff", added_by=by)], uow.now)
    return address.casefold()


def lift_suppression(uow: NotificationsUnitOfWork, email: str, by: UUID | None) -> None:
    """Let an address be written to again. Raises NotFound when it is not suppressed."""
    uow.suppressions.lift(email, by, uow.now)


def import_suppressions(uow: NotificationsUnitOfWork, text: str, by: UUID | None) -> Imported:
    """Suppress a list, one address a line or in the first column of a CSV. A first line that is no address is taken for
    a heading. Raises Invalid for a list that is empty or too long."""
    rows = [
        (number, row[0].strip())
        for number, row in enumerate(csv.reader(text.splitlines()), 1)
        if row and row[0].strip()
    ]
    if not rows:
        raise Invalid({"addresses": ["Give at least one address, one on each line."]})
    if len(rows) > MOST:
        raise Invalid({"addresses": [f"Give at most {MOST:,} addresses at a time."]})
    found, wrong = _checked(rows)
    added = uow.suppressions.add((Suppression(each, "Imported.", "import", added_by=by) for each in found), uow.now)
    return Imported(added, len(found) - added, wrong)


def _checked(rows: list[tuple[int, str]]) -> tuple[list[str], list[int]]:
    found: dict[str, None] = {}
    wrong = []
    for place, (number, text) in enumerate(rows):
        try:
            found[checked_address(text).casefold()] = None
        except ValueError:
            if place or "@" in text:
                wrong.append(number)
    return list(found), wrong
