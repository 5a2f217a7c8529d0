"""Put people on a round's panel, change how much they can read, and let them go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import (
    DOMAIN,
    EMAIL,
    INVITED,
    LEFT,
    ORGANISATION,
    REGISTER,
    email_domain,
    organisation_key,
)
from services.cohorts.domain.revision import step
from services.cohorts.storage.repositories.panels import MOVED
from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.declare_conflicts import drop_clashes, keep_conflict, own_member
from services.cohorts.use_cases.remind_reviewers import expect_declaration
from shared.contracts.cohorts import ReviewerInvited
from shared.errors import Conflict, Invalid

MOST = 500
AGAIN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Whom to ask. `capacity` is the most applications that they will read.

    `language` is the one to write to them in, `languages` others that they read, `expertise` the fields that they know.
    Nobody reads what comes from their own `organisation`, or from their own email domain.
    """

    name: str
    email: str
    language: str = "en"
    capacity: int = 40
    languages: tuple[str, ...] = ()
    expertise: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class Description:
    """What staff may change of a member later on."""

    capacity: int
    languages: tuple[str, ...] = ()
    expertise: tuple[str, ...] = ()
    organisation: str = ""


def invite_reviewer(uow: CohortsUnit, actor: Actor, round_id: UUID, wanted: Invitation) -> PanelMember:
    """Ask somebody to join the panel; the same address again is refused.

    Raises:
        Invalid: a field cannot be accepted.
        Conflict: this address is on the panel already.
    """
    round_ = uow.rounds.get(round_id)
    email = checked_invitation(wanted)
    member = uow.panels.invited(round_id, email)
    if member is not None and member.state != LEFT:
        raise Conflict(f"{member.name} is on this panel already.")
    if member is None:
        member = PanelMember(round_id=round_id, email=email, declared_at=None, revision=0)
        uow.panels.add(member)
    member.name, member.language, member.capacity = wanted.name.strip(), wanted.language, wanted.capacity
    member.state, member.revision, member.invited_at = INVITED, member.revision + 1, uow.now
    _describe(member, wanted.languages, wanted.expertise, wanted.organisation)
    known = uow.people.by_email(email)
    member.person_id = known.id if known else None
    uow.session.flush()
    _know_own_conflicts(uow, member)
    _send_invitation(uow, member, round_.title)
    uow.record.write(actor, "reviewer_invited", round_id, panel_member=str(member.id))
    return member


def _describe(member: PanelMember, languages: Iterable[str], expertise: Iterable[str], organisation: str) -> None:
    member.languages = sorted({one for one in languages if one} - {member.language})
    member.expertise = sorted({one.strip()[:80] for one in expertise if one.strip()})
    member.organisation = organisation.strip()[:400]


def _know_own_conflicts(uow: CohortsUnit, member: PanelMember) -> None:
    """Their own organisation and their own email domain, unless everybody uses that."""
    if organisation_key(member.organisation):
        keep_conflict(uow, member, ORGANISATION, member.organisation, REGISTER)
    if domain := email_domain(member.email):
        keep_conflict(uow, member, DOMAIN, domain, EMAIL)
    drop_clashes(uow, member)


def _send_invitation(uow: CohortsUnit, member: PanelMember, round_title: str) -> None:
    expect_declaration(uow, member)
    uow.publish(
        ReviewerInvited(
            panel_member_id=member.id,
            round_id=member.round_id,
            round_title=round_title,
            name=member.name,
            email=member.email,
            language=member.language,
        )
    )


def invite_again(uow: CohortsUnit, actor: Actor, member_id: UUID) -> PanelMember:
    """Send the invitation once more to somebody who has not declared yet.

    Raises:
        Conflict: they have answered, have left, or were written to within the hour.
    """
    member = uow.panels.get(member_id, lock=True)
    if member.state != INVITED:
        raise Conflict(f"{member.name} is not waiting for an invitation.")
    if uow.now - member.invited_at < AGAIN_AFTER:
        raise Conflict(f"{member.name} was invited less than an hour ago. Give it a little time.")
    member.invited_at = uow.now
    _send_invitation(uow, member, uow.rounds.get(member.round_id).title)
    uow.record.write(actor, "reviewer_invited", member.round_id, panel_member=str(member.id), again=True)
    return member


def describe_member(uow: CohortsUnit, actor: Actor, member_id: UUID, wanted: Description, revision: int | None) -> None:
    """Change what is known of a member: capacity, languages, expertise, organisation, which counts at once.

    Raises:
        Invalid: the capacity is out of range.
        Stale: somebody else has changed the member since.
    """
    member = change_capacity(uow, actor, member_id, wanted.capacity, revision)
    _describe(member, wanted.languages, wanted.expertise, wanted.organisation)
    for row in uow.panels.conflicts([member.id])[member.id]:
        if row.source == REGISTER and row.value != organisation_key(member.organisation):
            uow.session.delete(row)
    uow.session.flush()
    _know_own_conflicts(uow, member)


def checked_invitation(wanted: Invitation) -> str:
    """The address as it is kept; raises Invalid, by field, for an invitation that cannot be sent."""
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
    return _leave(uow, actor, member)


def leave_panel(uow: CohortsUnit, actor: Actor, member_id: UUID) -> PanelMember:
    """A reviewer drops out themselves. Raises NotFound for a place that is not theirs."""
    return _leave(uow, actor, own_member(uow, actor, member_id))


def _leave(uow: CohortsUnit, actor: Actor, member: PanelMember) -> PanelMember:
    member.state = LEFT
    for assignment in uow.assignments.of_member(member.id):
        review = uow.reviews.find(assignment.id)
        if review is None or review.state != "submitted":
            assignment.state, assignment.reason = MOVED, "the reviewer left the panel"
    uow.session.flush()
    uow.record.write(actor, "reviewer_left", member.round_id, panel_member=str(member.id))
    return member
