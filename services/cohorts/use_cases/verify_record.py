"""Check that nobody has quietly changed the decision record."""

from services.cohorts.domain.record import Verdict
from services.cohorts.storage.unit_of_work import CohortsUnit


def verify_record(uow: CohortsUnit) -> Verdict:
    """Walk the whole record and say whether it is whole."""
    return uow.record.verify()
