"""All three services with a programme in them, made through their pages and JSON APIs, and everything that was logged,
asked for and redirected to on the way. Nothing is stubbed: the broker between them is the embedded one."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, Response, request
from flask.testing import FlaskClient
from sqlalchemy import inspect, select
from werkzeug.routing import Rule

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.use_cases.keep_rules import open_draft_rules
from services.embedded.assembly import Assembly, assemble
from services.embedded.home import Home, open_home
from shared import logs
from shared.service import Service
from shared.timekeeping import MovableClock
from shared.web.identity import Identity, sign
from tests.applications.parts import ANSWERS, ELIGIBLE, SLUG, apply, data_of, person

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
ROLES = ("staff", "administrator", "reviewer", "applicant", "participant", "officer", "funder")
NAME, EMAIL = "Noor O'Brien-Ñuñez", "noor@example.org"
PROGRAM_NAME, PROGRAM_EMAIL = "Tesfalem Gebremedhin", "tesfalem@example.net"
REVIEWER_NAME, REVIEWER_EMAIL = "Marged Llewelyn", "marged@panel.example"
REASON = "She turned a kitchen table into a legal clinic."
ORGANISATION = "The Lanterns of Leith"


@dataclass
class World:
    """What a test may look at. `ids` has an existing object for each parameter of a route."""

    assembly: Assembly
    home: Home
    clock: MovableClock
    key: str
    ids: dict[str, Any] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    journey: io.StringIO = field(default_factory=io.StringIO)
    addresses: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)

    @property
    def services(self) -> tuple[Service[Any], ...]:
        return self.assembly.services

    def bearer(self, *roles: str, who: str = "staff") -> dict[str, str]:
        """The header of a program that acts for somebody."""
        identity = Identity(self.people[who], who, frozenset(roles or ROLES), "session", frozenset({"totp"}))
        token = sign(identity, self.key, self.clock())
        self.secrets.add(token)
        return {"Authorization": f"Bearer {token}"}

    def browser(self, service: Service[Any], *roles: str, who: str = "staff") -> FlaskClient:
        """A browser signed in as somebody; a stranger's without roles."""
        client = service.web.test_client()
        if roles:
            client.set_cookie("hearth-identity", self.bearer(*roles, who=who)["Authorization"].split()[1])
        return client

    def call(self, service: Service[Any], method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Call a JSON API as somebody with these roles; the document of the answer."""
        who, roles, match = more.pop("who", "staff"), more.pop("roles", ROLES), more.pop("match", None)
        headers = self.bearer(*roles, who=who) | ({"If-Match": match} if match else {})
        answer = service.web.test_client().open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 400, (method, path, answer.status_code, answer.text)
        return answer

    def settle(self) -> None:
        """Let every event arrive."""
        self.assembly.broker.run_until_idle(timeout=120)

    def path(self, rule: Rule) -> str:
        """The address of a route, with objects that exist."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(self.ids[found[1]]), rule.rule)

    def contents(self, service: Service[Any]) -> dict[str, list[Any]]:
        """Every row of every table."""
        tables = service.metadata.sorted_tables
        with service.units.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection:
            assert {table.name for table in tables} <= set(inspect(connection).get_table_names())
            return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables}


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every route with each of its methods."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [(rule, method) for rule in rules for method in sorted((rule.methods or set()) - {"OPTIONS"})]


@contextmanager
def build_world(folder: Path) -> Iterator[World]:
    """The three services, and one application's whole way."""
    home, clock = open_home(folder), MovableClock(START)
    assembly = assemble(home, "http://localhost", clock, demo=False)
    world = World(assembly, home, clock, home.secrets()["identity_private_key"])
    handler = logs.configure("journey", "DEBUG", world.journey)
    try:
        for service in assembly.services:
            _watch(world, service.web)
        _walk(world)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel("WARNING")
    try:
        yield world
    finally:
        assembly.dispose()


def _watch(world: World, app: Flask) -> None:
    def _note(response: Response) -> Response:
        world.addresses |= {request.full_path, response.headers.get("Location", "")}
        cookies = [part for part in response.headers.getlist("Set-Cookie") if "hearth-language" not in part]
        world.secrets |= {part.partition("=")[2].partition(";")[0] for part in cookies}
        return response

    # First in the list is last in its turn: it sees the cookies that the others set.
    app.after_request_funcs.setdefault(None, []).insert(0, _note)


def _walk(world: World) -> None:
    applications = world.assembly.applications
    world.people["staff"] = person(applications, "sam@example.org", "staff", "administrator", name="Sam Staff").id
    with applications.units.begin() as uow:
        row = create_round(uow, {**round_definition(), "form": form_definition(), "rules": rules_definition()})
        world.ids["round_id"] = move_round(uow, row.id, "open").id
        open_draft_rules(uow, row.id, "Sam Staff")
        world.ids.update(version=1, place=0)
    drafts = [apply(applications, applications.web.test_client(), EMAIL), _apply_by_program(world)]
    world.ids["application_id"] = drafts[0].rpartition("/")[2]
    world.people["noor"] = UUID(data_of(applications, "person_registered")[1]["person_id"])
    with applications.units.begin(write=False) as uow:
        world.ids["organisation_id"] = next(iter(uow.organisations.current()))
    world.settle()
    _review(world)
    _choose(world)
    _meet(world)
    world.settle()
    world.ids |= {
        "slug": SLUG,
        "section_id": "leadership",
        "question_id": "motivation",
        "interest_id": UUID(int=1),
        "version": 1,
        "name": "hearth.css",
        "kind": "received",
        "language_code": "en",
        "number": "1",
        "person_id": world.people["noor"],
        "conflict_id": UUID(int=1),
        "file_question_id": "supporting_file",
        "upload_id": UUID(int=2),
        "helper_id": UUID(int=3),
        **{
            name: UUID(int=1)
            for name in ("phrase_id", "signpost_id", "group_id", "pack_id", "material_id", "cohort_id", "post_id")
        },
        "language": "en",
        **dict.fromkeys(("request_id", "erasure_id", "correction_id", "case_id"), UUID(int=1)),
        "what": "again",
        "phrase_id": UUID(int=1),
        "batch_id": UUID(int=1),
        "position": 0,
        "held_id": UUID(int=1),
        "news_id": UUID(int=1),
        "email": "gone@example.net",
        "category": "digest",
    }
    world.ids["message_id"] = world.call(world.assembly.notifications, "GET", "/notifications/api/v1/messages").json[
        "items"
    ][0]["id"]
    for asked in data_of(applications, "sign_in_requested"):
        world.secrets |= {asked["code"], asked["link"].rpartition("/")[2]}
    for started in data_of(applications, "application_started"):
        world.secrets.add(started["resume_link"].rpartition("/")[2])


def _apply_by_program(world: World) -> str:
    applications, api = world.assembly.applications, "/applications/api/v1"
    world.people["program"] = person(applications, PROGRAM_EMAIL, "applicant", name=PROGRAM_NAME).id
    as_owner: dict[str, Any] = {"who": "program", "roles": ("applicant",)}
    begun = world.call(
        applications, "POST", f"{api}/rounds/{SLUG}/applications", {"eligibility": ELIGIBLE}, **as_owner
    ).json
    mine = f"{api}/applications/{begun['id']}"
    for section, answers in ANSWERS.items():
        answers = {name: value for name, value in answers.items() if name not in ("full_name", "email")}
        if section == "contact":
            answers |= {"full_name": PROGRAM_NAME, "email": PROGRAM_EMAIL}
        if section == "organisation":
            answers |= {"organisation_name": ORGANISATION, "organisation_income": 12000}
        tag = world.call(applications, "GET", mine, **as_owner).headers["ETag"]
        world.call(applications, "PUT", f"{mine}/sections/{section}", {"answers": answers}, match=tag, **as_owner)
    world.call(applications, "POST", f"{mine}/submission", **as_owner)
    return mine


def _review(world: World) -> None:
    cohorts, api, round_id = world.assembly.cohorts, "/cohorts/api/v1", world.ids["round_id"]
    plan = world.call(cohorts, "GET", f"{api}/rounds/{round_id}/plan")
    changed = {**plan.json, "reviews_per_application": 1, "places": 1}
    world.call(cohorts, "PUT", f"{api}/rounds/{round_id}/plan", changed, match=plan.headers["ETag"])
    invited = {"name": REVIEWER_NAME, "email": REVIEWER_EMAIL}
    world.ids["member_id"] = world.call(cohorts, "POST", f"{api}/rounds/{round_id}/panel", invited).json["id"]
    reader = person(world.assembly.applications, REVIEWER_EMAIL, "reviewer", name=REVIEWER_NAME)
    world.people["reviewer"] = reader.id
    world.settle()
    as_reviewer: dict[str, Any] = {"who": "reviewer", "roles": ("reviewer",)}
    declared = {"organisations": [], "domains": [], "agreed": True}
    world.call(cohorts, "PUT", f"{api}/my/panels/{world.ids['member_id']}/declaration", declared, **as_reviewer)
    proposal = world.call(cohorts, "GET", f"{api}/rounds/{round_id}/assignment").json
    world.call(cohorts, "POST", f"{api}/rounds/{round_id}/assignment", {"fingerprint": proposal["fingerprint"]})
    with cohorts.units.begin(write=False) as uow:
        listed = [review.assignment_id for review in uow.blind.listed(UUID(world.ids["member_id"]))]
        criteria = [each["id"] for each in uow.rounds.get(round_id).rubric]
    for assignment in listed:
        world.ids["assignment_id"] = assignment
        tag = world.call(cohorts, "GET", f"{api}/reviews/{assignment}", **as_reviewer).headers["ETag"]
        written = {"scores": {criterion: {"score": 4, "reason": REASON} for criterion in criteria}}
        path = f"{api}/reviews/{assignment}/submission"
        world.call(cohorts, "PUT", path, written, match=tag, **as_reviewer)


def _choose(world: World) -> None:
    cohorts, api, round_id = world.assembly.cohorts, "/cohorts/api/v1", world.ids["round_id"]
    run = world.call(cohorts, "POST", f"{api}/rounds/{round_id}/selections", {"size": 1}).json["id"]
    capped = {"attribute": "organisation", "value": "*", "maximum": 1}
    kept = {"name": "As last year", "size": 1, "targets": [capped]}
    world.ids["set_id"] = world.call(cohorts, "POST", f"{api}/rounds/{round_id}/target-sets", kept).json["id"]
    promise = {"title": "Fair places", "source": "The national lottery", "source_at": "2028-01-01T00:00:00Z"}
    world.ids["lottery_id"] = world.call(cohorts, "POST", f"{api}/rounds/{round_id}/lotteries", promise).json["id"]
    respond_by = (world.clock() + timedelta(days=9)).isoformat()
    staged = {"run_id": run, "waitlist": 1, "respond_by": respond_by}
    release = world.call(cohorts, "POST", f"{api}/rounds/{round_id}/release", staged).json["id"]
    tag = world.call(cohorts, "GET", f"{api}/rounds/{round_id}/release").headers["ETag"]
    world.call(cohorts, "PUT", f"{api}/releases/{release}/released", match=tag)
    decision = world.call(cohorts, "GET", f"{api}/releases/{release}/decisions").json["items"][0]["id"]
    with cohorts.units.begin(write=False) as uow:
        offer, _ = uow.offers.of_round(round_id)[0]
        token = uow.links.token(offer.id, offer.nonce)
    world.secrets.add(token)
    world.call(cohorts, "PUT", f"{api}/own-offers/{token}/answer", {"answer": "accepted"})
    world.ids |= {"run_id": run, "release_id": release, "decision_id": decision, "offer_id": offer.id, "token": token}
    world.settle()


def _meet(world: World) -> None:
    cohorts, round_id = world.assembly.cohorts, world.ids["round_id"]
    body = {
        "title": "First evening",
        "purpose": "Meet",
        "place": "The Kettle Club",
        "start": "2027-03-02T18:30:00",
        "minutes": 90,
        "zone": "Europe/London",
    }
    made = world.call(cohorts, "POST", f"/cohorts/api/v1/rounds/{round_id}/sessions", body)
    world.ids["session_id"] = made.json["id"]
    asked = {"title": "How is it?", "moment": "mid", "questions": [{"id": "well", "kind": "yes_no", "text": "Well?"}]}
    survey = world.call(cohorts, "POST", f"/cohorts/api/v1/rounds/{round_id}/surveys", asked)
    world.ids["survey_id"] = survey.json["id"]
    marks = {"applications": [str(world.ids["application_id"])], "kind": "flag", "text": "Look again"}
    put = world.call(cohorts, "POST", f"/cohorts/api/v1/rounds/{round_id}/shortlist/marks", marks)
    world.ids["mark_id"] = put.json["marks"][0]["id"]
    kept = world.call(cohorts, "POST", f"/cohorts/api/v1/rounds/{round_id}/shortlist/views", {"name": "Mine"})
    world.ids["view_id"] = kept.json["id"]
