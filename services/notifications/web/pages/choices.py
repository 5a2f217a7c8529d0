"""For everybody: what emails I get, and when. By a signed link without signing in, or signed in; one click to stop."""

from collections.abc import Mapping, Sequence
from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from services.notifications.domain.categories import Category
from services.notifications.domain.preferences import CHOICES, Preferences, offered
from services.notifications.domain.signing import unseal
from services.notifications.storage.unit_of_work import PREFERENCES, NotificationsUnitOfWork
from services.notifications.use_cases.choose_messages import choose, turn_off
from services.notifications.web.context import here, units
from shared.errors import Invalid, NotFound
from shared.web import access
from shared.web.identity import known

pages = Blueprint("choices", __name__, url_prefix="/notifications")

NAMES = {
    Category.REMINDERS: lazy_gettext("Reminders"),
    Category.DIGEST: lazy_gettext("News every two weeks"),
    Category.SURVEYS: lazy_gettext("Questions about how it is going"),
    Category.DISCUSSIONS: lazy_gettext("New posts in the panel’s discussions"),
}
HINTS = {
    Category.REMINDERS: lazy_gettext("Before a form closes, and before a session begins."),
    Category.DIGEST: lazy_gettext("What is new, and your next dates."),
    Category.SURVEYS: lazy_gettext("Your answers help us do better."),
    Category.DISCUSSIONS: lazy_gettext("About applications that you have read. Once a day at most."),
}
ZONES = tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))))


@pages.get("/preferences/<token>")
@access.public
def by_link(token: str) -> ResponseReturnValue:
    return _page(_person(token), f"/notifications/preferences/{token}")


@pages.post("/preferences/<token>")
@access.public
def change_by_link(token: str) -> ResponseReturnValue:
    return _change(_person(token), f"/notifications/preferences/{token}")


@pages.get("/preferences")
@access.signed_in
def mine() -> ResponseReturnValue:
    return _page(known().person_id, "/notifications/preferences")


@pages.post("/preferences")
@access.signed_in
def change_mine() -> ResponseReturnValue:
    return _change(known().person_id, "/notifications/preferences")


@pages.get("/unsubscribe/<token>/<category>")
@access.public
def ask_to_stop(token: str, category: str) -> ResponseReturnValue:
    """A page with a button: links are opened by scanners and previews, and a look must stop nothing."""
    _person(token)
    return render_template("notifications/choices/stop.html", name=_name(category), token=token, category=category)


@pages.post("/unsubscribe/<token>/<category>")
@access.public_without_csrf
def stop(token: str, category: str) -> ResponseReturnValue:
    """One click (RFC 8058): the mail program posts here without a visit; the seal in the address proves it."""
    person_id = _person(token)
    with units().begin() as uow:
        turn_off(uow, person_id, category)
    return render_template("notifications/choices/stopped.html", name=_name(category), token=token)


def _person(token: str) -> UUID:
    found = unseal(here().config.secret_key, PREFERENCES, token)
    if found is None:
        raise NotFound(_("This link is not whole. Open it again from the email, or sign in."))
    return found


def _name(category: str) -> str:
    if category not in {each.value for each in CHOICES}:
        raise NotFound(_("There is no such kind of email."))
    return str(NAMES[Category(category)])


def _page(
    person_id: UUID, action: str, given: Mapping[str, str] | None = None, wanted: Sequence[str] | None = None,
    errors: dict[str, list[str]] | None = None,
) -> str:  # fmt: skip
    with units().begin(write=False) as uow:
        kept, roles = uow.wishes.of(str(person_id)), uow.roles([person_id]).get(person_id, [])
        zone = uow.settings.get().zone
    return render_template(
        "notifications/choices/preferences.html",
        action=action,
        wanted=[each.value for each in offered(roles) if kept.wants(each, roles)] if wanted is None else wanted,
        given=_hours(kept) if given is None else given,
        errors=errors or {},
        options=[{"value": each.value, "text": NAMES[each], "hint": HINTS[each]} for each in offered(roles)],
        zones=[("", _("As the programme: %(zone)s", zone=zone)), *((name, name.replace("_", " ")) for name in ZONES)],
    )


def _hours(kept: Preferences) -> dict[str, str]:
    start, end = kept.quiet or (None, None)
    return {
        "zone": kept.zone or "",
        "quiet_from": f"{start:%H:%M}" if start else "",
        "quiet_until": f"{end:%H:%M}" if end else "",
    }


def _change(person_id: UUID, action: str) -> ResponseReturnValue:
    wanted, given = request.form.getlist("wanted"), request.form.to_dict()
    try:
        with units().begin() as uow:
            _known(uow, person_id)
            choose(uow, person_id, wanted, given)
    except Invalid as error:
        return _page(person_id, action, given, wanted, _in_words(error.problems)), 422
    flash(_("Saved."), "success")
    return redirect(action, 303)


def _known(uow: NotificationsUnitOfWork, person_id: UUID) -> None:
    """Somebody whose account we have heard of; else there is nothing to choose for."""
    if person_id not in uow.roles([person_id]):
        raise NotFound(_("We do not know this account yet. Try again in a minute."))


def _in_words(problems: dict[str, list[str]]) -> dict[str, list[str]]:
    words = {
        "wanted": _("Choose from the list."),
        "zone": _("Choose a time zone from the list."),
        "quiet_from": _("Write a time like 21:00."),
        "quiet_until": _("Write another time like 07:00, or leave both empty."),
    }
    return {field: [words.get(field, texts[0])] for field, texts in problems.items()}
