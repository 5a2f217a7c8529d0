"""A participant's own page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.see_programme import my_programme
from services.cohorts.web.context import actor, units
from shared.web import access

pages = Blueprint("my", __name__, url_prefix="/cohorts/my")


@pages.get("/", strict_slashes=False)
@access.signed_in
def programme() -> ResponseReturnValue:
    """My cohorts and sessions, and offers that wait for my answer."""
    with units().begin(write=False) as uow:
        return render_template("cohorts/my/programme.html", mine=my_programme(uow, actor()))
