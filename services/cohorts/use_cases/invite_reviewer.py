"""Put people on a round's panel, change how much they can read, and let them go."""

from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import INVITED, LEFT
from services.cohorts.domain.revision import step
from services.cohorts.storage.repositories.panels import REMOVED
from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import ReviewerInvited
from shared.errors import Conflict, Invalid

MOST = 500


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Whom to ask. `capacity` is the most applications that they will read."""

    name: str
    email: str
    language: str = "en"
    capacity: int = 40


def invite_reviewer(uow: CohortsUnit, actor: Actor, round_id: UUID, wanted: Invitation) -> PanelMember:
    """Ask somebody to join the panel; the same address again is refused.

    Raises:
        Invalid: a field cannot be accepted.
        Conflict: this address is on the panel already.
    """
    round_ = uow.rounds.get(round_id)
    email = _checked(wanted)
    member = uow.panels.invited(round_id, email)
    if member is not None and member.state != LEFT:
        raise Conflict(f"{member.name} is on this panel already.")
    if member is None:
        member = PanelMember(round_id=round_id, email=email, invited_at=uow.now, declared_at=None, revision=0)
        uow.panels.add(member)
    member.name, member.language, member.capacity = wanted.name.strip(), wanted.language, wanted.capacity
    member.state, member.revision = INVITED, member.revision + 1
    known = uow.people.by_email(email)
    member.person_id = known.id if known else None
    uow.session.flush()
    uow.publish(
        ReviewerInvited(
            panel_member_id=member.id,
            round_id=round_id,
            round_title=round_.title,
            name=member.name,
            email=email,
            language=member.language,
        )
    )
    uow.record.write(actor, "reviewer_invited", round_id, panel_member=str(member.id))
    return member


def _checked(wanted: Invitation) -> str:
    problems: dict[str, list[str]] = {}
    email = ""
    if not 1 <= len(wanted.name.strip()) <= 200:
        problems["name"] = ["Write the person’s name."]
    if not 1 <= wanted.capacity <= MOST:
        problems["capacity"] = [f"Say how many they can read, from 1 to {MOST}."]
    try:
        email = validate_email(wanted.email.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        problems["email"] = ["Write an email address, such as name@example.org."]
    if problems:
        raise Invalid(problems)
    return email


def change_capacity(
    uow: CohortsUnit, actor: Actor, member_id: UUID, capacity: int, revision: int | None
) -> PanelMember:
    """Change how many applications a member will read. What is on their list stays there.

    Raises:
        Invalid: the number is out of range.
        Stale: somebody else has changed the member since.
    """
    if not 1 <= capacity <= MOST:
        raise Invalid({"capacity": [f"Say how many they can read, from 1 to {MOST}."]})
    member = uow.panels.get(member_id, lock=True)
    step(member, revision)
    member.capacity = capacity
    return member


def release_member(uow: CohortsUnit, actor: Actor, member_id: UUID, revision: int | None) -> PanelMember:
    """Let a member go: unread applications leave their list, submitted reviews stay and count."""
    member = uow.panels.get(member_id, lock=True)
    step(member, revision)
    member.state = LEFT
    for assignment in uow.assignments.of_member(member_id):
        review = uow.reviews.find(assignment.id)
        if review is None or review.state != "submitted":
            assignment.state, assignment.reason = REMOVED, "the reviewer left the panel"
    uow.session.flush()
    uow.record.write(actor, "reviewer_left", member.round_id, panel_member=str(member.id))
    return member
