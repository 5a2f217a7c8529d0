"""A reviewer's own progress."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.see_own_progress import see_own_progress
from services.cohorts.web.context import actor, units
from shared.web import access

pages = Blueprint("panel_progress", __name__, url_prefix="/cohorts/panel")


@pages.get("/progress")
@access.role("reviewer")
def progress() -> ResponseReturnValue:
    """What is left for me, until when, and how I have scored."""
    with units().begin(write=False) as uow:
        return render_template("cohorts/panel/progress.html", panels=see_own_progress(uow, actor()))
