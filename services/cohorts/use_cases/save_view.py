"""Keep an order and filters of the shortlist under a name."""

from uuid import UUID

from services.cohorts.domain.actor import Actor
from services.cohorts.storage.tables import SavedView
from services.cohorts.storage.unit_of_work import CohortsUnit
from shared.errors import Invalid, NotFound

LONGEST_NAME = 80
LONGEST_QUERY = 2_000


def save_view(uow: CohortsUnit, actor: Actor, round_id: UUID, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep `query` (what stands after the ? in the address) as `name`; one's own view of that name is replaced.

    Raises:
        Invalid: no name, or one that is too long.
        NotFound: there is no such round.
    """
    uow.rounds.get(round_id)
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": [f"Give the view a name of at most {LONGEST_NAME} characters."]})
    if len(query) > LONGEST_QUERY:
        raise Invalid({"query": ["These filters are too long to keep."]})
    row = uow.shortlist.view_named(round_id, actor.person_id, name)
    if row is None:
        row = SavedView(round_id=round_id, owner_id=actor.person_id, name=name, created_at=uow.now)
        uow.shortlist.add(row)
    row.owner_name, row.query, row.shared = actor.name, query, shared
    uow.session.flush()
    return row


def forget_view(uow: CohortsUnit, actor: Actor, view_id: UUID) -> UUID:
    """Throw a view of one's own away; its round. Raises NotFound, for somebody else's too."""
    row = uow.shortlist.view(view_id)
    if row.owner_id != actor.person_id:
        raise NotFound("There is no such saved view of yours.")
    uow.session.delete(row)
    return row.round_id
