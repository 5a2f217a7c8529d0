"""Staff: write a message's text, look at it as it would arrive, and publish it."""

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.languages import LANGUAGES
from services.notifications.domain.templating.comparing import Row, compare
from services.notifications.domain.templating.source import Source
from services.notifications.storage.template_tables import TemplateTextRow
from services.notifications.storage.unit_of_work import NotificationsUnitOfWork
from services.notifications.use_cases.edit_template import (
    Standing,
    begin_text,
    checked,
    discard_text,
    keep_text,
    look,
    publish_text,
    source_of,
    standing,
)
from services.notifications.web.context import units
from services.notifications.web.frames import framed
from services.notifications.web.wording import when_used
from shared.errors import Invalid, NotFound, Stale
from shared.message_kinds import title_of
from shared.web import access
from shared.web.identity import known

pages = Blueprint("notification_template_texts", __name__, url_prefix="/notifications/staff/templates")
staff_only = access.role("staff", "administrator")


@pages.get("/<kind>/<language_code>/edit")
@staff_only
def edit(kind: str, language_code: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        now = standing(uow, kind, language_code)
        return _form(uow, now, begin_text(kind, language_code, now), _problems(now))


def _problems(now: Standing) -> dict[str, list[str]]:
    """What is wrong with the text that was kept, to be seen by whoever goes on with it."""
    if now.work is None:
        return {}
    try:
        checked(source_of(now.work))
    except Invalid as error:
        return error.problems
    return {}


@pages.post("/<kind>/<language_code>/edit")
@staff_only
def keep(kind: str, language_code: str) -> ResponseReturnValue:
    """Keeps it whatever is wrong with it, then says what."""
    given = {**request.form.to_dict(), "draft": language_code != "en" and request.form.get("checked") != "yes"}
    subject, preheader, body = (request.form.get(each, "") for each in ("subject", "preheader", "body"))
    typed = Source(kind, language_code, subject, preheader, body, bool(given["draft"]))
    try:
        with units().begin() as uow:
            keep_text(uow, kind, language_code, given, _number("revision"), known().person_id)
    except Invalid as error:
        with units().begin(write=False) as uow:
            now = standing(uow, kind, language_code)
            return _form(uow, now, typed, error.problems, revision=_number("revision")), 422
    except Stale:
        with units().begin(write=False) as uow:
            now = standing(uow, kind, language_code)
            theirs = source_of(now.work) if now.work else now.source
            return _form(uow, now, typed, {}, differences=compare(theirs, typed)), 409
    return _kept(kind, language_code)


def _kept(kind: str, language_code: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        now = standing(uow, kind, language_code)
        if problems := _problems(now):
            return _form(uow, now, begin_text(kind, language_code, now), problems), 422
    return redirect(f"/notifications/staff/templates/{kind}/{language_code}/draft", 303)


def _form(
    uow: NotificationsUnitOfWork, now: Standing, source: Source, errors: dict[str, list[str]],
    *, differences: list[Row] | None = None, revision: int | None = None,
) -> str:  # fmt: skip
    kind = KINDS[source.kind]
    return render_template(
        "notifications/staff/template_edit.html",
        kind=source.kind,
        code=source.language,
        source=source,
        now=now,
        errors=errors,
        differences=differences,
        revision=revision if revision is not None else (now.work.revision if now.work else 0),
        by=_who(uow, now.work),
        title=title_of(source.kind),
        language_=LANGUAGES[source.language],
        placeholders=[
            {"name": f"{{{{{name}}}}}", "what": when_used(spec)} for name, spec in kind.all_placeholders().items()
        ]
        + [{"name": f"{{{{list:{name}}}}}", "what": "A list. Alone in its paragraph."} for name in sorted(kind.lists)],
    )


def _who(uow: NotificationsUnitOfWork, work: TemplateTextRow | None) -> str:
    by = work.changed_by if work else None
    return uow.template_versions.names({by}).get(by, "somebody of staff") if by else "somebody of staff"


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _work(uow: NotificationsUnitOfWork, kind: str, language_code: str) -> tuple[Standing, Source]:
    now = standing(uow, kind, language_code)
    if now.work is None:
        raise NotFound("Nobody is working on this text. It may have been published, or thrown away.")
    return now, source_of(now.work)


@pages.get("/<kind>/<language_code>/draft")
@staff_only
def draft(kind: str, language_code: str) -> ResponseReturnValue:
    return _look(kind, language_code, {})


def _look(kind: str, language_code: str, errors: dict[str, list[str]]) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        now, source = _work(uow, kind, language_code)
        try:
            rendered = look(uow, checked(source))
        except Invalid:
            return redirect(f"/notifications/staff/templates/{kind}/{language_code}/edit", 303)
        return render_template(
            "notifications/staff/template_draft.html",
            kind=kind,
            code=language_code,
            now=now,
            rendered=rendered,
            differences=compare(now.source, source),
            errors=errors,
            note=request.form.get("note", ""),
            by=_who(uow, now.work),
            title=title_of(kind),
            language_=LANGUAGES[language_code],
        )


@pages.get("/<kind>/<language_code>/draft/html")
@staff_only
def draft_html(kind: str, language_code: str) -> Response:
    with units().begin(write=False) as uow:
        return framed(look(uow, checked(_work(uow, kind, language_code)[1])).html)


@pages.post("/<kind>/<language_code>/draft/publish")
@staff_only
def publish(kind: str, language_code: str) -> ResponseReturnValue:
    try:
        with units().begin() as uow:
            row = publish_text(
                uow, kind, language_code, request.form.get("note", ""), known().person_id,
                revision=_number("revision"), over=_number("over"),
            )  # fmt: skip
            number = row.number
    except Invalid as error:
        return _status(_look(kind, language_code, error.problems), 422)
    except Stale as error:
        return _status(_look(kind, language_code, {"note": [error.message]}), 409)
    flash(f"Version {number} is in use from now on.", "success")
    return redirect(f"/notifications/staff/templates/{kind}/{language_code}/versions", 303)


def _status(page: ResponseReturnValue, status: int) -> ResponseReturnValue:
    return (page, status) if isinstance(page, str) else page


@pages.post("/<kind>/<language_code>/draft/discard")
@staff_only
def discard(kind: str, language_code: str) -> ResponseReturnValue:
    with units().begin() as uow:
        discard_text(uow, kind, language_code, _number("revision"))
    flash("It is thrown away. Messages go out as before.", "success")
    return redirect(f"/notifications/staff/templates/{kind}/{language_code}", 303)
