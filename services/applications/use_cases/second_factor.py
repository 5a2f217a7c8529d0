"""The second factor of staff and panels: a time-based code (RFC 6238), with recovery codes for a lost telephone."""

import hmac
from datetime import timedelta
from uuid import UUID

import pyotp
import segno

from services.applications.domain import secrets
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_session import begin_session, find_session
from shared.errors import Conflict, NotSignedIn, TooMany

STEP_SECONDS = 30
ATTEMPTS = 5
LOCK = timedelta(minutes=15)
RECOVERY_CODES = 8


def begin_setup(uow: ApplicationsUnitOfWork, person_id: UUID) -> tuple[str, str]:
    """A new secret for somebody who has none confirmed: (the secret in base32, a QR code as SVG text).

    Raises:
        Conflict: a second factor is set up already.
    """
    person = uow.people.get(person_id, lock=True)
    if person.totp_confirmed_at is not None:
        raise Conflict("A second factor is set up already.")
    if person.totp_secret is None:
        person.totp_secret = uow.context.sealer.seal(pyotp.random_base32(), f"totp/{person.id}")
    secret = _secret(uow, person)
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name="Hearth")
    return secret, segno.make(address, micro=False).svg_inline(scale=5, border=2, svgclass="qr-code")


def confirm_setup(uow: ApplicationsUnitOfWork, person_id: UUID, code: str) -> list[str] | None:
    """Confirm with a first code: the recovery codes, shown once. None when the code is wrong."""
    person = uow.people.get(person_id, lock=True)
    if person.totp_confirmed_at is not None or not _accept(uow, person, code):
        return None
    person.totp_confirmed_at = uow.now
    codes = [secrets.new_code() for _ in range(RECOVERY_CODES)]
    uow.people.replace_recovery_codes(person.id, [secrets.digest(c, salt=str(person.id)) for c in codes])
    return [secrets.shown(code) for code in codes]


def prove(uow: ApplicationsUnitOfWork, token: str | None, code: str) -> str | None:
    """Raise a session with a code: the token of a new session, or None when the code is wrong.

    Raises:
        NotSignedIn: the session has ended.
    """
    found = find_session(uow, token)
    if found is None:
        raise NotSignedIn("Your sign-in has ended. Please begin again.")
    session, person = found[0], uow.people.get(found[1].id, lock=True)
    _refuse_guessing(uow, person)
    method = _method(uow, person, code)
    if method is None:
        person.totp_failures, person.totp_failed_at = person.totp_failures + 1, uow.now
        return None
    person.totp_failures = 0
    # A new session at every change of privilege: the old cookie opens nothing.
    session.ended_at = uow.now
    return begin_session(uow, person.id, [*session.methods, method])


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
