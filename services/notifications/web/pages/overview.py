"""Staff: what became of everything sent, over time and by kind; what waits, and what needs somebody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.storage.messages import GROUPS
from services.notifications.use_cases.see_outcomes import see_outcomes
from services.notifications.web.context import here, units
from shared.web import access

pages = Blueprint("notifications_overview", __name__, url_prefix="/notifications/staff")
DAYS = (14, 30, 90)


@pages.get("/overview")
@access.role("staff", "administrator")
def overview() -> ResponseReturnValue:
    text = request.args.get("days", "")
    days = int(text) if text in {str(each) for each in DAYS} else DAYS[0]
    with units().begin(write=False) as uow:
        seen = see_outcomes(uow, days)
    return render_template(
        "notifications/staff/overview.html",
        seen=seen,
        days=days,
        choices=DAYS,
        groups=list(GROUPS),
        nothing_leaves=here().config.dry_run,
    )
