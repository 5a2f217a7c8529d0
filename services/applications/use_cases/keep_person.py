"""Accounts: made, renamed, given roles. Every change tells the other services the whole new state."""

from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from services.applications.domain.people import LONGEST_ADDRESS, parse_name
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.contracts.applications import PersonChanged, PersonRegistered
from shared.erasure import is_erased
from shared.errors import Invalid, NotFound
from shared.ids import new_id

_ADDRESS_HELP = "Enter an email address such as name@example.org."


def parse_email(text: str, field: str = "email") -> str:
    """A normalised address: lower case, IDNA 2008 domain kept in Unicode.

    Raises:
        Invalid: it is no address.
    """
    address = text.strip()
    if not address:
        raise Invalid({field: ["Enter your email address."]})
    if len(address) > LONGEST_ADDRESS:
        raise Invalid({field: [f"An email address has {LONGEST_ADDRESS} characters at most."]})
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid({field: [_ADDRESS_HELP]}) from None
    return found.normalized.lower()


def register_person(
    uow: ApplicationsUnitOfWork,
    *,
    email: str,
    name: str,
    language: str,
    roles: list[str],
    person_id: UUID | None = None,
) -> PersonRow:
    """The account of `email` (normalised), made if there is none; roles are added, never taken away here."""
    person = uow.people.by_email(email)
    if person is not None:
        return _extend(uow, person, name, roles)
    person = PersonRow(
        id=person_id or new_id(),
        email=email,
        name=parse_name(name),
        language=language,
        roles=sorted(set(roles)),
        created_at=uow.now,
    )
    uow.people.add(person)
    uow.publish(PersonRegistered(**_state(person)))
    return person


def _extend(uow: ApplicationsUnitOfWork, person: PersonRow, name: str, roles: list[str]) -> PersonRow:
    wanted = sorted({*person.roles, *roles})
    better_name = person.name or parse_name(name)
    if wanted != person.roles or better_name != person.name:
        person.roles, person.name = wanted, better_name
        uow.publish(PersonChanged(**_state(person)))
    return person


def grant_role(uow: ApplicationsUnitOfWork, person_id: UUID, role: str) -> None:
    """Add a role, if the person does not hold it."""
    person = uow.people.get(person_id, lock=True)
    if role not in person.roles:
        person.roles = sorted({*person.roles, role})
        uow.publish(PersonChanged(**_state(person)))


def change_person(
    uow: ApplicationsUnitOfWork, person_id: UUID, *, name: str | None = None, language: str | None = None
) -> PersonRow:
    """Change how somebody is called or written to; raises NotFound for somebody who was erased."""
    person = uow.people.get(person_id, lock=True)
    if is_erased(uow.session, person_id):
        raise NotFound("This account has been erased.")
    before = (person.name, person.language)
    if name is not None:
        person.name = parse_name(name)
    if language is not None:
        person.language = language
    if before != (person.name, person.language):
        uow.publish(PersonChanged(**_state(person)))
    return person


def tell_state(uow: ApplicationsUnitOfWork, person: PersonRow) -> None:
    """Tell the other services the whole state of somebody."""
    uow.publish(PersonChanged(**_state(person)))


def _state(person: PersonRow) -> dict[str, Any]:
    return {
        "person_id": person.id,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "roles": list(person.roles),
    }
