"""The organisations that an applicant can pick from. A new name may always be typed."""

from services.applications.use_cases.keep_organisations import offered_names
from services.applications.web.context import units


def known_organisations() -> list[str]:
    """The names on offer, for a list below the field: browsers show it with and without script."""
    with units().begin(write=False) as uow:
        return offered_names(uow)
