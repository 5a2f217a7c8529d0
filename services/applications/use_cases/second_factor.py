"""The second factor of staff and panels: a time-based code (RFC 6238), with recovery codes for a lost telephone."""

import hmac
import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pyotp
import segno

from services.applications.domain import secrets
from services.applications.storage.tables import PersonRow, SessionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_session import begin_session, find_session
from shared.errors import Conflict, NotSignedIn, TooMany

log = logging.getLogger(__name__)
STEP_SECONDS = 30
ATTEMPTS = 5
LOCK = timedelta(minutes=15)
RECOVERY_CODES = 8


@dataclass(frozen=True)
class Setup:
    """What an authenticator app needs: the secret in base32, and the same as a QR code (SVG text)."""

    secret: str
    picture: str


@dataclass(frozen=True)
class Confirmed:
    """A second factor that now counts: its recovery codes, shown once, and the token of the raised session."""

    codes: list[str]
    token: str


def begin_setup(uow: ApplicationsUnitOfWork, person_id: UUID) -> None:
    """Make a new secret for somebody who has none confirmed: one that was shown before and not confirmed ends.

    Raises:
        Conflict: a second factor is set up already.
    """
    person = uow.people.get(person_id, lock=True)
    _refuse_confirmed(person)
    person.totp_secret = uow.context.sealer.seal(pyotp.random_base32(), f"totp/{person.id}")


def show_setup(uow: ApplicationsUnitOfWork, person_id: UUID) -> Setup:
    """The secret that waits for its first code.

    Raises:
        Conflict: a second factor is set up already, or none was begun.
    """
    person = uow.people.get(person_id)
    _refuse_confirmed(person)
    if person.totp_secret is None:
        raise Conflict("Begin to set up your second step first.")
    secret = _secret(uow, person)
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="Hearth")
    return Setup(secret, segno.make(address, micro=False).svg_inline(scale=5, border=2, svgclass="qr-code"))


def _refuse_confirmed(person: PersonRow) -> None:
    if person.totp_confirmed_at is not None:
        raise Conflict("A second factor is set up already.")


def confirm_setup(uow: ApplicationsUnitOfWork, token: str | None, code: str) -> Confirmed | None:
    """Confirm with a first code, which also raises the session; None when the code is wrong.

    Raises:
        NotSignedIn: the session has ended.
        Conflict: a second factor is set up already.
    """
    session, person = _open_session(uow, token)
    _refuse_confirmed(person)
    if not _accept(uow, person, code):
        return None
    person.totp_confirmed_at = uow.now
    codes = [secrets.new_code() for _ in range(RECOVERY_CODES)]
    uow.people.replace_recovery_codes(person.id, [secrets.digest(c, salt=str(person.id)) for c in codes])
    return Confirmed([secrets.shown(code) for code in codes], _raise(uow, session, "totp"))


def prove(uow: ApplicationsUnitOfWork, token: str | None, code: str) -> str | None:
    """Raise a session with a code: the token of a new session, or None when the code is wrong.

    Raises:
        NotSignedIn: the session has ended.
        TooMany: too many wrong codes.
    """
    session, person = _open_session(uow, token)
    _refuse_guessing(uow, person)
    method = _method(uow, person, code)
    if method is None:
        person.totp_failures, person.totp_failed_at = person.totp_failures + 1, uow.now
        log.warning("a wrong second factor", extra={"person_id": str(person.id), "attempt": person.totp_failures})
        return None
    person.totp_failures = 0
    return _raise(uow, session, method)


def _open_session(uow: ApplicationsUnitOfWork, token: str | None) -> tuple[SessionRow, PersonRow]:
    found = find_session(uow, token)
    if found is None:
        raise NotSignedIn("Your sign-in has ended. Please begin again.")
    person = uow.people.get(found[1].id, lock=True)
    # A second click waits at the lock, and must see that the first one ended this session.
    uow.session.refresh(found[0])
    if found[0].ended_at is not None:
        raise NotSignedIn("Your sign-in has ended. Please begin again.")
    return found[0], person


def _raise(uow: ApplicationsUnitOfWork, session: SessionRow, method: str) -> str:
    # A new session at every change of privilege: the old cookie opens nothing.
    session.ended_at = uow.now
    return begin_session(uow, session.person_id, [*session.methods, method])


def _refuse_guessing(uow: ApplicationsUnitOfWork, person: PersonRow) -> None:
    if person.totp_failed_at is None or uow.now - person.totp_failed_at >= LOCK:
        person.totp_failures = 0
    if person.totp_failures >= ATTEMPTS:
        raise TooMany(
            "Too many wrong codes. Please wait 15 minutes, then try again.", retry_after=int(LOCK.total_seconds())
        )


def _method(uow: ApplicationsUnitOfWork, person: PersonRow, code: str) -> str | None:
    if person.totp_confirmed_at is None:
        return None
    if _accept(uow, person, code):
        return "totp"
    for row in uow.people.recovery_codes(person.id):
        if secrets.matches(secrets.typed(code), row.code_hash, salt=str(person.id)):
            row.used_at = uow.now
            return "recovery"
    return None


def _accept(uow: ApplicationsUnitOfWork, person: PersonRow, code: str) -> bool:
    """Whether a code is right now or one step either way, and newer than the last one used: never twice."""
    if person.totp_secret is None:
        return False
    totp = pyotp.TOTP(_secret(uow, person))
    now = int(uow.now.timestamp())
    for step in (now // STEP_SECONDS + shift for shift in (-1, 0, 1)):
        right = hmac.compare_digest(totp.at(step * STEP_SECONDS), secrets.typed(code))
        if right and step > (person.totp_last_step or 0):
            person.totp_last_step = step
            return True
    return False


def _secret(uow: ApplicationsUnitOfWork, person: PersonRow) -> str:
    return str(uow.context.sealer.open(person.totp_secret or "", f"totp/{person.id}"))
