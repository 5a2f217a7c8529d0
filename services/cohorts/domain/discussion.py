"""What may be said in a discussion, and under which name.

Whether a text names the applicant is never told to its writer: the answer would confirm a guess. A writer is warned of
what looks like naming anybody, whoever the applicant is; what does name the applicant is masked for everybody else.
"""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.cohorts.domain.naming import Known, find_places
from shared.errors import Invalid

POST_LIMIT = 4_000
NEWS_AT = time(8)
"""When reviewers hear of what others wrote the day before, on the round's clock."""
_CAPITALISED = re.compile(r"(?<![.!?:]\s)(?<!^)\b([A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)+)")


def reader_label(place: int) -> str:
    """How reviewers of one application are told apart: A, B, ... Z, then A2 and so on."""
    letter, round_ = chr(ord("A") + place % 26), place // 26
    return letter if round_ == 0 else f"{letter}{round_ + 1}"


def seems_to_name(text: str, read: str) -> list[str]:
    """What in a text looks like somebody's name or address and does not stand in what reviewers `read` anyway."""
    found = [text[place.start : place.end] for place in find_places(text, Known())]
    found += [match[1] for match in _CAPITALISED.finditer(text)]
    return [one for one in dict.fromkeys(found) if one not in read]


def checked_post(text: str, read: str, *, confirmed: bool) -> str:
    """The trimmed text of a post.

    Raises:
        Invalid: it is empty or too long, or seems to name somebody and that was not confirmed (field `confirmed`).
    """
    plain = text.strip()
    if not plain:
        raise Invalid({"text": ["Write what you would like the others to read."]})
    if len(plain) > POST_LIMIT:
        raise Invalid({"text": [f"Keep it under {POST_LIMIT:,} characters."]})
    if not confirmed and seems_to_name(plain, read):
        raise Invalid({"confirmed": ["This may name somebody. Take the name out, or say that it names nobody."]})
    return plain


def next_news(now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that reviewers hear of new posts: what is said until then comes in one message."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), NEWS_AT, zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), NEWS_AT, zone)
