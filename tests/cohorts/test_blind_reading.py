"""Blind reading, end to end: a marker stands in everything of an application that a panel must not see, and then a
reviewer opens every route of all three services, searches, sends empty forms, gets mail. No marker may come back.
"""

import io
import itertools
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.applications.domain.forms import parse_answers
from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.fill_in import APART, save_section
from services.applications.use_cases.keep_person import register_person
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.use_cases.start_application import start_application
from services.applications.use_cases.submit_application import submit_application
from services.cohorts.domain.phases import Phases
from services.cohorts.use_cases.discuss import say_as_staff
from services.cohorts.use_cases.redact_answer import redact_answer
from services.cohorts.use_cases.set_phases import set_phases
from services.cohorts.use_cases.write_review import Written, submit_review
from services.embedded.assembly import assemble
from services.embedded.home import open_home
from shared import logs
from shared.timekeeping import MovableClock
from tests.applications.parts import ANSWERS, ELIGIBLE
from tests.architecture.whole import START, Whole, keeping_nothing
from tests.cohorts.programme import STAFF, Programme

SHOWN = "I would like to learn from others."
EMAIL = "zqmaillocal@zqmaildomain.example"
HIDDEN = {
    "full_name": "Zqfirst Zqlast",
    "email": EMAIL,
    "phone": "+44 7700 900471",
    "organisation_name": "Zqorganisation Trust",
    "organisation_postcode": "ZE2 9AA",
    "organisation_income": "471147",
    "interpreter_language": "Zqinterpreter",
    "access_notes": "Zqaccess needs a quiet room",
    "ethnic_group_other": "Zqethnic",
    "gender_other": "Zqgender",
}
MARKERS = (
    "zqfirst", "zqlast", "zqmaillocal", "zqmaildomain", "zqorganisation", "zqinterpreter", "zqaccess", "zqethnic",
    "zqgender", "zqsecret", "zqredacted", "900471", "ze2 9aa", "471147", "471,147",
)  # fmt: skip
LABELS = re.compile(r"zqlabel\w*", re.IGNORECASE)
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
SEARCHES = ("zqfir", "Zqorg", "zqmaillo", "%", "900")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The world with one application, a reviewer (ada) whose own review is in, and what was logged on the way."""
    home, clock = open_home(tmp_path_factory.mktemp("blind")), MovableClock(START)
    assembly = assemble(home, "http://localhost", clock, demo=False)
    whole, log = Whole(assembly, clock, home.secrets()["identity_private_key"]), io.StringIO()
    handler = logs.configure("blind", "DEBUG", log)
    try:
        _furnish(whole)
        whole.people |= {"reviewer": whole.people["ada"], "staff": whole.people["ben"]}
        yield whole, log, home
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel("WARNING")
        assembly.dispose()


def _furnish(whole: Whole) -> None:
    applications = whole.assembly.applications
    definition = {**round_definition(), "form": _marked_form(), "rules": rules_definition()}
    with applications.units.begin() as uow:
        for name, roles in (("ada", ["reviewer"]), ("ben", ["reviewer"])):
            row = register_person(uow, email=f"{name}@mail.example", name=name, language="en", roles=roles)
            whole.people[name] = row.id
        whole.people["noor"] = register_person(
            uow, email=EMAIL, name=HIDDEN["full_name"], language="en", roles=["applicant"]
        ).id
        row = create_round(uow, definition)
        round_id, slug = move_round(uow, row.id, "open").id, row.slug
    whole.assembly.broker.run_until_idle(timeout=120)
    application_id = _apply(whole, slug)
    whole.assembly.broker.run_until_idle(timeout=120)
    _panel(whole, round_id, application_id)
    whole.assembly.broker.run_until_idle(timeout=120)


def _marked_form() -> dict[str, Any]:
    """The sample form, with a marker in the label of every option of a question that the panel may not see."""
    form: dict[str, Any] = form_definition()
    count = itertools.count()
    for section in form["sections"]:
        for question in section.get("questions", ()):
            if not question.get("panel_may_see"):
                for option in question.get("options") or ():
                    if isinstance(option.get("label"), dict):
                        option["label"]["en"] += f" zqlabel{next(count)}"
    return form


def _apply(whole: Whole, slug: str) -> Any:
    person = whole.people["noor"]
    answers: dict[str, Any] = {**ELIGIBLE}
    for section in ANSWERS.values():
        answers |= section
    answers |= HIDDEN | {"motivation": SHOWN, "change": "Zqredacted stood here."}
    with whole.assembly.applications.units.begin() as uow:
        form = uow.rounds.form(uow.rounds.by_slug(slug).id, 1)
        checked, _ = parse_answers(form, "eligibility", answers)
        row = start_application(uow, slug, person, language="en", eligibility=dict(checked))
        for section in form.sections:
            if section.purpose in APART or section.id != "eligibility":
                save_section(uow, row.id, person, section.id, answers, revision=None)
        submit_application(uow, row.id, person)
        return row.id


def _panel(whole: Whole, round_id: Any, application_id: Any) -> None:
    programme = Programme(whole.assembly.cohorts, whole.clock, whole.private_key)
    programme.round_id, programme.people = round_id, {name: whole.people[name] for name in ("ada", "ben")}
    programme.settle(reviews_per_application=2)
    members = {name: programme.reviewer(name) for name in ("ada", "ben")}
    programme.do(redact_answer, STAFF, application_id, "change", "[removed] stood here.", "Zqsecret reason")
    programme.assign()
    with programme.units.begin(write=False) as uow:
        criteria = [one["id"] for one in uow.rounds.get(round_id).rubric]
    lists = {name: programme.list_of(member)[0] for name, member in members.items()}
    dates = Phases(
        scoring_closes_at=whole.clock() + timedelta(days=1), discussion_closes_at=whole.clock() + timedelta(days=30)
    )
    programme.do(set_phases, STAFF, round_id, dates, None)
    for name, reason in (("ada", "Clear."), ("ben", "This must be Zqfirst Zqlast of Zqorganisation Trust.")):
        written = Written(scores={c: {"score": 4, "reason": reason} for c in criteria}, comment=reason)
        programme.do(submit_review, programme.actor(name), lists[name], written, None)
    whole.clock.advance(timedelta(days=2))
    programme.do(say_as_staff, STAFF, application_id, "Zqfirst wrote to us.")
    mine, others = [str(lists["ada"]), str(application_id)], [str(lists["ben"]), str(application_id)]
    whole.names["ids"] = {
        "assignment_id": " ".join([*mine, *others]),
        "application_id": str(application_id),
        "round_id": str(round_id),
        "person_id": str(whole.people["noor"]),
        "member_id": " ".join(str(member.id) for member in members.values()),
        "slug": slug_of(whole, round_id),
        "question_id": "change",
        "section_id": "contact",
        "name": "hearth.css",
        "language_code": "en",
        "kind": "received",
    }


def slug_of(whole: Whole, round_id: Any) -> str:
    with whole.assembly.cohorts.units.begin(write=False) as uow:
        return str(uow.rounds.get(round_id).slug)


def addresses(rule: str, names: dict[str, str]) -> Iterator[str]:
    """The rule with every combination of real ids; a made-up one where there is no such thing."""
    parameters = _PARAMETER.findall(rule)
    nobody = "01900000-0000-7000-8000-000000000000"
    for values in itertools.product(*(names.get(name, nobody).split() for name in parameters)):
        yield _PARAMETER.sub("{}", rule).format(*values)


def leaks(text: str) -> list[str]:
    plain = text.lower()
    return [marker for marker in MARKERS if marker in plain] + LABELS.findall(text)


def test_no_route_of_any_service_gives_a_reviewer_a_marker(read: Any) -> None:
    whole, _, _ = read
    found, seen = [], 0
    with keeping_nothing():
        for service in whole.assembly.services:
            for rule in service.web.url_map.iter_rules():
                for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                    for address in addresses(rule.rule, whole.names["ids"]):
                        body = {} if "/api/" in address and method != "GET" else None
                        answer = whole.ask("reviewer", service.name, method, address, body)
                        seen += 1
                        told = answer.get_data(as_text=True) + str(answer.headers)
                        found += [(method, address, marker) for marker in leaks(told)]
    assert seen > 200
    assert found == []


def test_no_search_gives_a_reviewer_a_marker(read: Any) -> None:
    whole, _, _ = read
    found = []
    for service in whole.assembly.services:
        for rule in service.web.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or "<" in rule.rule.replace("<uuid:round_id>", ""):
                continue
            for address, text in itertools.product(addresses(rule.rule, whole.names["ids"]), SEARCHES):
                answer = whole.ask("reviewer", service.name, "GET", f"{address}?text={text}&q={text}&sort=name")
                found += [(address, text, marker) for marker in leaks(answer.get_data(as_text=True))]
    assert found == []


def test_the_reviewer_does_read_what_is_theirs(read: Any) -> None:
    """Otherwise the tests above would pass on empty pages."""
    whole, _, _ = read
    own = whole.names["ids"]["assignment_id"].split()[0]
    for service, address in (
        ("cohorts", f"/cohorts/panel/reviews/{own}"),
        ("cohorts", f"/cohorts/panel/discussions/{own}"),
        ("cohorts", f"/cohorts/api/v1/reviews/{own}"),
        ("cohorts", f"/cohorts/api/v1/reviews/{own}/discussion"),
    ):
        answer = whole.ask("reviewer", service, "GET", address)
        assert answer.status_code == 200, address
        text = answer.get_data(as_text=True)
        assert SHOWN in text
        assert "[removed] stood here." in text
        if "discussion" in address:
            assert "This must be [name] of [organisation]." in text
            assert "[name] wrote to us." in text


def test_the_markers_are_there_for_those_who_may_see_them(read: Any) -> None:
    whole, _, _ = read
    answer = whole.ask("staff", "cohorts", "GET", f"/cohorts/staff/applications/{whole.names['ids']['application_id']}")
    assert {"zqfirst", "zqlast", "zqorganisation", "zqmaillocal"} <= set(leaks(answer.get_data(as_text=True)))


def test_no_mail_to_a_reviewer_and_no_line_of_the_log_has_a_marker(read: Any) -> None:
    _, log, home = read
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in Path(home.mail).rglob("*.eml")]
    to_reviewers = [mail for mail in mails if str(mail["To"]).endswith(("ada@mail.example>", "ada@mail.example"))]
    assert to_reviewers
    for mail in to_reviewers:
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        assert leaks("\n".join([str(mail["Subject"]), *parts])) == []
    assert leaks(log.getvalue()) == []


def test_what_a_panel_may_see_is_stored_apart_from_the_rest(read: Any) -> None:
    whole, _, _ = read
    with whole.assembly.cohorts.units.begin(write=False) as uow:
        row = uow.applications.get(UUID(whole.names["ids"]["application_id"]))
        identity = uow.applications.identity(row.id)
    assert set(leaks(str(row.visible))) == {"zqredacted"}
    assert leaks(f"{row.reference} {row.attributes}") == []
    assert {"zqfirst", "zqorganisation", "zqmaildomain"} <= set(leaks(f"{identity.answers} {identity.organisation}"))
    assert "zqethnic" not in leaks(str(identity.answers))
