"""Two selections beside each other: who differs, what it costs, and how each target comes out in both."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cohorts.domain.wishes import counts_for
from services.cohorts.storage.tables import Application, SelectedPerson, SelectionRun
from services.cohorts.storage.unit_of_work import CohortsUnit
from services.cohorts.use_cases.list_shortlist import ShortlistRow, with_people
from services.cohorts.use_cases.run_selection import wish_of
from shared.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Differing:
    """Somebody whom one of the two chose and the other did not, with what each says of them."""

    row: ShortlistRow
    here: SelectedPerson | None
    there: SelectedPerson | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One group (or target) in both: counts, and shares of each selection's places, 0 to 1."""

    label: str
    a: int | None
    b: int | None
    share_a: float
    share_b: float
    pool: float | None = None
    aim_a: str = ""
    aim_b: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Selections a and b of one round. `points` is b's total less a's; None where scores or sizes do not compare."""

    a: SelectionRun
    b: SelectionRun
    both: int
    only_a: list[Differing]
    only_b: list[Differing]
    points: float | None
    groups: list[SideBySide]
    targets: list[SideBySide]
    notes: list[str]


def compare_runs(uow: CohortsUnit, a_id: UUID, b_id: UUID) -> Comparison:
    """Compare two selections of one round.

    Raises:
        NotFound: there is no such selection.
        Invalid: they are of different rounds, or one and the same.
        Conflict: one of them chose nobody.
    """
    a, b = uow.runs.get(a_id), uow.runs.get(b_id)
    if a.round_id != b.round_id or a.id == b.id:
        raise Invalid({"b": ["Choose another selection of the same round."]})
    if "infeasible" in (a.status, b.status):
        raise Conflict("A selection that could not meet its targets chose nobody, so there is nothing to compare.")
    people_a, people_b = uow.runs.people(a.id), uow.runs.people(b.id)
    chosen_a, chosen_b = _chosen(people_a), _chosen(people_b)
    said = [{person.application_id: person for person, _ in people} for people in (people_a, people_b)]
    applications = {application.id: application for _, application in [*people_a, *people_b]}
    return Comparison(
        a=a,
        b=b,
        both=len(chosen_a & chosen_b),
        only_a=_differing(uow, chosen_a - chosen_b, applications, said),
        only_b=_differing(uow, chosen_b - chosen_a, applications, said),
        points=_points(a, b),
        groups=_groups(a, b),
        targets=_targets(a, b, applications, chosen_a, chosen_b),
        notes=_notes(a, b),
    )


def _chosen(people: list[tuple[SelectedPerson, Application]]) -> set[UUID]:
    return {person.application_id for person, _ in people if person.chosen}


def _differing(
    uow: CohortsUnit,
    ids: set[UUID],
    applications: dict[UUID, Application],
    said: list[dict[UUID, SelectedPerson]],
) -> list[Differing]:
    rows = with_people(uow, [applications[id] for id in ids])
    found = [Differing(row, said[0].get(row.application.id), said[1].get(row.application.id)) for row in rows]
    return sorted(found, key=lambda one: (-max(_score(one.here), _score(one.there)), one.row.application.reference))


def _score(person: SelectedPerson | None) -> float:
    return person.score if person else 0.0


def _points(a: SelectionRun, b: SelectionRun) -> float | None:
    alike = (a.size, a.scores, a.priority_weight) == (b.size, b.scores, b.priority_weight)
    if not alike or a.objective is None or b.objective is None:
        return None
    return round(b.objective - a.objective, 4)


def _groups(a: SelectionRun, b: SelectionRun) -> list[SideBySide]:
    there = {(line["attribute"], line["value"]): line for line in b.counts}
    return [
        SideBySide(
            f"{line['attribute_label']}: {line['label']}",
            line["chosen"],
            other["chosen"],
            line["chosen"] / a.size,
            other["chosen"] / b.size,
            other["pool"] / b.pool_size if b.pool_size else None,
        )
        for line in a.counts
        if (other := there.get((line["attribute"], line["value"]))) and (line["pool"] or other["pool"])
    ]


def _key(target: dict[str, Any]) -> tuple[Any, ...]:
    return target["attribute"], target["value"], tuple(map(tuple, target.get("also", ())))


def _targets(
    a: SelectionRun, b: SelectionRun, applications: dict[UUID, Application], chosen_a: set[UUID], chosen_b: set[UUID]
) -> list[SideBySide]:
    """Every target of either: what each asked for, and how many each chose."""
    asked = [{_key(target): target for target in run.targets} for run in (a, b)]
    lines = []
    for key in dict.fromkeys([*asked[0], *asked[1]]):
        here, there = asked[0].get(key), asked[1].get(key)
        wish = wish_of(here or there or {})
        counts: list[int | None] = [one.get("chosen") if one else None for one in (here, there)]
        if not wish.each:
            held = [[counts_for(wish, applications[id].attributes) for id in ids] for ids in (chosen_a, chosen_b)]
            counts = [sum(ones) for ones in held]
        words = [str(one.get("text", one["label"])) if one else "not asked for" for one in (here, there)]
        label = words[0] if here else words[1]
        many_a, many_b = counts
        lines.append(SideBySide(label, many_a, many_b, (many_a or 0) / a.size, (many_b or 0) / b.size, None, *words))
    return lines


def _notes(a: SelectionRun, b: SelectionRun) -> list[str]:
    notes = []
    if a.size != b.size:
        notes.append("They choose different numbers of people, so their totals do not compare.")
    if a.scores != b.scores:
        notes.append("One uses raw review scores and the other adjusted ones.")
    if (a.priority_weight, a.review_weight) != (b.priority_weight, b.review_weight):
        notes.append("The published weights were different when they were made.")
    if a.pool_size != b.pool_size:
        notes.append(f"The pool has changed: {a.pool_size} people for the first, {b.pool_size} for the second.")
    return notes
