"""Sign-in by emailed link or typed code: ten minutes, single use, the same whether or not the address is known."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.applications.domain import secrets
from services.applications.domain.people import parse_name
from services.applications.storage.tables import PersonRow, SignInRequestRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import parse_email, register_person
from shared.contracts.applications import SignInRequested
from shared.errors import Gone, Invalid, TooMany
from shared.ids import new_id

log = logging.getLogger(__name__)
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
        Invalid: it is no address, or no name.
        TooMany: too many requests for the address, or from the network.
    """
    email, name = _who(wish)
    network = secrets.digest(wish.network, salt="network")
    _limit(uow, email, network)
    person = uow.people.by_email(email)
    link, code = secrets.new_token(), secrets.new_code()
    request_id = new_id()
    row = SignInRequestRow(
        id=request_id,
        person_id=person.id if person else new_id(),
        email=email,
        name=person.name if person and person.name else name,
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
    uow.publish(_requested(uow, row, link, code))


def _who(wish: SignInWish) -> tuple[str, str]:
    """The normalised address and the tidied name; every problem at once."""
    problems: dict[str, list[str]] = {}
    email = name = ""
    try:
        name = parse_name(wish.name)
    except Invalid as error:
        problems.update(error.problems)
    try:
        email = parse_email(wish.email)
    except Invalid as error:
        problems.update(error.problems)
    if problems:
        raise Invalid(problems)
    return email, name


def _requested(uow: ApplicationsUnitOfWork, row: SignInRequestRow, link: str, code: str) -> SignInRequested:
    return SignInRequested(
        person_id=row.person_id,
        request_id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        link=f"{uow.context.public_url}/sign-in/link/{link}",
        code=secrets.shown(code),
        expires_at=row.expires_at,
    )


def _limit(uow: ApplicationsUnitOfWork, email: str, network: str) -> None:
    since = uow.now - WINDOW
    counts = (
        (uow.sign_ins.count_since(since, email=email), PER_ADDRESS),
        (uow.sign_ins.count_since(since, address_hash=network), PER_NETWORK),
    )
    if any(count >= most for count, most in counts):
        log.warning("too many sign-in requests", extra={"network": network[:12]})
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
        log.warning("a wrong sign-in code", extra={"request_id": str(row.id), "attempt": row.attempts})
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
