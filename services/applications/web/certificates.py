"""The page of an erasure: how far it is, and its certificate when it is done."""

from flask import render_template

from services.applications.domain.data_kinds import REASONS, kind_name
from services.applications.use_cases.erase_person import SERVICES, Progress
from shared.web.i18n import gettext as _
from shared.web.spoken import say


def certificate_page(progress: Progress) -> str:
    """For whoever has the link; no name is on it, since none is kept."""
    names = {
        "applications": _("Applications and accounts"),
        "cohorts": _("Panels, decisions and groups"),
        "notifications": _("Messages"),
    }
    found = progress.confirmations
    services = [{"name": names[each], "at": found[each].at if each in found else None} for each in SERVICES]
    kinds = _summed([each.erased for each in found.values()])
    reasons = _summed([each.kept for each in found.values()])
    return render_template(
        "applications/account/certificate.html",
        row=progress.row,
        services=services,
        erased=[{"kind": say(kind_name(kind)), "count": count} for kind, count in sorted(kinds.items())],
        kept=[say(REASONS[reason]) for reason in reasons if reason in REASONS],
    )


def _summed(parts: list[dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            found[name] = found.get(name, 0) + int(count)
    return found
