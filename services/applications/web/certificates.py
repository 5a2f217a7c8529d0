"""The page of an erasure: how far it is, and its certificate when it is done."""

from datetime import datetime

from flask import render_template

from services.applications.domain.data_kinds import REASONS, kind_name
from services.applications.use_cases.erase_person import DONE, Progress
from shared.web.i18n import gettext as _
from shared.web.spoken import say


def certificate_page(progress: Progress) -> str:
    """For whoever has the link; no name is on it, since none is kept."""
    found = progress.confirmations
    services = [{"name": name, "at": found[each].at if each in found else None} for each, name in _names().items()]
    kinds = _summed([each.erased for each in found.values()])
    reasons = _summed([each.kept for each in found.values()])
    return render_template(
        "applications/account/certificate.html",
        row=progress.row,
        services=services,
        erased=[{"kind": say(kind_name(kind)), "count": count} for kind, count in kinds],
        kept=[say(REASONS[reason]) for reason, _n in reasons if reason in REASONS],
    )


def certificate_text(progress: Progress) -> str:
    """The same as plain text, to keep beside the papers or to send by post."""
    row, found = progress.row, progress.confirmations
    lines = [
        _("Certificate of erasure") if row.state == DONE else _("We are erasing your data"),
        "",
        f"{_('Reference')}: {row.reference}",
        f"{_('Asked for')}: {_moment(row.asked_at)}",
        f"{_('Done')}: {_moment(row.completed_at)}",
        "",
        _("Confirmed by each of our services"),
        *(f"- {name}: {_moment(found[each].at if each in found else None)}" for each, name in _names().items()),
        "",
        _("What was erased"),
        *(f"- {say(kind_name(kind))}: {count}" for kind, count in _summed([each.erased for each in found.values()])),
        "",
        _("What stays, and why"),
        *(
            f"- {say(REASONS[reason])}"
            for reason, _n in _summed([each.kept for each in found.values()])
            if reason in REASONS
        ),
    ]
    return "\n".join(lines) + "\n"


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(" ", "minutes") if moment else _("Not yet")


def _names() -> dict[str, str]:
    return {
        "applications": _("Applications and accounts"),
        "cohorts": _("Panels, decisions and groups"),
        "notifications": _("Messages"),
    }


def _summed(parts: list[dict[str, int]]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for part in parts:
        for name, count in part.items():
            found[name] = found.get(name, 0) + int(count)
    return sorted(found.items())
