"""Who does something: a person who is signed in, or the clock."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf a use case runs, named as the decision record should name them."""

    person_id: UUID | None
    name: str


CLOCK = Actor(None, "the clock")
