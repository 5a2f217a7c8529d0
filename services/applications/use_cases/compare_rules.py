"""What would change if other rules were in force: worked out on the applications that are in, and kept nowhere."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from services.applications.domain.forms import Form, attribute_labels
from services.applications.domain.priority import Rules, parse_rules, ranks
from services.applications.domain.priority.comparing import Comparison, Share, Standing, compare, shares
from services.applications.storage.tables import RoundRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from services.applications.use_cases.describe_round import attribute_names
from services.applications.use_cases.rescore_round import scored, wanted_answers
from shared.errors import Invalid

MOST_VALUES = 20


@dataclass(frozen=True)
class WhatIf:
    """Both sides compared. `references` and `labels` put ids and values into words; `total` counts who was compared."""

    total: int
    comparison: Comparison
    shares: list[Share]
    names: dict[str, str]
    labels: dict[str, dict[str, str]]
    references: dict[str, str]
    scores_before: list[int]
    scores_after: list[int]


def compare_rules(uow: ApplicationsUnitOfWork, round_: RoundRow, definition: dict[str, Any], places: int) -> WhatIf:
    """The round's ranking by the rules in force and by `definition`, with the shares among the first `places`.

    Raises:
        Invalid: by path, when the rules cannot be used; `places` when it is not a number of people.
    """
    if not 1 <= places <= 100_000:
        raise Invalid({"places": ["Write a number of places from 1 to 100,000."]})
    form = uow.rounds.form(round_.id, round_.form_version)
    new, old = parse_rules(definition, form), uow.rounds.rules(round_)
    before, after = _standing(uow, round_, old), _standing(uow, round_, new)
    attributes = uow.scores.attributes(round_.id)
    rows = [attributes.get(UUID(id), {}) for id in before.ids]
    names = _telling(form, rows)
    comparison = compare(before, after, places)
    shown = {UUID(one.id) for one in (*comparison.first, *comparison.went)}
    return WhatIf(
        total=len(before.ids),
        comparison=comparison,
        shares=shares(rows, before.first(places), after.first(places), list(names)),
        names=names,
        labels=attribute_labels(form, "en"),
        references={str(id): reference for id, (reference, _) in uow.scores.known(shown).items()},
        scores_before=before.totals.tolist(),
        scores_after=after.totals.tolist(),
    )


def _standing(uow: ApplicationsUnitOfWork, round_: RoundRow, rules: Rules) -> Standing:
    questions = wanted_answers(uow, round_.id, rules)
    found = uow.scores.answers(round_.id, questions, None, None)
    ids: list[UUID] = []
    parts = []
    for some, scores in scored(uow, round_.id, rules, questions, found):
        ids += some
        parts.append(scores)
    if not parts:
        return Standing([], np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64))
    whole = parts[0].joined(parts[1:])
    order = np.argsort(np.array([id.hex for id in ids]))
    written = [str(id) for id in ids]
    places = ranks(whole, written)
    return Standing([written[row] for row in order], whole.totals[order], places[order])


def _telling(form: Form, rows: list[dict[str, Any]]) -> dict[str, str]:
    """The attributes with few enough values for a picture, by name, with what they are called."""
    found = {}
    for name, label in attribute_names(form).items():
        held = {str(value) for row in rows for value in [row.get(name)] if not isinstance(value, list)}
        if len(held) <= MOST_VALUES:
            found[name] = label
    return found
