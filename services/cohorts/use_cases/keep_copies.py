"""Keep this service's own copies of rounds and people, as their events tell them. The newest state wins."""

from dataclasses import asdict
from uuid import UUID

from services.cohorts.storage.tables import Person, Round, RoundPlan
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.tell_reviewers import tell_reviewer
from shared.contracts.applications import PersonChanged, PersonRegistered, RoundPublished


def keep_round(uow: CohortsUnit, event: RoundPublished) -> None:
    """Keep a round's state, unless a newer one is here already."""
    row = uow.rounds.find(event.round_id)
    if row is not None and row.sequence >= uow.sequence:
        return
    if row is None:
        row = Round(id=event.round_id, rubric_revision=0)
        _fill_round(uow, row, event)
        uow.rounds.add(row)
        uow.session.flush()
        uow.rounds.add(RoundPlan(round_id=event.round_id))
    else:
        _fill_round(uow, row, event)


def _fill_round(uow: CohortsUnit, row: Round, event: RoundPublished) -> None:
    for name in ("slug", "title", "state", "opens_at", "closes_at", "zone", "form_version", "rules_version"):
        setattr(row, name, getattr(event, name))
    row.questions = [asdict(question) for question in event.questions]
    row.attributes = [asdict(attribute) for attribute in event.attributes]
    # Once staff have edited the rubric here, or somebody scores by it, what was published no longer replaces it.
    if row.rubric is None or (row.rubric_revision == 0 and not uow.reviews.scoring_begun(row.id)):
        row.rubric = [asdict(criterion) for criterion in event.rubric]
    row.sequence = uow.sequence


def keep_person(uow: CohortsUnit, event: PersonRegistered | PersonChanged) -> None:
    """Keep a person's state, unless a newer one is here; join them to panels they were invited to."""
    row = uow.people.find(event.person_id)
    if row is not None and row.sequence >= uow.sequence:
        return
    if row is None:
        row = Person(id=event.person_id)
        uow.people.add(row)
    row.name, row.email = event.name, event.email.strip().casefold()
    row.language, row.roles, row.sequence = event.language, list(event.roles), uow.sequence
    uow.session.flush()
    _join_panels(uow, row.id, row.email)


def _join_panels(uow: CohortsUnit, person_id: UUID, email: str) -> None:
    for member in uow.panels.waiting_for(email):
        member.person_id = person_id
        if uow.assignments.of_member(member.id):
            tell_reviewer(uow, member)
