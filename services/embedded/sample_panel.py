"""The sample's panel: four people who declare, get their lists, and have read most of them."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.phases import Phases
from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.assign_reviews import apply_assignment, propose_assignment
from services.cohorts.use_cases.calibrate_reviews import calibrate_reviews
from services.cohorts.use_cases.declare_conflicts import declare
from services.cohorts.use_cases.invite_reviewer import Invitation, invite_reviewer
from services.cohorts.use_cases.plan_round import Plan, plan_round
from services.cohorts.use_cases.set_phases import set_phases
from services.cohorts.use_cases.write_review import Written, submit_review
from shared.unit_of_work import Units

PANEL = (
    ("Tesfay Berhane", "tesfay@panel.example", -0.5),
    ("Marged Llewelyn", "marged@panel.example", 0.4),
    ("Samira Haidari", "samira@panel.example", 0.0),
    ("Oleksandr Bondar", "oleksandr@panel.example", 0.1),
)
"""Name, address, and how generous each is (points on the scale of five): calibration has something to find."""

_KNOWN = {
    "tesfay@panel.example": (("ti", "ar"), ("Advice and rights", "London"), "Meridian Legal Aid"),
    "marged@panel.example": (("cy",), ("Wales", "Housing and food"), ""),
    "samira@panel.example": (("fa-AF",), ("Language and learning", "Women and families"), "Merebrook NHS Partnership"),
    "oleksandr@panel.example": (("uk",), ("Health and wellbeing", "Scotland"), ""),
}
"""Languages they read besides English, what they know well, and where they work."""

SCORING = timedelta(days=12)
READ = 0.9
_REASONS = {
    1: ("It says little about this.", "I could not find an example."),
    2: ("There is a start, but it stays general.", "I would have liked to see what came of it."),
    3: ("One clear example.", "Solid, and honest about what is missing."),
    4: ("Close to the people it is for, and clear about their own part.", "Shows what was hard and what they did."),
    5: ("Everything follows from what people told them.", "It changed something that lasted, together with others."),
}


def invite_panel(units: Units[CohortsUnit], round_id: UUID, staff_id: UUID) -> None:
    """Settle the plan and invite the four, unless it was done before."""
    staff = _staff(staff_id)
    with units.begin() as uow:
        if uow.panels.serving(round_id):
            return
        plan = uow.rounds.plan(round_id)
        wanted = Plan(
            reviews_per_application=2,
            review_closes_at=None,
            priority_weight=40,
            review_weight=60,
            places=40,
            respond_days=10,
        )
        plan_round(uow, staff, round_id, wanted, plan.revision)
        closes = (uow.now + SCORING).replace(hour=22, minute=59, second=0, microsecond=0)
        dates = Phases(
            scoring_due_at=closes - timedelta(days=3),
            scoring_closes_at=closes,
            discussion_closes_at=closes + timedelta(days=7),
        )
        set_phases(uow, staff, round_id, dates, None)
        for name, email, _lenience in PANEL:
            languages, expertise, organisation = _KNOWN[email]
            invitation = Invitation(
                name=name,
                email=email,
                capacity=400,
                languages=languages,
                expertise=expertise,
                organisation=organisation,
            )
            invite_reviewer(uow, staff, round_id, invitation)


def read_applications(units: Units[CohortsUnit], round_id: UUID, staff_id: UUID, random: Random) -> None:
    """Everybody declares; the applications are shared out; nine in ten are read."""
    with units.begin() as uow:
        members = {member.email: member for member in uow.panels.serving(round_id)}
        for member in members.values():
            if member.declared_at is None:
                declare(uow, _reader(member), member.id, organisations="", domains="", agreed=True)
    with units.begin() as uow:
        proposal = propose_assignment(uow, round_id)
        if proposal.pairs:
            apply_assignment(uow, _staff(staff_id), round_id, proposal.fingerprint)
    quality: dict[UUID, float] = {}
    for _name, email, lenience in PANEL:
        with units.begin() as uow:
            _read_list(uow, members[email], lenience, quality, random)
    with units.begin() as uow:
        if uow.calibrations.latest(round_id) is None and uow.calibrations.reviews(round_id):
            calibrate_reviews(uow, _staff(staff_id), round_id)


def _read_list(
    uow: CohortsUnit, member: PanelMember, lenience: float, quality: dict[UUID, float], random: Random
) -> None:
    criteria = [each["id"] for each in uow.rounds.get(member.round_id).rubric]
    for assignment in uow.assignments.of_member(member.id):
        skipped, true = random.random() >= READ, random.gauss(3.2, 0.8)
        level = quality.setdefault(assignment.application_id, true) + lenience
        written = _review(random, criteria, level)
        if not skipped and uow.reviews.find(assignment.id) is None:
            submit_review(uow, _reader(member), assignment.id, written, 0)


def _review(random: Random, criteria: list[str], level: float) -> Written:
    scores: dict[str, dict[str, Any]] = {}
    for criterion in criteria:
        score = min(5, max(1, round(random.gauss(level, 0.7))))
        scores[criterion] = {"score": score, "reason": random.choice(_REASONS[score])}
    return Written(scores=scores)


def _staff(person_id: UUID) -> Actor:
    return Actor(person_id=person_id, name="Rhiannon Okafor")


def _reader(member: PanelMember) -> Actor:
    return Actor(person_id=member.person_id, name=member.name)
