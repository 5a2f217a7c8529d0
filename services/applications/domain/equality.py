"""Selection rates by equality answers: which answers make groups, and how far an application came.

Nothing here knows whose answers they are: what goes in is a stage and some answers, without a name or a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.applications.domain.forms import Form
from services.applications.domain.forms.kinds import PREFER_NOT_TO_SAY, WITH_PREFER_NOT_TO_SAY, Sensitivity
from shared.impact.rates import Rates, Reached, tables

APPLIED, STAYED, SHORTLISTED, OFFERED, ACCEPTED = range(5)
STAGES = (
    "Applied",
    "Did not withdraw",
    "Shortlisted (offered or on the waiting list)",
    "Offered a place",
    "Accepted the place",
)
OPEN_OFFER = "offered"
_TOLD = {
    "waitlisted": SHORTLISTED,
    "offered": OFFERED,
    "declined": OFFERED,
    "lapsed": OFFERED,
    "accepted": ACCEPTED,
}
"""The furthest stage by what the cohorts service said last."""
DECIDED = frozenset({*_TOLD, "unsuccessful"})


@dataclass(frozen=True, slots=True)
class Asked:
    """An equality question whose answers can be counted."""

    id: str
    label: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One application, nobody's in particular: its state, what was last said of it, and its equality answers."""

    withdrawn: bool
    told: str
    answers: Mapping[str, Any]


def questions_of(form: Form) -> tuple[Asked, ...]:
    """The equality questions with fixed options; what people write in their own words is not counted."""
    return tuple(
        Asked(question.id, question.label.say("en"), _options(question.options))
        for question in form.questions.values()
        if question.sensitivity is Sensitivity.EQUALITY and question.kind in WITH_PREFER_NOT_TO_SAY
    )


def _options(options: Any) -> tuple[tuple[str, str], ...]:
    return tuple((one.value, one.label.say("en")) for one in options if one.value != PREFER_NOT_TO_SAY)


def stage_of(standing: Standing) -> int:
    """The furthest stage an application reached."""
    return _TOLD.get(standing.told, APPLIED if standing.withdrawn else STAYED)


def count(standings: list[Standing], form: Form) -> Rates:
    """The round's rates, with small counts kept back. "Prefer not to say" counts as not known."""
    people = [Reached(_said(one.answers), stage_of(one)) for one in standings]
    furthest = max((person.stage for person in people), default=-1) + 1
    asked = questions_of(form)
    return Rates(STAGES[:furthest], tables(people, asked, furthest) if people and asked else ())


def _said(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in answers.items()
        if value not in ("", [], None, PREFER_NOT_TO_SAY) and value != [PREFER_NOT_TO_SAY]
    }
