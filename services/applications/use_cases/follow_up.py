"""What this service does when it hears from the other two."""

from uuid import UUID

from sqlalchemy import select

from services.applications.storage.tables import ApplicationRow, DeliveryRow, StatusRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_person import grant_role, parse_email, register_person
from shared.contracts.cohorts import ApplicationProgressed, ParticipantEnrolled, ReviewerInvited
from shared.contracts.notifications import MessageDelivered, MessageFailed, MessageHandedOver


def welcome_reviewer(uow: ApplicationsUnitOfWork, event: ReviewerInvited) -> None:
    """Give somebody invited to a panel an account with the reviewer's role."""
    email = parse_email(event.email)
    person = register_person(uow, email=email, name=event.name, language=event.language, roles=["reviewer"])
    # Whoever was asked to read for a round never decides a case about it.
    uow.cases.keep_seat(event.round_id, person.id)


def keep_status(uow: ApplicationsUnitOfWork, event: ApplicationProgressed) -> None:
    """Keep where an application stands, for its owner's page; the newest word wins."""
    if uow.session.scalar(select(ApplicationRow.id).where(ApplicationRow.id == event.application_id)) is None:
        return
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    uow.applications.keep_status(
        StatusRow(
            application_id=event.application_id,
            stage=event.stage,
            detail=event.detail,
            sequence=uow.cause.sequence,
            since=uow.cause.time,
        )
    )


def enrol(uow: ApplicationsUnitOfWork, event: ParticipantEnrolled) -> None:
    """Give somebody who accepted a place the participant's role."""
    grant_role(uow, event.person_id, "participant")


def keep_handed_over(uow: ApplicationsUnitOfWork, event: MessageHandedOver) -> None:
    """Show on the record that a message went out."""
    _keep_delivery(uow, event.message_id, event, state="sent", reason="")


def keep_delivered(uow: ApplicationsUnitOfWork, event: MessageDelivered) -> None:
    """Show on the record that a message arrived."""
    _keep_delivery(uow, event.message_id, event, state="delivered", reason="")


def keep_failed(uow: ApplicationsUnitOfWork, event: MessageFailed) -> None:
    """Show on the record that a message did not arrive."""
    _keep_delivery(uow, event.message_id, event, state=event.state, reason=event.reason)


def _keep_delivery(
    uow: ApplicationsUnitOfWork,
    message_id: UUID,
    event: MessageHandedOver | MessageDelivered | MessageFailed,
    *,
    state: str,
    reason: str,
) -> None:
    assert uow.cause is not None  # noqa: S101 - only ever called by a listener
    uow.applications.keep_delivery(
        DeliveryRow(
            message_id=message_id,
            person_id=event.person_id,
            kind=event.kind,
            about=event.about,
            state=state,
            reason=reason,
            sequence=uow.cause.sequence,
            at=event.at,
        )
    )
