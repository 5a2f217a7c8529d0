"""Tell a reviewer how many applications are on their list."""

from services.cohorts.storage.tables import PanelMember
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.contracts.cohorts import ReviewsAssigned


def tell_reviewer(uow: CohortsUnit, member: PanelMember) -> None:
    """Publish the length of a member's list; nothing for a member without an account yet, who is told on joining."""
    if member.person_id is None:
        return
    round_ = uow.rounds.get(member.round_id)
    uow.publish(
        ReviewsAssigned(
            panel_member_id=member.id,
            person_id=member.person_id,
            round_id=member.round_id,
            round_title=round_.title,
            count=len(uow.assignments.of_member(member.id)),
            link=uow.links.panel(),
            due=uow.rounds.phases(member.round_id).asked_by,
            zone=round_.zone,
        )
    )
