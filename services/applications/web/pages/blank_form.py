"""The blank form of a round, for anybody: a page to print, and plain text, in the reader's language."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from services.applications.domain.forms import Form
from services.applications.web.blank_form import as_plain_text, blank_sections
from services.applications.web.context import here, language, units
from services.applications.web.round_view import RoundView, public_round, view_of
from shared.web import access
from shared.web.i18n import gettext as _
from shared.web.moments import moment

pages = Blueprint("blank_form", __name__, url_prefix="/rounds/<slug>")


def _round(slug: str) -> tuple[RoundView, Form]:
    with units().begin(write=False) as uow:
        row = public_round(uow, slug)
        return view_of(row, here().clock()), uow.rounds.form(row.id, row.form_version)


def _lines(round_: RoundView) -> list[str]:
    """What stands above the questions."""
    return [
        _("This is a copy of the form to print, or to prepare your answers in. It is not sent from here."),
        _("The form closes on %(when)s.", when=moment(round_.closes_at, round_.row.zone)),
        _("If you cannot fill in the form online, write to us: we can take your answers on paper or by telephone."),
    ]


@pages.get("/form")
@access.public
def page(slug: str) -> ResponseReturnValue:
    round_, form = _round(slug)
    return render_template(
        "applications/home/blank_form.html",
        round=round_,
        lines=_lines(round_),
        sections=blank_sections(form, language()),
    )


@pages.get("/form.txt")
@access.public
def text(slug: str) -> ResponseReturnValue:
    round_, form = _round(slug)
    body = as_plain_text(round_.texts["title"], _lines(round_), blank_sections(form, language()))
    # A byte order mark: without it some programs read Arabic and Dari as something else.
    response = Response("\ufeff" + body, content_type="text/plain; charset=utf-8")
    response.headers["Content-Language"] = language()
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{language()}.txt"'
    return response
