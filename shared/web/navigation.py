"""The main navigation: the same on every service's pages, by what the reader may do."""

from typing import Any

from flask import request
from flask_babel import gettext as _

from shared.web.identity import current

STAFF = frozenset({"staff", "administrator"})


def main_navigation() -> list[dict[str, Any]]:
    """Links as {text, href, current}; the longest address that the page is under counts as current."""
    links = _links()
    under = [href for _text, href in links if f"{request.path}/".startswith(f"{href}/")]
    here = max(under, key=len, default=None)
    return [{"text": text, "href": href, "current": href == here} for text, href in links]


def _links() -> list[tuple[str, str]]:
    who = current()
    if who is None:
        return []
    links = []
    if who.has(*STAFF):
        links += [
            (_("Rounds"), "/staff"),
            (_("Panels and cohorts"), "/cohorts/staff"),
            (_("Messages"), "/notifications/staff"),
        ]
    if who.has("officer"):
        links.append((_("Cases"), "/officer/cases"))
    if who.has("reviewer"):
        links.append((_("My reviews"), "/cohorts/panel"))
    if who.has("applicant"):
        links.append((_("My applications"), "/account"))
    if who.has("participant"):
        links.append((_("My sessions"), "/cohorts/my"))
    return links
