"""A new round's definition from what staff typed and an earlier round (or the standard form)."""

from typing import Any
from uuid import UUID

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.storage.tables import FormVersionRow, RulesVersionRow
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.errors import Invalid, NotFound


def definition_from(uow: ApplicationsUnitOfWork, values: dict[str, str]) -> dict[str, Any]:
    """The definition; `values["copy"]` is the id of an earlier round, or empty for the standard form.

    Raises:
        Invalid: the round to copy is not one.
    """
    source = values.get("copy", "")
    parts = _standard() if not source else _earlier(uow, source)
    typed = {name: value for name, value in values.items() if name != "copy" and value}
    return {**parts, **typed}


def _standard() -> dict[str, Any]:
    rubric = round_definition()["rubric"]
    return {"form": form_definition(), "rules": rules_definition(), "rubric": rubric, "breakdown_shown": True}


def _earlier(uow: ApplicationsUnitOfWork, source: str) -> dict[str, Any]:
    try:
        row = uow.rounds.get(UUID(source))
    except (ValueError, NotFound):
        raise Invalid({"copy": ["Choose one of the rounds in the list."]}) from None
    form = uow.session.get_one(FormVersionRow, (row.id, row.form_version))
    rules = uow.session.get_one(RulesVersionRow, (row.id, row.rules_version))
    return {
        "form": form.definition,
        "rules": rules.definition,
        "rubric": {"criteria": [_criterion(each) for each in row.rubric]},
        "breakdown_shown": row.show_scores,
        "places": row.places,
    }


def _criterion(stored: dict[str, Any]) -> dict[str, Any]:
    anchors = dict(enumerate(stored["anchors"], start=1))
    return {
        "id": stored["id"],
        "title": stored["label"],
        "about": stored["description"],
        "weight": stored["weight"],
        "anchors": anchors,
    }
