"""The sample's register of organisations, two of which look like one, and people who want to hear of rounds."""

from uuid import UUID

from services.applications.domain import secrets
from services.applications.storage.tables import InterestRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.keep_organisations import add_organisation, offer
from services.applications.use_cases.resume_draft import new_nonce
from shared.errors import Invalid
from shared.ids import new_id

_ALIKE = ("Refugee & Migrant Centre", "Refugee and Migrants Centre")
_OFFERED = 12
_WAITING = (("amina@waiting.example", "ar"), ("gwenllian@waiting.example", "cy"), ("farid@waiting.example", "fa-AF"))


def keep_sample_register(uow: ApplicationsUnitOfWork, by: str) -> None:
    """Add what is not there yet."""
    for name in _ALIKE:
        try:
            add_organisation(uow, name, by, offered=False)
        except Invalid:
            return  # an earlier start has done all this
    for id, _name in sorted(uow.organisations.current().items(), key=lambda one: one[1])[:_OFFERED]:
        offer(uow, UUID(id), True, by)
    network = secrets.digest("sample", salt="network")
    for email, language in _WAITING:
        row = InterestRow(id=new_id(), email=email, language=language, nonce=new_nonce(), network_hash=network)
        row.asked_at = row.confirmed_at = uow.now
        uow.interests.add(row)
