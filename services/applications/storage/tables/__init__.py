"""This service's tables, by noun."""

from services.applications.storage.tables.applications import (
    ApplicationRow,
    DeliveryRow,
    ScoreRow,
    SetApartRow,
    StatusRow,
)
from services.applications.storage.tables.base import Base
from services.applications.storage.tables.cases import CaseEntryRow, CaseRow, CaseSettingsRow, PanelSeatRow
from services.applications.storage.tables.equality import EqualityRatesRow
from services.applications.storage.tables.filling_in import (
    ChangeRow,
    EntryRow,
    ExtensionRow,
    HelperRow,
    StoredFileRow,
    UploadRow,
)
from services.applications.storage.tables.forms import FormDraftRow
from services.applications.storage.tables.interest import InterestRow
from services.applications.storage.tables.lotteries import RoundLotteryRow
from services.applications.storage.tables.organisations import (
    DifferentOrganisationsRow,
    OrganisationChangeRow,
    OrganisationNameRow,
    OrganisationRow,
)
from services.applications.storage.tables.people import PersonRow, RecoveryCodeRow, SessionRow, SignInRequestRow
from services.applications.storage.tables.rounds import FormVersionRow, RoundRow, RulesVersionRow
from services.applications.storage.tables.rules import RescoreRow, RulesDraftRow
from services.applications.storage.tables.their_data import (
    ConfirmationRow,
    CorrectionRow,
    DataPartRow,
    DataRequestRow,
    EmailChangeRow,
    ErasureRow,
)

metadata = Base.metadata

__all__ = [
    "ApplicationRow",
    "Base",
    "CaseEntryRow",
    "CaseRow",
    "CaseSettingsRow",
    "ChangeRow",
    "ConfirmationRow",
    "CorrectionRow",
    "DataPartRow",
    "DataRequestRow",
    "DeliveryRow",
    "DifferentOrganisationsRow",
    "EmailChangeRow",
    "EntryRow",
    "EqualityRatesRow",
    "ErasureRow",
    "ExtensionRow",
    "FormDraftRow",
    "FormVersionRow",
    "HelperRow",
    "InterestRow",
    "OrganisationChangeRow",
    "OrganisationNameRow",
    "OrganisationRow",
    "PanelSeatRow",
    "PersonRow",
    "RecoveryCodeRow",
    "RescoreRow",
    "RoundLotteryRow",
    "RoundRow",
    "RulesDraftRow",
    "RulesVersionRow",
    "ScoreRow",
    "SessionRow",
    "SetApartRow",
    "SignInRequestRow",
    "StatusRow",
    "StoredFileRow",
    "UploadRow",
    "metadata",
]
