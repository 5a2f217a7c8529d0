"""Who was there: what counts, and a code by which participants say so themselves."""

import secrets
from datetime import datetime, timedelta

PRESENT, PART, ABSENT, EXCUSED = "present", "part", "absent", "excused"
STATES = (PRESENT, PART, ABSENT, EXCUSED)
STAFF, CODE, FILE = "staff", "code", "file"
ATTENDED = (PRESENT, PART)
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no code is a word."""
_BEFORE, _AFTER = timedelta(minutes=15), timedelta(minutes=60)
MOST = 0.75
"""Who was there for this share of the session was present; for less, in part."""


def new_code() -> str:
    """Six letters to read out at a session: 64 million possibilities."""
    return "".join(secrets.choice(_LETTERS) for _ in range(6))


def same_code(given: str, code: str) -> bool:
    """Whether somebody typed the session's code; capitals, spaces and hyphens do not matter."""
    plain = "".join(character for character in given.upper() if character.isalnum())
    return bool(code) and secrets.compare_digest(plain.encode(), code.encode())


def can_check_in(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """From a quarter of an hour before the beginning to an hour after the end."""
    return starts_at - _BEFORE <= now <= ends_at + _AFTER


def can_be_marked(starts_at: datetime, now: datetime) -> bool:
    """Staff mark from a quarter of an hour before the beginning, and for ever after."""
    return now >= starts_at - _BEFORE


def state_for(minutes: int, of: int) -> str:
    """What `minutes` of a session of `of` minutes count as."""
    if minutes <= 0:
        return ABSENT
    return PRESENT if minutes >= MOST * of else PART
