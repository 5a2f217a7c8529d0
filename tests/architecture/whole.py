"""All three services on SQLite with one of everything in them, for tests of who may open what."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases import add_file
from services.applications.use_cases.ask_helper import ask_helper
from services.applications.use_cases.keep_organisations import add_organisation
from services.applications.use_cases.keep_person import register_person
from services.applications.use_cases.keep_round import create_round, move_round
from services.applications.use_cases.keep_rules import open_draft_rules
from services.applications.use_cases.sign_in import SignInWish, request_sign_in
from services.applications.use_cases.start_application import start_application
from services.cohorts.domain.choosing import Question, Wish
from services.cohorts.domain.survey import Question as SurveyQuestion
from services.cohorts.storage.tables import (
    Cohort,
    Conflict,
    Decision,
    DiscussionPost,
    FeedbackPhrase,
    Group,
    Material,
    ProgrammeSession,
    Release,
    SavedView,
    SelectionRun,
    ShortlistMark,
    Signpost,
    SurveyInvitation,
    WelcomePack,
)
from services.cohorts.use_cases.keep_groups import keep_group
from services.cohorts.use_cases.keep_phrases import Wording, keep_phrase
from services.cohorts.use_cases.keep_signposts import Entry, keep_signpost
from services.cohorts.use_cases.keep_welcome_pack import draft_pack, publish_pack
from services.cohorts.use_cases.mark_applications import mark_applications
from services.cohorts.use_cases.promise_lottery import Promise, promise_lottery
from services.cohorts.use_cases.publish_survey import publish_survey
from services.cohorts.use_cases.save_targets import save_targets
from services.cohorts.use_cases.save_view import save_view
from services.cohorts.use_cases.schedule_sessions import schedule_session
from services.cohorts.use_cases.session_plan import Plan
from services.cohorts.use_cases.share_materials import share_material
from services.cohorts.use_cases.write_survey import Settings, draft_survey
from services.embedded.assembly import Assembly, assemble
from services.embedded.home import open_home
from services.notifications.domain.templating.catalogue import source_text
from services.notifications.domain.templating.source import typed
from services.notifications.storage.tables import MessageRow
from services.notifications.use_cases.edit_template import keep_text, publish_version
from services.notifications.use_cases.keep_news import keep_news
from services.notifications.use_cases.keep_suppressions import add_suppression
from services.notifications.use_cases.preview_messages import preview_messages
from shared.timekeeping import MovableClock
from shared.unit_of_work import Units
from shared.web.identity import Identity, sign
from tests.cohorts.programme import STAFF, Programme

START = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
PEOPLE = {
    "applicant": {"applicant"},
    "owner": {"applicant", "reviewer", "participant"},
    "reviewer": {"reviewer"},
    "staff": {"staff", "administrator"},
}
"""Who asks: the owner has the application, sits on the panel and has a place; the others have nothing there."""

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PUT", "/applications/api/v1/applications/<uuid:application_id>/sections/<section_id>"): {"answers": {}},
    ("POST", "/applications/api/v1/applications/<uuid:application_id>/helpers"): {
        "name": "Sam",
        "email": "sam@helpers.example",
        "sections": ["contact"],
    },
    ("PUT", "/cohorts/api/v1/my/panels/<uuid:member_id>/declaration"): {"agreed": True},
    ("PUT", "/cohorts/api/v1/reviews/<uuid:assignment_id>"): {"scores": {}},
    ("PUT", "/cohorts/api/v1/reviews/<uuid:assignment_id>/submission"): {"scores": {}},
    ("PUT", "/cohorts/api/v1/reviews/<uuid:assignment_id>/abstention"): {"reason": "I know this person."},
    ("PUT", "/cohorts/api/v1/reviews/<uuid:assignment_id>/recusal"): {"reason": "I know this person."},
    ("POST", "/cohorts/api/v1/reviews/<uuid:assignment_id>/discussion"): {"text": "Hm"},
    ("PUT", "/cohorts/api/v1/reviews/<uuid:assignment_id>/revision"): {"scores": {}, "why": "Hm"},
    ("PUT", "/cohorts/api/v1/reviews/<uuid:assignment_id>/notes"): {"text": "Hm"},
    ("PUT", "/cohorts/api/v1/my/surveys/<uuid:survey_id>/answers"): {"answers": {"why": "Because."}},
}
"""Bodies where an empty one would be refused before anybody looks whose thing it is."""

ASKED = Question(2, (Wish("region", "north", minimum=1),))
_BROWSER = "a-browser-of-the-tests"
_CSRF = hashlib.sha256(f"hearth-csrf:{_BROWSER}".encode()).hexdigest()[:40]


@dataclass
class Whole:
    """The three services, who is in them, and the id of one of everything by the name that addresses use."""

    assembly: Assembly
    clock: MovableClock
    private_key: str
    people: dict[str, UUID] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(
        self, who: str, service: str, method: str, address: str, body: dict[str, Any] | None = None
    ) -> TestResponse:
        """The answer to a request of `who` ("nobody" is signed out): an empty form, or `body` as JSON."""
        client = getattr(self.assembly, service).web.test_client()
        client.set_cookie("hearth-browser", _BROWSER)
        if who in PEOPLE:
            identity = Identity(self.people[who], who, frozenset(PEOPLE[who]), "session")
            client.set_cookie("hearth-identity", sign(identity, self.private_key, self.clock()))
        more = {"json": body} if body is not None else {}
        return client.open(address, method=method, headers={"X-CSRF-Token": _CSRF}, **more)


@contextmanager
def keeping_nothing() -> Iterator[None]:
    """Whatever a unit of work did is rolled back: every request finds the same world."""

    def forget(_units: Any, session: Any, unit: Any) -> bool:
        unit.store_events()
        session.flush()
        session.expunge_all()  # or the page could not show what it read
        session.rollback()
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Units, "_finish", forget)
        yield


def furnish(folder: Path) -> Whole:
    """Everything built, with one of everything made by use cases and events."""
    home, clock = open_home(folder), MovableClock(START)
    whole = Whole(assemble(home, "http://localhost", clock, demo=True), clock, home.secrets()["identity_private_key"])
    _cohorts(whole)
    _applications(whole)
    _notifications(whole, home.mail)
    return whole


def _cohorts(whole: Whole) -> None:
    programme = Programme(whole.assembly.cohorts, whole.clock, whole.private_key)
    programme.fill(4)
    programme.settle()
    member = programme.reviewer("owner", organisations="Somebody Known")
    whole.people.update({name: programme.person(name) for name in PEOPLE})
    programme.assign()
    offer = (programme.release(2, 1), programme.offers()[0])[1]
    programme.do(_meet)
    programme.do(keep_phrase, STAFF, Wording("You know your people well."))
    kept = programme.do(save_targets, STAFF, programme.round_id, "As last year", ASKED)
    programme.do(mark_applications, STAFF, programme.round_id, programme.applications[:1], "flag", "Look again")
    programme.do(save_view, STAFF, programme.round_id, "Mine", "", shared=True)
    whole.names["cohorts"] = {
        "round_id": str(programme.round_id),
        "member_id": str(member.id),
        "assignment_id": str(programme.list_of(member)[0]),
        "offer_id": str(offer.id),
        "token": programme.token(offer),
        "application_id": str(programme.applications[0]),
        "person_id": str(whole.people["owner"]),
        "question_id": "why",
        "post_id": str(programme.do(_speak, programme.applications[0])),
        "survey_id": str(programme.do(_survey, whole.people["owner"])),
        "set_id": str(kept.id),
        "lottery_id": str(programme.do(promise_lottery, STAFF, programme.round_id, Promise("Fair places")).id),
        "kind": "csv",
        "language": "en",
        **_ids_in(
            programme.units,
            decision_id=Decision,
            phrase_id=FeedbackPhrase,
            signpost_id=Signpost,
            group_id=Group,
            pack_id=WelcomePack,
            material_id=Material,
            cohort_id=Cohort,
            release_id=Release,
            run_id=SelectionRun,
            conflict_id=Conflict,
            session_id=ProgrammeSession,
            mark_id=ShortlistMark,
            view_id=SavedView,
        ),
    }


def _speak(uow: Any, application_id: UUID) -> UUID:
    post = DiscussionPost(application_id=application_id, by_name="owner", text="Hm", at=uow.now, removed_by="")
    uow.discussions.add(post)
    uow.session.flush()
    return post.id


def _survey(uow: Any, owner: UUID) -> UUID:
    cohort = uow.session.scalars(select(Cohort)).one()
    settings = Settings(title="How is it?", moment="mid", closes_at=uow.now + timedelta(days=9))
    survey = draft_survey(uow, cohort.id, settings, (SurveyQuestion("why", "long_text", "Why?"),))
    publish_survey(uow, STAFF, survey.id, None)
    uow.surveys.add(SurveyInvitation(survey_id=survey.id, person_id=owner, answered=False))
    return survey.id


def _meet(uow: Any) -> None:
    cohort = uow.session.scalars(select(Cohort)).one()
    when = (uow.now + timedelta(days=9)).replace(tzinfo=None)
    schedule_session(
        uow, STAFF, cohort.id, Plan(title="First evening", start=when, minutes=60, zone="UTC", place="Here")
    )
    keep_signpost(uow, Entry(title="Help", topic="Housing", phone="1", owner_name="Sam", review_on=date(2099, 1, 1)))
    keep_group(uow, STAFF, cohort.id, "Evening people", set())
    pack = draft_pack(uow, STAFF, cohort.id, "en", "# Welcome", None)
    publish_pack(uow, STAFF, pack.id, None)
    session = uow.sessions.of_cohort(cohort.id)[0]
    share_material(uow, STAFF, session.id, title="Slides", file=("slides.txt", b"Welcome"))


def _applications(whole: Whole) -> None:
    definition = {**round_definition(), "form": form_definition(), "rules": rules_definition()}
    eligible = {"works_with_migrants": "yes", "based_in_uk": "yes", "can_attend": "yes"}
    with whole.assembly.applications.units.begin() as uow:
        for name, roles in PEOPLE.items():
            address = f"{name}@people.example"
            person_id = whole.people[name]
            register_person(uow, email=address, name=name, language="en", roles=list(roles), person_id=person_id)
        row = create_round(uow, definition)
        move_round(uow, row.id, "open")
        open_draft_rules(uow, row.id, "Sam Staff")
        draft = start_application(uow, row.slug, whole.people["owner"], language="en", eligibility=eligible)
        organisation = add_organisation(uow, "The Kettle Club", "staff")
        data = add_file.Sent("story.txt", b"A story.")
        upload = add_file.add_file(uow, draft.id, whole.people["owner"], "supporting_file", data)
        asked = {"name": "Amal", "email": "amal@helpers.example", "sections": ["contact"]}
        helper = ask_helper(uow, draft.id, whole.people["owner"], **asked)
        request_sign_in(uow, SignInWish("owner@people.example", "somewhere else", "10.0.0.1", "en"))
    whole.names["applications"] = {
        "round_id": str(row.id),
        "slug": row.slug,
        "version": "1",
        "place": "0",
        "kind": "drafts",
        "application_id": str(draft.id),
        "section_id": "contact",
        "question_id": "email",
        "organisation_id": str(organisation.id),
        "interest_id": "01900000-0000-7000-8000-000000000000",
        "file_question_id": "supporting_file",
        "upload_id": str(upload.id),
        "helper_id": str(helper.id),
        "person_id": str(whole.people["owner"]),
        "token": "a-token-that-is-none",
        **dict.fromkeys(
            ("request_id", "erasure_id", "correction_id", "case_id"), "01900000-0000-7000-8000-000000000000"
        ),
        "what": "again",
        "name": "hearth.css",
    }


def _notifications(whole: Whole, mail: Path) -> None:
    whole.assembly.broker.run_until_idle(timeout=120)
    whole.names["notifications"] = {
        "kind": "decision_offer",
        "batch_id": _preview(whole),
        "position": "0",
        "language_code": "en",
        "name": next(mail.glob("*.eml")).name,
        **_ids_in(whole.assembly.notifications.units, message_id=MessageRow),
        **_sending(whole),
    }


def _sending(whole: Whole) -> dict[str, str]:
    """A held batch, an item of the digest, a suppressed address, and the link to the owner's preferences."""
    with whole.assembly.notifications.units.begin() as uow:
        held = uow.batches.open("a cause/decisions", "decision_offer", uow.now)
        add_suppression(uow, "gone@people.example", "", None)
        item = keep_news(uow, {"title": "News", "text": "It is so."}, None, None)
        token = uow.context.preferences_url(whole.people["owner"]).rpartition("/")[2]
        return {
            "held_id": str(held.id),
            "news_id": str(item.id),
            "email": "gone@people.example",
            "token": token,
            "category": "digest",
            "number": str(_template(uow)),
        }


def _template(uow: Any) -> int:
    """A version of a template, and a text that somebody is working on."""
    given = {"subject": "News", "body": source_text("decision_offer", "en").split("---\n")[2]}
    source = typed("decision_offer", "en", given)
    keep_text(uow, "decision_offer", "en", given, 0, None)
    return publish_version(uow, source, "Shorter", None, over=0).number


def _preview(whole: Whole) -> str:
    data = {
        "application_id": whole.names["cohorts"]["application_id"],
        "round_id": whole.names["cohorts"]["round_id"],
        "round_title": "A round",
        "person_id": str(whole.people["owner"]),
        "reference": "APP-001",
        "outcome": "waitlisted",
        "feedback": "",
        "zone": "UTC",
    }
    with whole.assembly.notifications.units.begin() as uow:
        return str(preview_messages(uow, [{"type": "cohorts.decision_released", "version": 1, "data": data}]))


def _ids_in(units: Any, **tables: Any) -> dict[str, str]:
    with units.begin(write=False) as uow:
        return {name: str(uow.session.scalars(select(table)).first().id) for name, table in tables.items()}
