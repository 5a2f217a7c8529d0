"""A text with its places masked."""

from collections.abc import Iterable

from .finding import Place
from .known import Kind

MARKS: dict[Kind, str] = {
    "name": "[name]",
    "organisation": "[organisation]",
    "email": "[email address]",
    "phone": "[phone number]",
    "web": "[web address]",
}


def masked(text: str, places: Iterable[Place]) -> str:
    """`text` with each place replaced by what was there; two names side by side become one mark."""
    out, at = "", 0
    for place in sorted(places):
        between, mark = text[at : place.start], MARKS[place.kind]
        out += "" if out.endswith(mark) and not between.strip(" -‐‑") else between + mark
        at = place.end
    return out + text[at:]
