"""Conflicts of interest, declared by the reviewer before the first read or entered by staff. They count at once."""

from collections.abc import Iterable
from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.domain.panel import DECLARED, DOMAIN, LEFT, ORGANISATION, READY, STAFF, conflict_value
from services.cohorts.domain.revision import step
from services.cohorts.storage.repositories.panels import REMOVED
from services.cohorts.storage.tables import Conflict as ConflictOfInterest
from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.rank_applications import count_reviews
from services.cohorts.use_cases.see_conflicts import barred_pairs
from shared.errors import Conflict, Forbidden, Invalid, NotFound


def declare(
    uow: CohortsUnit,
    actor: Actor,
    member_id: UUID,
    *,
    organisations: str,
    domains: str,
    agreed: bool,
    terms_version: int | None = None,
) -> PanelMember:
    """A reviewer agrees to the terms and says whom they know, one organisation or email domain a line.

    `terms_version` is the version that they read (0 for the standard terms); without it, the one that holds now.

    Raises:
        Conflict: there are newer terms than those they read.
        Invalid: the terms are not agreed to, or a line cannot be read.
        NotFound: it is not their own place on the panel.
    """
    member = own_member(uow, actor, member_id)
    if not agreed:
        raise Invalid({"agreed": ["Read the terms and tick the box if you agree. You can leave the panel if not."]})
    terms = uow.terms.current(member.round_id)
    version = terms.version if terms else 0
    if terms_version is not None and terms_version != version:
        raise Conflict("The terms have changed since you opened this page. Please read them again.", code="new-terms")
    wanted = [(ORGANISATION, line) for line in _lines(organisations)] + [(DOMAIN, line) for line in _lines(domains)]
    fields = {ORGANISATION: "organisations", DOMAIN: "domains"}
    for kind, text in wanted:
        try:
            keep_conflict(uow, member, kind, text, DECLARED)
        except Invalid as error:
            raise Invalid({fields[kind]: [f"“{text}”: {error.problems['value'][0]}"]}) from None
    member.state, member.declared_at, member.terms_version = READY, uow.now, version
    uow.terms.accept(member.id, version, uow.now)
    step(member, None)
    drop_clashes(uow, member)
    uow.record.write(
        actor, "conflicts_declared", member.round_id, panel_member=str(member.id), count=len(wanted), terms=version
    )
    return member


def own_member(uow: CohortsUnit, actor: Actor, member_id: UUID) -> PanelMember:
    """The member, if it is this person; NotFound for anybody else."""
    member = uow.panels.get(member_id, lock=True)
    if member.person_id is None or member.person_id != actor.person_id:
        raise NotFound("There is no such panel member.")
    if member.state == LEFT:
        raise Forbidden("You are no longer on this panel.")
    return member


def add_conflict(uow: CohortsUnit, actor: Actor, member_id: UUID, kind: str, text: str) -> int:
    """Staff enter a conflict; applications that it hits leave the member's list: how many.

    Raises:
        Invalid: it cannot be compared with anything.
    """
    member = uow.panels.get(member_id, lock=True)
    keep_conflict(uow, member, kind, text, STAFF)
    dropped = drop_clashes(uow, member)
    uow.record.write(actor, "conflict_added", member.round_id, panel_member=str(member.id), kind=kind)
    return dropped


def remove_conflict(uow: CohortsUnit, actor: Actor, member_id: UUID, conflict_id: UUID) -> None:
    """Staff take a conflict away. What it removed is not put back.

    Raises:
        Forbidden: the reviewer declared it, so only they can say that it is not so.
    """
    member = uow.panels.get(member_id, lock=True)
    conflict = uow.panels.conflict(member_id, conflict_id)
    if conflict.source == DECLARED:
        raise Forbidden("The reviewer declared this conflict, so it stays.")
    uow.session.delete(conflict)
    uow.session.flush()
    uow.record.write(actor, "conflict_removed", member.round_id, panel_member=str(member.id), kind=conflict.kind)


def keep_conflict(uow: CohortsUnit, member: PanelMember, kind: str, text: str, source: str) -> None:
    """Keep a conflict of a member, unless it is known. Raises Invalid for what cannot be compared."""
    value = conflict_value(kind, text)[:400]
    if kind == ORGANISATION:
        value = uow.applications.registered_key(member.round_id, value)
    known = {(one.kind, one.value) for one in uow.panels.conflicts([member.id])[member.id]}
    if (kind, value) not in known:
        uow.panels.add(
            ConflictOfInterest(
                panel_member_id=member.id,
                kind=kind,
                value=value,
                shown=text.strip()[:400],
                source=source,
                created_at=uow.now,
            )
        )
        uow.session.flush()


def drop_clashes(uow: CohortsUnit, member: PanelMember) -> int:
    """Take applications off a member's list that they may not read; how many. Their reviews no longer count."""
    barred = {application for application, _ in barred_pairs(uow, member.round_id, [member])}
    dropped = [a for a in uow.assignments.of_member(member.id) if a.application_id in barred]
    for assignment in dropped:
        assignment.state, assignment.reason = REMOVED, "a conflict of interest"
        uow.session.flush()
        count_reviews(uow, assignment.application_id)
    return len(dropped)


def _lines(text: str) -> Iterable[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
