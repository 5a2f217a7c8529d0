"""Staff: what the next digest tells."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.digest import next_moment
from services.notifications.domain.languages import LANGUAGES
from services.notifications.use_cases.keep_news import keep_news, withdraw_news
from services.notifications.use_cases.send_digest import SETTLING
from services.notifications.web.context import units
from shared.errors import Invalid
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notifications_news", __name__, url_prefix="/notifications/staff/news")


@pages.get("")
@access.role("staff", "administrator")
def listed() -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        settings, rows = uow.settings.get(), uow.news.listed()
        last, digests = uow.news.last_made(), uow.news.digests()
        following = next_moment(uow.now, settings) if settings.digest else None
        readers = len(uow.news.readers())
    return render_template(
        "notifications/staff/news.html", rows=rows, settings=settings, following=following,
        last=last and last - SETTLING, digests=digests, readers=readers, languages_=LANGUAGES,
    )  # fmt: skip


@pages.get("/new")
@access.role("staff", "administrator")
def new() -> ResponseReturnValue:
    return _form(None, {}, {})


@pages.post("/new")
@access.role("staff", "administrator")
def create() -> ResponseReturnValue:
    return _keep(None)


@pages.get("/<uuid:news_id>")
@access.role("staff", "administrator")
def edit(news_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row, zone = uow.news.get(news_id), uow.settings.get().zone
    local = row.show_from.astimezone(ZoneInfo(zone))
    values = {
        "title": row.title, "text": row.text, "link": row.link, "language": row.language or "",
        "day": f"{local:%Y-%m-%d}", "revision": str(row.revision),
    }  # fmt: skip
    return _form(news_id, values, {})


@pages.post("/<uuid:news_id>")
@access.role("staff", "administrator")
def change(news_id: UUID) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        uow.news.get(news_id)
    return _keep(news_id)


@pages.post("/<uuid:news_id>/withdraw")
@access.role("staff", "administrator")
def withdraw(news_id: UUID) -> ResponseReturnValue:
    back = request.form.get("back") == "yes"
    with units().begin() as uow:
        withdraw_news(uow, news_id, known().person_id, back=back)
    flash("It is told again." if back else "No digest tells it any more.", "success")
    return redirect("/notifications/staff/news", 303)


def _keep(news_id: UUID | None) -> ResponseReturnValue:
    given = request.form.to_dict()
    revision = given.get("revision", "")
    edited = (news_id, int(revision) if revision.isdigit() else 0) if news_id else None
    try:
        with units().begin() as uow:
            at = _day(given.get("day", ""), uow.settings.get().zone)
            keep_news(uow, given, at, known().person_id, edited)
    except Invalid as error:
        return _form(news_id, given, error.problems), 422
    flash("Kept for the next digest.", "success")
    return redirect("/notifications/staff/news", 303)


def _day(text: str, zone: str) -> datetime | None:
    """The beginning of that day; None for an empty field."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()[:10]).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise Invalid({"day": ["Write a day like 2027-03-02, or leave it empty for now."]}) from None


def _form(news_id: UUID | None, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    return render_template(
        "notifications/staff/news_item.html",
        news_id=news_id,
        values=values,
        errors=errors,
        languages_=[("", "Everybody"), *((code, each.name) for code, each in LANGUAGES.items())],
    )
