"""The page of a service's retention schedule: what is kept how long, and what would go now."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from shared import retention
from shared.errors import Invalid
from shared.unit_of_work import Units
from shared.web import access
from shared.web.identity import known


def blueprint(service: str, page: str, units: Callable[[], Units[Any]], kinds: tuple[retention.Kind, ...]) -> Blueprint:
    """Views at `page`: staff look, administrators change. The same as JSON is in shared/web/api/retention.py."""
    pages = Blueprint("retention", __name__)

    def show(typed: dict[str, str], errors: dict[str, list[str]]) -> str:
        with units().begin(write=False) as uow:
            planned, last = retention.plan(uow, kinds), retention.last_run(uow)
        return render_template(
            "hearth/retention.html",
            service=service,
            page=page,
            planned=planned,
            last=last,
            typed=typed,
            errors=errors,
            may_change=known().has("administrator"),
        )

    @pages.get(page)
    @access.role("staff", "administrator")
    def overview() -> ResponseReturnValue:
        return show({}, {})

    @pages.post(page)
    @access.role("administrator")
    def change() -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in ("kind", "days", "reason")}
        try:
            with units().begin() as uow:
                retention.change(uow, kinds, typed["kind"], typed["days"], typed["reason"], known().name)
        except Invalid as error:
            return show(typed, error.problems), 422
        flash("Changed. It counts from the next day on.", "success")
        return redirect(page, 303)

    return pages
