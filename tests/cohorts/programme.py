"""Verbs that bring a cohorts service somewhere: events as others send them, use cases as staff call them."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.choosing import Question
from services.cohorts.storage.tables import Offer, PanelMember, Release, Review, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import apply_assignment, propose_assignment
from services.cohorts.use_cases.declare_conflicts import declare
from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer
from services.cohorts.use_cases.plan_round import Plan, plan_round
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.run_selection import compute_selection, keep_selection
from services.cohorts.use_cases.stage_decisions import stage_decisions
from services.cohorts.use_cases.write_review import Written, submit_review
from shared.contracts.applications import (
    ApplicationReadyForReview,
    ApplicationScored,
    ApplicationWithdrawn,
    AttributeView,
    Choice,
    Criterion,
    PersonRegistered,
    QuestionView,
    RoundPublished,
    ScoreLine,
)
from shared.contracts.base import Event
from shared.contracts.envelope import wrap
from shared.ids import new_id
from shared.messaging.tables import due, outbox
from shared.service import Due, Service
from shared.timekeeping import MovableClock
from shared.web.identity import Identity, sign

R = TypeVar("R")
STAFF = Actor(UUID(int=0xA1), "Sam Staff")
RUBRIC = [
    Criterion(
        id="impact",
        label="Impact",
        description="What changes because of this person.",
        weight=2.0,
        anchors=["None shown", "Little", "Some", "Much", "Outstanding"],
    ),
    Criterion(
        id="learning", label="Learning", description="", weight=1.0, anchors=["None", "Little", "Some", "Much", "Great"]
    ),
]
REGIONS = ("north", "london")


class Programme:
    """One service under test, with one round."""

    def __init__(self, service: Service[CohortsUnit], clock: MovableClock, private_key: str) -> None:
        self.service, self.clock, self._private_key = service, clock, private_key
        self.units = service.units
        self.round_id = new_id()
        self.people: dict[str, UUID] = {}
        self.applications: list[UUID] = []
        self._sequences: Counter[str] = Counter()

    # -- ways in -------------------------------------------------------------------------------------------------

    def do(self, work: Callable[..., R], *arguments: Any, **options: Any) -> R:
        """Run a use case in a unit of work of its own."""
        with self.units.begin() as uow:
            return work(uow, *arguments, **options)

    def hear(self, event: Event, sequence: int | None = None) -> None:
        """Deliver an event, as the worker would."""
        if sequence is None:
            self._sequences[event.subject] += 1
            sequence = self._sequences[event.subject]
        cause = wrap(event, id=new_id(), source="test", time=self.clock()).numbered(sequence)
        with self.units.begin(cause=cause) as uow:
            self.service.handlers[type(event)](uow, event)

    def run_due(self) -> list[str]:
        """Run the work whose time has come, in order; the kinds that ran."""
        ran = []
        while True:
            with self.units.begin() as uow:
                where = due.c.due_at <= uow.now
                row = uow.session.execute(select(due).where(where).order_by(due.c.due_at).limit(1)).first()
                if row is None:
                    return ran
                uow.session.execute(due.delete().where(due.c.id == row.id))
                self.service.due_handlers[row.kind](uow, Due(row.id, row.kind, row.key, row.due_at, row.payload))
                ran.append(row.kind)

    def published(self, cls: type[Event]) -> list[dict[str, Any]]:
        """The data of every event of a class that is in the outbox, in order."""
        with self.units.begin(write=False) as uow:
            rows = uow.session.execute(
                select(outbox.c.body).where(outbox.c.type == cls.NAME).order_by(outbox.c.position)
            )
            return [json.loads(body)["data"] for (body,) in rows]

    def client(self, name: str, *roles: str) -> FlaskClient:
        """A browser signed in as this person."""
        client = self.service.web.test_client()
        identity = Identity(self.person(name), name, frozenset(roles), "session-of-a-test")
        token = sign(identity, self._private_key, self.clock())
        client.set_cookie("hearth-identity", token, domain="localhost")
        return client

    # -- things --------------------------------------------------------------------------------------------------

    def person(self, name: str, email: str | None = None) -> UUID:
        """A person with an account."""
        if name not in self.people:
            self.people[name] = STAFF.person_id or new_id() if name == STAFF.name else new_id()
            address = email or f"{name.lower().replace(' ', '.')}@mail.example"
            self.hear(PersonRegistered(person_id=self.people[name], name=name, email=address, language="en", roles=[]))
        return self.people[name]

    def actor(self, name: str) -> Actor:
        return Actor(self.person(name), name)

    def open_round(self, **changes: Any) -> UUID:
        """A published round with two regions and two criteria."""
        content: dict[str, Any] = {
            "round_id": self.round_id,
            "slug": "leaders",
            "title": "Leading Together",
            "state": "open",
            "opens_at": self.clock() - timedelta(days=30),
            "closes_at": self.clock() + timedelta(days=1),
            "zone": "Europe/London",
            "form_version": 1,
            "rules_version": 1,
            "questions": [QuestionView(id="why", label="Why now?", kind="long_text", section="About you")],
            "attributes": [
                AttributeView(
                    id="region",
                    label="Region",
                    values=[Choice(value="north", label="The North"), Choice(value="london", label="London")],
                )
            ],
            "rubric": RUBRIC,
        }
        self.hear(RoundPublished(**{**content, **changes}))
        return self.round_id

    def apply(self, number: int, *, score: float | None = None, organisation: str = "", **changes: Any) -> UUID:
        """An application of a new person, with its priority score."""
        person_id = self.person(f"Applicant {number}")
        application_id = new_id()
        self.hear(
            ApplicationReadyForReview(
                application_id=application_id,
                round_id=self.round_id,
                person_id=person_id,
                reference=f"APP-{number:03}",
                submitted_at=self.clock(),
                language=changes.get("language", "en"),
                visible=changes.get("visible", {"why": f"Because of reason {number}."}),
                attributes=changes.get("attributes", {"region": REGIONS[number % 2]}) | {"organisation": organisation},
                identifying=changes.get("identifying", {"organisation": organisation, "email_domain": "home.example"}),
            )
        )
        self.applications.append(application_id)
        if score is not None:
            self.score(application_id, score)
        return application_id

    def score(self, application_id: UUID, score: float, rules_version: int = 1) -> None:
        lines = [ScoreLine(rule="all", label="Everything", points=score)]
        self.hear(
            ApplicationScored(
                application_id=application_id,
                round_id=self.round_id,
                rules_version=rules_version,
                score=score,
                breakdown=lines,
            )
        )

    def withdraw(self, application_id: UUID) -> None:
        with self.units.begin(write=False) as uow:
            row = uow.applications.get(application_id)
        self.hear(
            ApplicationWithdrawn(
                application_id=application_id,
                round_id=self.round_id,
                round_title="Leading Together",
                person_id=row.person_id,
                reference=row.reference,
            )
        )

    def fill(self, count: int) -> list[UUID]:
        """A round with `count` scored applications: 001 has the highest score, odd ones live in London."""
        self.open_round()
        return [self.apply(number, score=100.0 - number) for number in range(1, count + 1)]

    def settle(self, **changes: Any) -> None:
        """Change the round's plan."""
        content: dict[str, Any] = {
            "reviews_per_application": 1,
            "review_closes_at": None,
            "priority_weight": 100,
            "review_weight": 0,
            "places": 3,
            "respond_days": 14,
        }
        self.do(plan_round, STAFF, self.round_id, Plan(**{**content, **changes}), None)

    def reviewer(self, name: str, *, capacity: int = 40, organisations: str = "", domains: str = "") -> PanelMember:
        """A reviewer who was invited, has an account, and has declared."""
        email = f"{name.lower().replace(' ', '.')}@mail.example"
        invitation = Invitation(name=name, email=email, capacity=capacity)
        member = self.do(invite_reviewer, STAFF, self.round_id, invitation)
        actor = self.actor(name)
        return self.do(declare, actor, member.id, organisations=organisations, domains=domains, agreed=True)

    def assign(self) -> int:
        """Share out everything that can be."""
        with self.units.begin(write=False) as uow:
            proposal = propose_assignment(uow, self.round_id)
        return self.do(apply_assignment, STAFF, self.round_id, proposal.fingerprint)

    def list_of(self, member: PanelMember) -> list[UUID]:
        """The assignments on a member's list."""
        with self.units.begin(write=False) as uow:
            return [review.assignment_id for review in uow.blind.listed(member.id)]

    def review(self, name: str, assignment_id: UUID, score: int) -> Review:
        """A complete review, handed in."""
        return self.do(submit_review, self.actor(name), assignment_id, written(score), None)

    def select(self, question: Question) -> SelectionRun:
        with self.units.begin(write=False) as uow:
            computed = compute_selection(uow, self.round_id, "", question)
        return self.do(keep_selection, STAFF, computed)

    def stage(self, size: int, waitlist: int, **question: Any) -> Release:
        run = self.select(Question(size=size, **question))
        respond_by = self.clock() + timedelta(days=14)
        return self.do(stage_decisions, STAFF, run.id, waitlist=waitlist, respond_by=respond_by)

    def release(self, size: int, waitlist: int, **question: Any) -> Release:
        staged = self.stage(size, waitlist, **question)
        return self.do(release_decisions, STAFF, staged.id, staged.revision)

    def offers(self) -> list[Offer]:
        """The round's offers by the application's reference."""
        with self.units.begin(write=False) as uow:
            return [offer for offer, a in sorted(uow.offers.of_round(self.round_id), key=lambda row: row[1].reference)]

    def token(self, offer: Offer) -> str:
        with self.units.begin(write=False) as uow:
            return uow.links.token(offer.id, offer.nonce)


def written(score: int, reason: str = "It is there in the second answer.") -> Written:
    """The same score for every criterion."""
    return Written(scores={criterion.id: {"score": score, "reason": reason} for criterion in RUBRIC})
