"""What anybody can see: the front page, a round and how it decides, the small print."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from services.applications.domain.people import STAFF_ROLES
from services.applications.storage.tables import PersonRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases import keep_session
from services.applications.web.context import here, language, units
from services.applications.web.round_view import public_round, view_of
from services.applications.web.rule_words import rule_lines, tie_words
from services.applications.web.sessions import signed_in
from shared.errors import NotFound
from shared.web import access
from shared.web.identity import current

pages = Blueprint("home", __name__)
_ON_THE_FRONT = ("open", "soon", "paused")


@pages.get("/")
@access.public
def front() -> ResponseReturnValue:
    who, demo = current(), current_app.config["DEMO"]
    with units().begin(write=False) as uow:
        views = [view_of(row, here().clock()) for row in uow.rounds.all()]
        mine = uow.applications.of_person(who.person_id) if who else []
        people = _demo_people(uow) if demo else []
    rounds = [view for view in views if view.stage in _ON_THE_FRONT]
    drafts = [(row, view_of(round_, here().clock())) for row, round_ in mine if row.state == "draft"]
    return render_template("applications/home/front.html", rounds=rounds, drafts=drafts, people=people)


def _demo_people(uow: ApplicationsUnitOfWork) -> list[tuple[str, PersonRow]]:
    """Everybody who works on the sample round, and one participant of the year before."""
    listed = {role: uow.people.with_role(role) for role in ("staff", "officer", "reviewer", "participant")}
    listed["participant"] = listed["participant"][:1]
    return [(role, person) for role, people in listed.items() for person in people]


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
    return signed_in(redirect(_first_page(person), 303), token, identity)


def _first_page(person: PersonRow) -> str:
    if STAFF_ROLES & set(person.roles):
        return "/staff"
    if "officer" in person.roles:
        return "/officer/cases"
    if "reviewer" in person.roles:
        return "/cohorts/panel"
    return "/cohorts/my" if "participant" in person.roles else "/account"


@pages.get("/rounds/<slug>")
@access.public
def round_page(slug: str) -> ResponseReturnValue:
    with units().begin(write=False) as uow:
        row = public_round(uow, slug)
        form, lotteries = uow.rounds.form(row.id, row.form_version), uow.rounds.lotteries(row.id)
    return render_template(
        "applications/home/round.html", round=view_of(row, here().clock()), form=form, lotteries=lotteries
    )


@pages.get("/rounds/<slug>/priorities")
@access.public
def priorities(slug: str) -> ResponseReturnValue:
    """The published rules, in words, and how they came to be so: anybody can check their own score."""
    with units().begin(write=False) as uow:
        row = public_round(uow, slug)
        rules = uow.rounds.rules(row)
        versions = uow.rules.versions(row.id, row.rules_version)
        form_version = versions[0].form_version or row.form_version
        lines = rule_lines(rules, uow.rounds.form(row.id, form_version), language())
    view = view_of(row, here().clock())
    return render_template(
        "applications/home/priorities.html",
        round=view,
        lines=lines,
        rules=rules,
        current=versions[0],
        earlier=versions[1:],
        ties=tie_words(rules, language()),
    )


@pages.get("/accessibility")
@access.public
def accessibility() -> ResponseReturnValue:
    return render_template("applications/home/accessibility.html")


@pages.get("/privacy")
@access.public
def privacy() -> ResponseReturnValue:
    return render_template("applications/home/privacy.html")
