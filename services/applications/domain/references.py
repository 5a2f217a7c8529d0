"""Short references that people can read out: `K7QM-2RT4`, with a last character that catches slips.

The 29 signs leave out letters that look or sound like others (I, L, O, S, U; 0, 1). As 29 is prime and every place
has its own weight, one wrong sign or two neighbours swapped always give a wrong check character (the scheme of
ISBN-10, with 29 for 11).
"""

import re
import secrets
from collections.abc import Callable

SIGNS = "23456789ABCDEFGHJKMNPQRTVWXYZ"
LENGTH = 8


def new_reference(pick: Callable[[str], str] = secrets.choice) -> str:
    """Return a reference of seven random signs and a check character. `pick` draws one sign from a string."""
    body = "".join(pick(SIGNS) for _ in range(LENGTH - 1))
    whole = body + _check(body)
    return f"{whole[:4]}-{whole[4:]}"


def read_reference(text: str) -> str | None:
    """Return the reference somebody wrote, in any case and spacing, or None if it cannot be one."""
    signs = re.sub(r"[\s\-–—.]", "", text).upper()
    if len(signs) != LENGTH or any(sign not in SIGNS for sign in signs) or _check(signs[:-1]) != signs[-1]:
        return None
    return f"{signs[:4]}-{signs[4:]}"


def _check(body: str) -> str:
    return SIGNS[sum(weight * SIGNS.index(sign) for weight, sign in enumerate(body, start=2)) % len(SIGNS)]
