"""A round's definition as staff or programs send it, read with all that is wrong with it named at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from services.applications.domain.forms import Form, parse_form
from services.applications.domain.priority import parse_rules
from services.applications.domain.rounds import Times, parse_times
from services.applications.domain.rubric import parse_rubric
from services.applications.domain.text import tidy
from services.applications.storage.unit_of_work import ApplicationsUnitOfWork
from shared.errors import Invalid

LONGEST_TEXT = 5000
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_T = TypeVar("_T")


@dataclass(frozen=True)
class RoundDefinition:
    """A definition, read."""

    slug: str
    texts: dict[str, dict[str, str]]
    times: Times
    decisions_by: str | None
    form: Form
    rubric: list[dict[str, Any]]


def read_definition(uow: ApplicationsUnitOfWork, definition: Mapping[str, Any]) -> RoundDefinition:
    """All parts of a definition: id, title, summary, about, zone, opens, deadline, form, rules, rubric.

    Raises:
        Invalid: every problem, by path.
    """
    problems: dict[str, list[str]] = {}
    slug = _try(problems, lambda: _slug(uow, definition.get("id")))
    texts = _try(problems, lambda: _texts(definition))
    given = (definition.get("zone"), definition.get("deadline"), definition.get("opens"))
    times = _try(problems, lambda: parse_times(*given))
    decisions_by = _try(problems, lambda: _day(definition.get("decisions_by")))
    form = _try(problems, lambda: parse_form(definition.get("form") or {}))
    if form is not None:
        _try(problems, lambda: parse_rules(definition.get("rules") or {}, form))
    rubric = _try(problems, lambda: _rubric(definition.get("rubric") or {}))
    if slug is None or texts is None or times is None or form is None or rubric is None or problems:
        raise Invalid(problems)
    return RoundDefinition(slug, texts, times, decisions_by, form, rubric)


def _try(problems: dict[str, list[str]], read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except Invalid as error:
        problems.update(error.problems)
        return None


def _day(text: object) -> str | None:
    if text in (None, ""):
        return None
    try:
        return date.fromisoformat(str(text).strip()).isoformat()
    except ValueError:
        raise Invalid({"decisions_by": ["Write a date such as 2027-03-22."]}) from None


def _rubric(data: Any) -> list[dict[str, Any]]:
    try:
        return parse_rubric(data)
    except (ValueError, TypeError, AttributeError):
        raise Invalid({"rubric": ["This is not a rubric: criteria, each with anchors from 1 to 5."]}) from None


def _slug(uow: ApplicationsUnitOfWork, text: object) -> str:
    slug = str(text or "")
    if not _SLUG.fullmatch(slug) or len(slug) > 80:
        raise Invalid({"id": ["Use small letters, digits and single hyphens, such as leading-together-2027."]})
    if uow.rounds.slug_taken(slug):
        raise Invalid({"id": ["Another round has this address already."]})
    return slug


def _texts(definition: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    texts = {name: _by_language(name, definition.get(name)) for name in ("title", "summary", "about")}
    title = texts["title"].get("en", "")
    if not title or len(title) > 200:
        raise Invalid({"title": ["Give the round a title in English of 200 characters at most."]})
    return texts


def _by_language(name: str, given: object) -> dict[str, str]:
    said: Mapping[Any, object] = given if isinstance(given, Mapping) else {"en": given or ""}
    texts = {str(tag): tidy(text) for tag, text in said.items() if isinstance(text, str) and len(text) <= LONGEST_TEXT}
    if len(texts) < len(said):
        raise Invalid({name: [f"Write text of {LONGEST_TEXT} letters at most, or one such text for each language."]})
    return texts
