"""Server-side sessions: begun at sign-in, renewed into short identities, ended by their owner or by time."""

import logging
from datetime import timedelta
from uuid import UUID

from services.applications.domain import secrets
from services.applications.domain.people import usable_roles
from services.applications.storage.tables import PersonRow, SessionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.ids import new_id
from shared.web.identity import Identity

log = logging.getLogger(__name__)
IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
RECENT = timedelta(minutes=15)
# Writing on every renewal would make each page view a write.
_TOUCH_EVERY = timedelta(minutes=1)


def begin_session(uow: ApplicationsUnitOfWork, person_id: UUID, methods: list[str]) -> str:
    """Open a session; the token for the browser's cookie. Only its hash is kept."""
    token = secrets.new_token()
    uow.sessions.add(
        SessionRow(
            id=new_id(),
            token_hash=secrets.digest(token, salt="session"),
            person_id=person_id,
            methods=sorted(methods),
            created_at=uow.now,
            last_seen_at=uow.now,
            expires_at=uow.now + ABSOLUTE,
        )
    )
    log.info("signed in", extra={"person_id": str(person_id), "methods": sorted(methods)})
    return token


def find_session(uow: ApplicationsUnitOfWork, token: str | None) -> tuple[SessionRow, PersonRow] | None:
    """The open session of a cookie and its person, if it is open still."""
    row = uow.sessions.by_token(secrets.digest(token, salt="session")) if token else None
    if row is None or row.ended_at is not None or uow.now >= min(row.expires_at, row.last_seen_at + IDLE):
        return None
    person = uow.people.find(row.person_id)
    return None if person is None or person.disabled_at is not None else (row, person)


def renew(uow: ApplicationsUnitOfWork, token: str | None) -> Identity | None:
    """The identity that a session gives now, with the roles that its way of signing in allows."""
    found = find_session(uow, token)
    if found is None:
        return None
    row, person = found
    if uow.now - row.last_seen_at >= _TOUCH_EVERY:
        row.last_seen_at = uow.now
    return identity_of(row, person)


def identity_of(row: SessionRow, person: PersonRow) -> Identity:
    """What the other services learn about who is asking."""
    methods = frozenset(row.methods)
    return Identity(
        person_id=person.id,
        name=person.name or person.email.partition("@")[0],
        roles=usable_roles(frozenset(person.roles), methods),
        session_id=str(row.id),
        methods=methods,
    )


def is_recent(uow: ApplicationsUnitOfWork, who: Identity) -> bool:
    """Whether somebody has proved only just now who they are, by all that their roles ask for: enough for what must
    not be done by whoever finds an open browser."""
    try:
        row = uow.sessions.by_id(UUID(who.session_id))
    except ValueError:
        return False
    if row is None or row.person_id != who.person_id or row.ended_at is not None:
        return False
    person = uow.people.get(row.person_id)
    roles = frozenset(person.roles)
    return uow.now - row.created_at < RECENT and usable_roles(roles, frozenset(row.methods)) == roles


def end_session(uow: ApplicationsUnitOfWork, token: str | None) -> None:
    """Sign out."""
    found = find_session(uow, token)
    if found is not None:
        found[0].ended_at = uow.now
        log.info("signed out", extra={"person_id": str(found[1].id)})
