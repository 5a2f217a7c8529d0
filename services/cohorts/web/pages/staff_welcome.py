"""Staff: the cohort's welcome pack in each language, and who has read it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.use_cases.keep_welcome_pack import LANGUAGES, draft_pack, publish_pack, readers
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from services.cohorts.web.welcome_sample import SAMPLES
from shared.errors import Conflict, Invalid, Stale
from shared.web.prose import from_markdown

pages = Blueprint("staff_welcome", __name__, url_prefix="/cohorts/staff")


@pages.get("/rounds/<uuid:round_id>/welcome")
@staff_only
def welcome(round_id: UUID) -> ResponseReturnValue:
    """The pack in one language: what is published, and the draft of the next version."""
    return _page(round_id, request.args.get("language", "en"), None, {})


def _page(round_id: UUID, language: str, typed: str | None, errors: dict[str, list[str]]) -> str:
    language = language if language in LANGUAGES else "en"
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        if cohort is None:
            raise Conflict("There is a cohort once the round’s decisions are released.")
        newest = uow.welcome.newest(cohort.id, language)
        published = uow.welcome.published(cohort.id, language)
        body = typed if typed is not None else (newest.body if newest else SAMPLES.get(language, SAMPLES["en"]))
        return show(
            "welcome.html",
            uow,
            round_id,
            "staff_sessions.sessions",
            cohort=cohort,
            chosen=language,
            codes=LANGUAGES,
            draft=newest if newest and newest.published_at is None else None,
            published=published,
            body=body,
            shown=from_markdown(body),
            readers=readers(uow, cohort.id),
            errors=errors,
        )


@pages.post("/rounds/<uuid:round_id>/welcome")
@staff_only
def keep(round_id: UUID) -> ResponseReturnValue:
    """Keep the draft; publish it when asked to."""
    language, body = fields.text(request.form, "language"), fields.text(request.form, "body")
    try:
        with units().begin() as uow:
            cohort = uow.cohorts.of_round(round_id)
            if cohort is None:
                raise Conflict("There is a cohort once the round’s decisions are released.")
            pack = draft_pack(uow, actor(), cohort.id, language, body, fields.revision(request.form))
            if request.form.get("do") == "publish":
                publish_pack(uow, actor(), pack.id, None)
    except Invalid as error:
        return _page(round_id, language, body, error.problems), 422
    except Stale as error:
        return _page(round_id, language, body, {"body": [error.message]}), 412
    flash("It is published." if pack.published_at else "The draft is kept. Below is how it looks.", "success")
    return redirect(url_for("staff_welcome.welcome", round_id=round_id, language=language))
