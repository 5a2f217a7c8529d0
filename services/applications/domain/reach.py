"""How far somebody may go in an application: its owner, a helper, or staff who type in what came on paper."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to an application."""

    APPLICANT = "applicant"
    HELPER = "helper"
    STAFF = "staff"


@dataclass(frozen=True)
class Reach:
    """`sections` are the ids of those that may be opened, None for all of them."""

    role: Role = Role.APPLICANT
    sections: frozenset[str] | None = None
    may_submit: bool = True

    def covers(self, section_id: str) -> bool:
        """Whether this section may be opened."""
        return self.sections is None or section_id in self.sections


OWN = Reach()
TYPIST = Reach(Role.STAFF)
