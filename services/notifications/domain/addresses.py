"""Email addresses: checked, and with their domain in the form that DNS knows (IDNA 2008, so faß.de stays itself)."""

from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email


@dataclass(frozen=True)
class Address:
    """Somebody a message is from or to. `email` as `checked_address` gives it; `name` may be empty."""

    name: str
    email: str


@lru_cache(maxsize=8192)
def checked_address(text: str) -> str:
    """The address in ASCII. Raises ValueError with a sentence that says what is wrong with it.

    An address whose part before the @ is not ASCII is refused: not every server on the way can carry it.
    Nothing is asked of the network.
    """
    try:
        found = validate_email(
            text.strip(), strict=True, allow_smtputf8=False, check_deliverability=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    if found.ascii_email is None:
        raise ValueError("The part before the @ has letters that email cannot carry everywhere.")
    return found.ascii_email


def domain_of(email: str) -> str:
    """What comes after the @, in small letters: for limits per receiving domain."""
    return email.rpartition("@")[2].lower()
