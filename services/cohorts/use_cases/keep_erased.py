"""Erase somebody here and confirm it; let nothing that comes late bring them back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cohorts.domain.actor import CLOCK
from services.cohorts.domain.offer import HOLDING, WITHDRAWN
from services.cohorts.storage.personal_data import REGISTER
from services.cohorts.storage.repositories.panels import REMOVED
from services.cohorts.storage.tables import Application, PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.end_offers import end_offer
from shared.contracts.applications import ErasureRequested, PersonChanged, PersonRegistered, ScoresPublished
from shared.contracts.cohorts import PersonErased
from shared.data_tables import erased_people
from shared.erasure import erase_leftovers, erased_among, mark_erased
from shared.personal_data import Subject, erase
from shared.service import Handlers

Handler = Callable[[CohortsUnit, Any], None]


def erase_person(uow: CohortsUnit, event: ErasureRequested) -> None:
    """Erase everything about a person, leave anonymous rows for the counts, and confirm. Again: the same again."""
    ids = _applications_of(uow, event.person_id)
    for application_id in ids:
        offer = uow.offers.of_application(application_id, lock=True)
        if offer is not None and offer.state in HOLDING and not _is_over(uow, offer.round_id):
            end_offer(uow, offer, WITHDRAWN)
    _leave_panels(uow, event.person_id)
    subject = subject_of(uow, event.person_id)
    for round_id, application_id in _rounds_of(uow, ids):
        uow.record.write(CLOCK, "person_erased", round_id, application=str(application_id))
    uow.session.flush()
    found = erase(uow.session, REGISTER, subject)
    erase_leftovers(uow.session, event.person_id, ids)
    mark_erased(uow.session, event.person_id, subject.addresses, uow.now)
    uow.publish(PersonErased(erasure_id=event.erasure_id, erased=found.erased, kept=found.kept))


def _is_over(uow: CohortsUnit, round_id: UUID) -> bool:
    """Whether the group has met for the last time: then who was in it stays counted."""
    cohort = uow.cohorts.of_round(round_id)
    sessions = uow.sessions.of_cohort(cohort.id) if cohort else []
    return bool(sessions) and all(session.ends_at <= uow.now for session in sessions)


def subject_of(uow: CohortsUnit, person_id: UUID) -> Subject:
    """The person with the addresses that this service knows them under."""
    person = uow.people.find(person_id)
    members = uow.session.scalars(select(PanelMember.email).where(PanelMember.person_id == person_id))
    known = {email for email in (*members, person.email if person else "") if email}
    return Subject(person_id, frozenset(known))


def _applications_of(uow: CohortsUnit, person_id: UUID) -> list[UUID]:
    return list(uow.session.scalars(select(Application.id).where(Application.person_id == person_id)))


def _rounds_of(uow: CohortsUnit, ids: list[UUID]) -> list[tuple[UUID, UUID]]:
    """(round, application) of those that are not anonymous yet."""
    rows = uow.session.execute(
        select(Application.round_id, Application.id).where(
            Application.id.in_(ids), Application.reference.not_like("erased-%")
        )
    )
    return [(round_id, id) for round_id, id in rows]


def _leave_panels(uow: CohortsUnit, person_id: UUID) -> None:
    """What they had not read yet goes back to be given to others."""
    for member in uow.session.scalars(select(PanelMember).where(PanelMember.person_id == person_id)):
        member.state = "left"
        for assignment in uow.assignments.of_member(member.id):
            review = uow.reviews.find(assignment.id)
            if review is None or review.state == "draft":
                assignment.state, assignment.reason = REMOVED, "the reviewer left"
    uow.session.flush()


def guarded(handlers: Handlers[CohortsUnit]) -> Handlers[CohortsUnit]:
    """The same handlers; what they bring in of somebody who was erased is erased again, in the same transaction."""
    return {event: handler if event is ErasureRequested else _scrubbed(handler) for event, handler in handlers.items()}


def _scrubbed(handler: Handler) -> Handler:
    def handle(uow: CohortsUnit, event: Any) -> None:
        if isinstance(event, PersonRegistered | PersonChanged) and erased_among(uow.session, [event.person_id]):
            return
        handler(uow, event)
        for person_id in _erased_in(uow, event):
            uow.session.flush()
            erase(uow.session, REGISTER, Subject(person_id))

    return handle


def _erased_in(uow: CohortsUnit, event: Any) -> set[UUID]:
    """People who were erased, and whom the event speaks of by their number or by their application's."""
    if uow.session.scalar(select(erased_people.c.person_id).limit(1)) is None:
        return set()
    if isinstance(event, ScoresPublished):
        owners = select(Application.person_id).join(erased_people, erased_people.c.person_id == Application.person_id)
        return set(uow.session.scalars(owners.where(Application.round_id == event.round_id)))
    person_id, application_id = getattr(event, "person_id", None), getattr(event, "application_id", None)
    row = uow.applications.find(application_id) if application_id else None
    return erased_among(uow.session, [each for each in (person_id, row.person_id if row else None) if each])
