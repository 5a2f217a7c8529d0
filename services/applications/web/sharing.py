"""An application as whoever works on it may open it: its owner, a helper, staff who type in what came on paper."""

from dataclasses import dataclass
from uuid import UUID

from services.applications.domain.reach import Role
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.fill_in import Draft, open_shared
from services.applications.web.context import units
from services.applications.web.round_view import RoundView, view_for
from shared.web.identity import known


@dataclass(frozen=True)
class Shared:
    """An application, its round, and on whose behalf the reader works on it: empty for its owner."""

    draft: Draft
    round_: RoundView
    on_behalf_of: str

    @property
    def home(self) -> str:
        """Where somebody who is done goes."""
        match self.draft.reach.role:
            case Role.HELPER:
                return "/helping"
            case Role.STAFF:
                return f"/staff/applications/{self.draft.row.id}"
            case _:
                return f"/applications/{self.draft.row.id}"


def acts_for_programme() -> bool:
    """Whether the reader is signed in as staff, second step and all."""
    return known().has("staff", "administrator")


def shared_draft(application_id: UUID) -> Shared:
    """The application; raises NotFound for anybody whom it is no business of."""
    with units().begin(write=False) as uow:
        draft = open_shared(uow, application_id, known().person_id, staff=acts_for_programme())
        return Shared(draft, view_for(uow, draft.row), _behalf(uow, draft))


def _behalf(uow: ApplicationsUnitOfWork, draft: Draft) -> str:
    own = draft.reach.role is Role.APPLICANT
    return "" if own else uow.people.get(draft.row.person_id).name or draft.row.reference
