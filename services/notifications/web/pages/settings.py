"""Staff: quiet hours, what is held for a look, the digest, dry run."""

from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.settings import NEVER_HELD
from services.notifications.use_cases.choose_messages import set_up
from services.notifications.web.context import here, units
from shared.errors import Invalid
from shared.message_kinds import grouped, title_of
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notifications_settings", __name__, url_prefix="/notifications/staff/settings")
ZONES = tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))))


@pages.get("")
@access.role("staff", "administrator")
def shown() -> ResponseReturnValue:
    return _page(None, {})


@pages.post("")
@access.role("staff", "administrator")
def change() -> ResponseReturnValue:
    form = request.form
    values: dict[str, Any] = {**form.to_dict(), "held": form.getlist("held")}
    values |= {name: form.get(name) == "yes" for name in ("dry_run", "digest")}
    revision = form.get("revision", "")
    try:
        with units().begin() as uow:
            set_up(uow, values, int(revision) if revision.isdigit() else -1, known().person_id)
    except Invalid as error:
        return _page(values, error.problems), 422
    flash("Saved. It counts from now on.", "success")
    return redirect("/notifications/staff/settings", 303)


def _page(values: dict[str, Any] | None, errors: dict[str, list[str]]) -> str:
    with units().begin(write=False) as uow:
        kept, revision = uow.settings.get().as_json(), uow.settings.revision
    return render_template(
        "notifications/staff/settings.html",
        values=kept if values is None else values,
        revision=revision if values is None else values.get("revision", revision),
        errors=errors,
        zones=[(name, name.replace("_", " ")) for name in ZONES],
        groups=[
            (name, [(kind, title_of(kind)) for kind in kinds]) for name, kinds in grouped(KINDS.keys() - NEVER_HELD)
        ],
        nothing_leaves=here().config.dry_run,
    )
