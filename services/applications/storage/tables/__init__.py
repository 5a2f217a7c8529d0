"""This service's tables, by noun."""

from services.applications.storage.tables.applications import (
    ApplicationRow,
    DeliveryRow,
    ScoreRow,
    SetApartRow,
    StatusRow,
)
from services.applications.storage.tables.base import Base
from services.applications.storage.tables.people import PersonRow, RecoveryCodeRow, SessionRow, SignInRequestRow
from services.applications.storage.tables.rounds import FormVersionRow, RoundRow, RulesVersionRow

metadata = Base.metadata

__all__ = [
    "ApplicationRow",
    "Base",
    "DeliveryRow",
    "FormVersionRow",
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
