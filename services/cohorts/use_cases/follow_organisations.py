"""Call organisations as the register does: in identities, and in the conflicts that people declared by another name."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cohorts.domain.panel import ORGANISATION, organisation_key
from services.cohorts.storage.repositories.applications import NAMES
from services.cohorts.storage.tables import ApplicationIdentity, Conflict, PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.declare_conflicts import drop_clashes
from shared.contracts.applications import OrganisationsMerged


def follow_organisations(uow: CohortsUnit, event: OrganisationsMerged) -> None:
    """Two organisations were found to be one: applications and conflicts of either are of the one from now on.

    Applications that a member may therefore not read leave their list.
    """
    keys = keys_of([event.name, *event.names])
    for row in uow.session.scalars(select(ApplicationIdentity).where(ApplicationIdentity.organisation_key.in_(keys))):
        row.organisation, row.organisation_key = event.name[:400], organisation_key(event.name)[:400]
        row.answers = {**row.answers, "organisation": event.name, NAMES: list(event.names)}
    uow.session.flush()
    # Whoever names the organisation by one of these from now on, in whichever round, means this one.
    uow.organisations.keep(organisation_key(event.name)[:400], keys)
    for member in follow_conflicts(uow, keys, event.name):
        drop_clashes(uow, member)


def keys_of(names: Iterable[str]) -> set[str]:
    """Names as they are compared."""
    return {key for name in names if (key := organisation_key(name)[:400])}


def follow_conflicts(uow: CohortsUnit, keys: set[str], name: str, round_id: UUID | None = None) -> list[PanelMember]:
    """Let conflicts with any of these be conflicts with the organisation called `name`; whose list may change."""
    key = organisation_key(name)[:400]
    query = select(Conflict, PanelMember).join(PanelMember, PanelMember.id == Conflict.panel_member_id)
    query = query.where(Conflict.kind == ORGANISATION, Conflict.value.in_(keys))
    query = query.where(PanelMember.round_id == round_id) if round_id else query
    found = list(uow.session.execute(query))
    have = {member.id for conflict, member in found if conflict.value == key}
    for conflict, member in found:
        if conflict.value != key and member.id not in have:
            conflict.value = key
            have.add(member.id)
    uow.session.flush()
    return list({member.id: member for _conflict, member in found}.values())


def follow_application(uow: CohortsUnit, round_id: UUID, identifying: Mapping[str, Any], name: str) -> None:
    """An application has come whose organisation goes by other names too: conflicts with those count."""
    names = identifying.get(NAMES)
    if name and isinstance(names, list) and len(names) > 1:
        follow_conflicts(uow, keys_of(map(str, names)), name, round_id)
