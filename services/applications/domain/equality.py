"""Selection rates by equality answers: which answers make groups, and how far an application came.

Nothing here knows whose answers they are: what goes in is a stage and some answers, without a name or a number.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.applications.domain.forms import Form
from services.applications.domain.forms.kinds import PREFER_NOT_TO_SAY, WITH_PREFER_NOT_TO_SAY, Sensitivity
from shared.impact import FEW
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
    """The round's rates, with small counts kept back. "Prefer not to say" counts as not known.

    Staff know how far each person came, so a stage that fewer than FEW people stopped before is left out, and
    differences between stages are kept back like counts.
    """
    kept = _told_apart([stage_of(one) for one in standings])
    people = [Reached(_said(one.answers), bisect_right(kept, stage_of(one)) - 1) for one in standings]
    asked = questions_of(form)
    found = tables(people, asked, len(kept), stops=True) if people and asked else ()
    return Rates(tuple(STAGES[stage] for stage in kept), found)


def _told_apart(reached: list[int]) -> list[int]:
    """The stages that are enough people apart: APPLIED, and each that FEW or more of those before did not reach."""
    kept, before = [APPLIED], len(reached)
    for stage in range(APPLIED + 1, len(STAGES)):
        here = sum(one >= stage for one in reached)
        if here >= FEW and before - here >= FEW:
            kept, before = [*kept, stage], here
        elif here == before and kept[-1] != APPLIED:
            kept[-1] = stage  # the same people, so the name that says more
    return kept


def _said(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in answers.items()
        if value not in ("", [], None, PREFER_NOT_TO_SAY) and value != [PREFER_NOT_TO_SAY]
    }
