"""Staff: the cohort's surveys: written, looked at, published, closed."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.cohorts.domain.survey import phrases
from services.cohorts.storage.tables import Cohort, Survey
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.answer_survey import said
from services.cohorts.use_cases.publish_survey import close_survey, publish_survey
from services.cohorts.use_cases.see_surveys import see_survey
from services.cohorts.use_cases.write_survey import (
    LANGUAGES,
    Settings,
    change_survey,
    draft_survey,
    remove_survey,
    translate_survey,
)
from services.cohorts.web import fields
from services.cohorts.web.context import actor, units
from services.cohorts.web.pages.staff import show, staff_only
from services.cohorts.web.survey_form import given_in, step_at, turn
from shared.errors import Conflict, Invalid, NotFound, Stale

pages = Blueprint("staff_surveys", __name__, url_prefix="/cohorts/staff")
TAB = "staff_surveys.surveys"
_TEXTS = ("title", "intro", "moment", "session_id", "anonymous", "minutes", "opens_time", "closes_time", "like")
Problems = dict[str, list[str]]


@pages.get("/rounds/<uuid:round_id>/surveys")
@staff_only
def surveys(round_id: UUID) -> ResponseReturnValue:
    """Every survey of the cohort."""
    with units().begin(write=False) as uow:
        cohort = uow.cohorts.of_round(round_id)
        found = uow.surveys.of_cohort(cohort.id) if cohort else []
        counts = {survey.id: uow.surveys.counts(survey) for survey in found}
        return show("surveys.html", uow, round_id, TAB, cohort=cohort, surveys=found, counts=counts)


@pages.get("/rounds/<uuid:round_id>/surveys/new")
@staff_only
def new(round_id: UUID) -> ResponseReturnValue:
    """The form for a new survey; from a session's page, one about that session."""
    about = request.args.get("session", "")
    moment = "session" if about else "baseline"
    return _form(round_id, None, {"moment": moment, "session_id": about, "anonymous": "no"}, {})


@pages.post("/rounds/<uuid:round_id>/surveys/new")
@staff_only
def draft(round_id: UUID) -> ResponseReturnValue:
    """Begin it; its questions come next."""
    values = _typed()
    try:
        with units().begin() as uow:
            cohort = _cohort(uow, round_id)
            like = values["like"]
            wanted = _settings(values, cohort.zone)
            row = draft_survey(uow, cohort.id, wanted, (), fields.identifier(like) if like else None)
    except Invalid as error:
        return _form(round_id, None, values, error.problems), 422
    flash("The survey is begun. Nobody is asked until you publish it.", "success")
    return redirect(url_for("staff_surveys.survey", survey_id=row.id))


@pages.get("/surveys/<uuid:survey_id>")
@staff_only
def survey(survey_id: UUID) -> ResponseReturnValue:
    """What it asks, whom and when, and how many have answered."""
    return _overview(survey_id, {})


def _overview(survey_id: UUID, errors: Problems) -> str:
    with units().begin(write=False) as uow:
        seen = see_survey(uow, survey_id)
        session = uow.sessions.find(seen.survey.session_id) if seen.survey.session_id else None
        said_in = {code: len(seen.survey.words.get(code, {})) for code in LANGUAGES}
        keys = phrases(seen.survey.title, seen.survey.intro, seen.questions)
        return show(
            "survey.html",
            uow,
            seen.cohort.round_id,
            TAB,
            seen=seen,
            survey=seen.survey,
            session=session,
            errors=errors,
            said_in=said_in,
            phrases=len(keys),
        )


@pages.get("/surveys/<uuid:survey_id>/edit")
@staff_only
def edit(survey_id: UUID) -> ResponseReturnValue:
    """The form for its settings."""
    with units().begin(write=False) as uow:
        row = uow.surveys.get(survey_id)
        cohort = uow.cohorts.get(row.cohort_id)
    return _form(cohort.round_id, row, _values(row, cohort.zone), {})


@pages.post("/surveys/<uuid:survey_id>/edit")
@staff_only
def change(survey_id: UUID) -> ResponseReturnValue:
    """Change its settings."""
    values = _typed()
    with units().begin(write=False) as uow:
        row = uow.surveys.get(survey_id)
        cohort = uow.cohorts.get(row.cohort_id)
    try:
        with units().begin() as uow:
            change_survey(uow, survey_id, _settings(values, cohort.zone), fields.revision(request.form))
    except Invalid as error:
        return _form(cohort.round_id, row, values, error.problems), 422
    except Stale as error:
        return _form(cohort.round_id, row, values, {"title": [error.message]}), 412
    flash("It is changed.", "success")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))


def _form(round_id: UUID, row: Survey | None, values: dict[str, Any], errors: Problems) -> str:
    with units().begin(write=False) as uow:
        cohort = _cohort(uow, round_id)
        sessions = [session for session in uow.sessions.of_cohort(cohort.id) if session.status == "scheduled"]
        others = uow.surveys.of_cohort(cohort.id)
        more = {"sessions": sessions, "others": others, "cohort": cohort}
        return show("survey_form.html", uow, round_id, TAB, survey=row, values=values, errors=errors, **more)


def _cohort(uow: CohortsUnit, round_id: UUID) -> Cohort:
    cohort = uow.cohorts.of_round(round_id)
    if cohort is None:
        raise Conflict("There is a cohort once the round’s decisions are released.")
    return cohort


def _typed() -> dict[str, Any]:
    form = request.form
    dates = {
        name: {part: fields.text(form, f"{name}-{part}") for part in ("day", "month", "year")}
        for name in ("opens_at", "closes_at")
    }
    return {**{name: fields.text(form, name) for name in _TEXTS}, **dates}


def _settings(values: dict[str, Any], zone: str) -> Settings:
    problems: Problems = {}
    minutes = fields.number(values, "minutes", problems) if values["minutes"] else None
    opens_at, closes_at = (_time(values, name, zone, problems) for name in ("opens", "closes"))
    session_id = fields.identifier(values["session_id"]) if values["session_id"] else None
    fields.checked(problems)
    return Settings(
        title=values["title"],
        intro=values["intro"],
        moment=values["moment"],
        session_id=session_id,
        anonymous=values["anonymous"] == "yes",
        minutes=minutes,
        opens_at=opens_at,
        closes_at=closes_at,
    )


def _time(values: dict[str, Any], name: str, zone: str, problems: Problems) -> datetime | None:
    """A day and a time of it in the round's zone: nine o'clock to open, the last minute to close, unless said."""
    parts = {f"{name}_at-{part}": text for part, text in values[f"{name}_at"].items()}
    day = fields.day(parts, f"{name}_at", problems, optional=True)
    hour = fields.wall_time(values, f"{name}_time", problems, "09:00" if name == "opens" else "23:59")
    return datetime.combine(day, hour, ZoneInfo(zone)) if day and hour else None


def _values(row: Survey, zone: str) -> dict[str, Any]:
    there = {
        name: moment.astimezone(ZoneInfo(zone)) if moment else None
        for name, moment in (("opens", row.opens_at), ("closes", row.closes_at))
    }
    times: dict[str, Any] = {f"{name}_at": moment.date() if moment else None for name, moment in there.items()}
    times |= {f"{name}_time": f"{moment:%H:%M}" if moment else "" for name, moment in there.items()}
    return {
        **{name: getattr(row, name) for name in ("title", "intro", "moment", "minutes")},
        **times,
        "session_id": str(row.session_id or ""),
        "anonymous": "yes" if row.anonymous else "no",
    }


@pages.post("/surveys/<uuid:survey_id>/publish")
@staff_only
def publish(survey_id: UUID) -> ResponseReturnValue:
    """Fix what it asks, and invite everybody."""
    try:
        with units().begin() as uow:
            publish_survey(uow, actor(), survey_id, fields.revision(request.form))
    except Invalid as error:
        return _overview(survey_id, {"": error.sentences}), 422
    except (Stale, Conflict) as error:
        return _overview(survey_id, {"": [error.message]}), 412 if isinstance(error, Stale) else 409
    flash("The survey is published. Everybody is written to when it opens.", "success")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))


@pages.post("/surveys/<uuid:survey_id>/close")
@staff_only
def close(survey_id: UUID) -> ResponseReturnValue:
    """Close it before its time."""
    try:
        with units().begin() as uow:
            close_survey(uow, actor(), survey_id, fields.revision(request.form))
    except (Stale, Conflict) as error:
        return _overview(survey_id, {"": [error.message]}), 412 if isinstance(error, Stale) else 409
    flash("The survey is closed.", "success")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))


@pages.post("/surveys/<uuid:survey_id>/remove")
@staff_only
def remove(survey_id: UUID) -> ResponseReturnValue:
    """Take a draft away."""
    try:
        with units().begin() as uow:
            round_id = remove_survey(uow, survey_id)
    except Conflict as error:
        return _overview(survey_id, {"": [error.message]}), 409
    flash("The draft is taken away.", "info")
    return redirect(url_for("staff_surveys.surveys", round_id=round_id))


@pages.route("/surveys/<uuid:survey_id>/preview", methods=["GET", "POST"])
@staff_only
def preview(survey_id: UUID) -> ResponseReturnValue:
    """As participants see it, in any of the languages; nothing is kept."""
    with units().begin(write=False) as uow:
        mine = said(uow, uow.surveys.get(survey_id), request.args.get("words", "en"))
    given = given_in(request.form, mine.questions)
    step = step_at(mine.questions, given, 0)
    if request.method == "POST":
        back = fields.text(request.form, "do") == "back"
        further = turn(mine.questions, given, fields.number(request.form, "step", {}, 0), back)
        if further is None:
            flash("That is the end of the survey. Nothing was kept.", "info")
            return redirect(url_for("staff_surveys.survey", survey_id=survey_id))
        step = further
    status = 422 if step.errors else 200
    return render_template("cohorts/my/survey.html", mine=mine, step=step, refused="", preview=True), status


@pages.get("/surveys/<uuid:survey_id>/words/<language>")
@staff_only
def words(survey_id: UUID, language: str) -> ResponseReturnValue:
    """What it says in another language."""
    _check_language(language)
    with units().begin(write=False) as uow:
        typed = uow.surveys.get(survey_id).words.get(language, {})
    return _words(survey_id, language, typed, {})


@pages.post("/surveys/<uuid:survey_id>/words/<language>")
@staff_only
def translate(survey_id: UUID, language: str) -> ResponseReturnValue:
    """Keep what it says in another language."""
    _check_language(language)
    typed = {key.removeprefix("w-"): text for key, text in request.form.items() if key.startswith("w-")}
    try:
        with units().begin() as uow:
            translate_survey(uow, survey_id, language, typed, fields.revision(request.form))
    except Invalid as error:
        return _words(survey_id, language, typed, {f"w-{key}": found for key, found in error.problems.items()}), 422
    except Stale as error:
        return _words(survey_id, language, typed, {"": [error.message]}), 412
    flash("The words are kept.", "success")
    return redirect(url_for("staff_surveys.survey", survey_id=survey_id))


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise NotFound("A survey is written in English, and cannot be translated into this language.")


def _words(survey_id: UUID, language: str, typed: dict[str, str], errors: Problems) -> str:
    with units().begin(write=False) as uow:
        seen = see_survey(uow, survey_id)
        keys = phrases(seen.survey.title, seen.survey.intro, seen.questions)
        more = {"chosen": language, "codes": LANGUAGES, "keys": keys, "typed": typed, "errors": errors}
        return show("survey_words.html", uow, seen.cohort.round_id, TAB, survey=seen.survey, **more)
