"""This service's tables, by noun."""

from services.applications.storage.tables.applications import (
    ApplicationRow,
    DeliveryRow,
    ScoreRow,
    SetApartRow,
    StatusRow,
)
from services.applications.storage.tables.base import Base
from services.applications.storage.tables.forms import FormDraftRow
from services.applications.storage.tables.interest import InterestRow
from services.applications.storage.tables.organisations import (
    DifferentOrganisationsRow,
    OrganisationChangeRow,
    OrganisationNameRow,
    OrganisationRow,
)
from services.applications.storage.tables.people import PersonRow, RecoveryCodeRow, SessionRow, SignInRequestRow
from services.applications.storage.tables.rounds import FormVersionRow, RoundRow, RulesVersionRow

metadata = Base.metadata

__all__ = [
    "ApplicationRow",
    "Base",
    "DeliveryRow",
    "DifferentOrganisationsRow",
    "FormDraftRow",
    "FormVersionRow",
    "InterestRow",
    "OrganisationChangeRow",
    "OrganisationNameRow",
    "OrganisationRow",
    "PersonRow",
    "RecoveryCodeRow",
    "RoundRow",
    "RulesVersionRow",
    "ScoreRow",
    "SessionRow",
    "SetApartRow",
    "SignInRequestRow",
    "StatusRow",
    "metadata",
]
