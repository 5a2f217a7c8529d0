"""Sign-in by emailed link or typed code: ten minutes, single use, the same whether or not the address is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.applications.domain import secrets
from services.applications.storage.tables import PersonRow, SignInRequestRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import parse_email, register_person
from shared.contracts.applications import SignInRequested
from shared.errors import Gone, Invalid, TooMany
from shared.ids import new_id

LIFETIME = timedelta(minutes=10)
WINDOW = timedelta(minutes=15)
PER_ADDRESS = 5
PER_NETWORK = 40
ATTEMPTS = 5

_ENDED = "This link has been used or has ended. Ask for a new one: it takes a few seconds."
_WRONG_CODE = "That code is not right. Check the newest email from us: a new email ends the code before it."


@dataclass(frozen=True)
class SignInWish:
    """What somebody asked for: `browser` is the secret of the browser that asks, `network` where it asks from."""

    email: str
    browser: str
    network: str
    language: str
    name: str = ""
    next_path: str = "/account"


def request_sign_in(uow: ApplicationsUnitOfWork, wish: SignInWish) -> None:
    """Send a link and a code to an address, known or not: what happens is the same.

    Raises:
        Invalid: it is no address.
        TooMany: too many requests for the address, or from the network.
    """
    email = parse_email(wish.email)
    network = secrets.digest(wish.network, salt="network")
    _limit(uow, email, network)
    person = uow.people.by_email(email)
    request_id, link, code = new_id(), secrets.new_token(), secrets.new_code()
    row = SignInRequestRow(
        id=request_id,
        person_id=person.id if person else new_id(),
        email=email,
        name=person.name if person else wish.name,
        language=person.language if person else wish.language,
        address_hash=network,
        browser_hash=secrets.digest(wish.browser, salt="browser"),
        link_hash=secrets.digest(link, salt="link"),
        code_hash=secrets.digest(code, salt=str(request_id)),
        next_path=wish.next_path,
        created_at=uow.now,
        expires_at=uow.now + LIFETIME,
    )
    uow.sign_ins.add(row)
    uow.publish(
        SignInRequested(
            person_id=row.person_id,
            request_id=request_id,
            email=email,
            name=row.name,
            language=row.language,
            link=f"{uow.context.public_url}/sign-in/link/{link}",
            code=secrets.shown(code),
            expires_at=row.expires_at,
        )
    )


def _limit(uow: ApplicationsUnitOfWork, email: str, network: str) -> None:
    since = uow.now - WINDOW
    counts = (
        (uow.sign_ins.count_since(since, email=email), PER_ADDRESS),
        (uow.sign_ins.count_since(since, address_hash=network), PER_NETWORK),
    )
    if any(count >= most for count, most in counts):
        raise TooMany(
            "Several emails were asked for in a short time. Please wait 15 minutes, then try again.",
            retry_after=int(WINDOW.total_seconds()),
        )


def claim_link(uow: ApplicationsUnitOfWork, link: str) -> tuple[PersonRow, str]:
    """Use up a link: the person it signs in, and the path to go on to.

    Raises:
        Gone: used, ended, or never made.
    """
    row = uow.sign_ins.by_link(secrets.digest(link, salt="link"))
    if row is None or not _alive(row, uow.now):
        raise Gone(_ENDED)
    return _claim(uow, row)


def claim_code(uow: ApplicationsUnitOfWork, code: str, browser: str) -> tuple[PersonRow, str] | None:
    """Use up a typed code in the browser that asked for it; None when it is wrong (the attempt is counted).

    Raises:
        Gone: the request has ended, or had too many wrong attempts.
    """
    row = uow.sign_ins.by_browser(secrets.digest(browser, salt="browser"))
    if row is None or not _alive(row, uow.now) or row.attempts >= ATTEMPTS:
        raise Gone("This code has ended. Ask for a new one: it takes a few seconds.")
    if not secrets.matches(secrets.typed(code), row.code_hash, salt=str(row.id)):
        row.attempts += 1
        return None
    return _claim(uow, row)


def wrong_code() -> Invalid:
    """What to say after a wrong code."""
    return Invalid({"code": [_WRONG_CODE]})


def _alive(row: SignInRequestRow, now: datetime) -> bool:
    return row.ended_at is None and now < row.expires_at


def _claim(uow: ApplicationsUnitOfWork, row: SignInRequestRow) -> tuple[PersonRow, str]:
    row.ended_at = uow.now
    person = register_person(
        uow, email=row.email, name=row.name, language=row.language, roles=[], person_id=row.person_id
    )
    if person.disabled_at is not None:
        raise Gone(_ENDED)
    return person, row.next_path
