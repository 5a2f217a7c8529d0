"""What anybody can see: the front page, a round and how it decides, the small print, the language."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from services.applications.domain.people import STAFF_ROLES
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_session
from services.applications.use_cases.keep_round import last_minute, texts_of
from services.applications.web.context import units
from services.applications.web.pages.sign_in import signed_in
from services.applications.web.rule_words import rule_lines
from shared.errors import NotFound
from shared.web import access
from shared.web.i18n import chosen_language

pages = Blueprint("home", __name__)


@pages.get("/")
@access.public
def front() -> ResponseReturnValue:
    language = chosen_language() or "en"
    with units().begin(write=False) as uow:
        rounds = [(row, texts_of(row, language)) for row in uow.rounds.all() if row.state in {"open", "paused"}]
        people = _demo_people(uow) if current_app.config["DEMO"] else []
    return render_template("applications/home/front.html", rounds=rounds, people=people)


def _demo_people(uow: ApplicationsUnitOfWork) -> list[tuple[str, list[PersonRow]]]:
    return [(role, uow.people.with_role(role)) for role in ("staff", "reviewer")]


@pages.post("/demo/sign-in/<uuid:person_id>")
@access.public
def demo_sign_in(person_id: UUID) -> ResponseReturnValue:
    """One click instead of an email, on a demonstration with invented people only."""
    if not current_app.config["DEMO"]:
        raise NotFound("There is no such page.")
    with units().begin() as uow:
        person = uow.people.get(person_id)
        token = keep_session.begin_session(uow, person.id, ["demo"])
        identity = keep_session.renew(uow, token)
        target = "/staff" if STAFF_ROLES & set(person.roles) else "/account"
        if "reviewer" in person.roles:
            target = "/cohorts/panel"
    return signed_in(redirect(target, 303), token, identity)


@pages.get("/rounds/<slug>")
@access.public
def round_page(slug: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row = uow.rounds.by_slug(slug)
        if row.state == "draft":
            raise NotFound("There is no such round.")
        form = uow.rounds.form(row.id, row.form_version)
    return render_template(
        "applications/home/round.html",
        round=row,
        texts=texts_of(row, chosen_language() or "en"),
        form=form,
        closes_at=last_minute(row),
    )


@pages.get("/rounds/<slug>/priorities")
@access.public
def priorities(slug: str) -> ResponseReturnValue:
    """The published rules, in words: anybody can check their own score."""
    language = chosen_language() or "en"
    with units().begin(write=False) as uow:
        row = uow.rounds.by_slug(slug)
        if row.state == "draft":
            raise NotFound("There is no such round.")
        rules = uow.rounds.rules(row)
        lines = rule_lines(rules, uow.rounds.form(row.id, row.form_version), language)
    return render_template(
        "applications/home/priorities.html", round=row, texts=texts_of(row, language), lines=lines, rules=rules
    )


@pages.get("/accessibility")
@access.public
def accessibility() -> ResponseReturnValue:
    return render_template("applications/home/accessibility.html")


@pages.get("/privacy")
@access.public
def privacy() -> ResponseReturnValue:
    return render_template("applications/home/privacy.html")
