"""What changed from one version of a form to another, part by part, for a page that shows them side by side."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from services.applications.domain.building.editing import Definition, questions_in, sections_of

What = Literal["added", "removed", "moved", "changed"]


@dataclass(frozen=True)
class Setting:
    """One setting that differs; a side that lacks it is empty."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """A section, question or attribute that was added, removed, moved or changed.

    `part` is section, question, attribute or form; `id` and `label` say which one.
    """

    part: str
    id: str
    label: str
    what: What
    settings: tuple[Setting, ...] = ()


def compare(before: Definition, after: Definition) -> list[Change]:
    """Return the changes in the order of the newer form, what was removed at the end."""
    settings = _settings(_head(before), _head(after))
    found = [Change("form", "", "The form", "changed", settings)] if settings else []
    found += _parts("section", _sections(before), _sections(after))
    found += _parts("question", _questions(before), _questions(after))
    return found + _parts("attribute", _attributes(before), _attributes(after))


Parts = dict[str, tuple[str, Definition]]
"""id -> (where it stands among the others, its settings)."""


def _parts(part: str, before: Parts, after: Parts) -> list[Change]:
    kept = [name for name in after if name in before]
    moved = _moved([name for name in before if name in after], kept)
    found = []
    for name, (home, settings) in after.items():
        if name not in before:
            found.append(Change(part, name, _label(settings), "added", _settings({}, settings)))
            continue
        differing = _settings(before[name][1], settings)
        if differing:
            found.append(Change(part, name, _label(settings), "changed", differing))
        if home != before[name][0] or name in moved:
            found.append(Change(part, name, _label(settings), "moved", (Setting("place", before[name][0], home),)))
    gone = [name for name in before if name not in after]
    return found + [Change(part, name, _label(before[name][1]), "removed") for name in gone]


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest names that have to move to get from one order to the other: all outside the longest common run."""
    place = {name: index for index, name in enumerate(before)}
    best: list[list[str]] = []
    for name in after:
        best.append([*_longest([run for run in best if place[run[-1]] < place[name]]), name])
    return set(after) - set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=len) if runs else []


def _settings(before: Definition, after: Definition) -> tuple[Setting, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Setting(name, _said(before.get(name)), _said(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    )


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return "\n".join(f"{key}: {text}" for key, text in value.items())
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return "\n".join(_line(one) for one in value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(one: Definition) -> str:
    label = _text(one.get("label") or one.get("reason") or "")
    others = one.get("value") or one.get("when") or ""
    more = {key: value for key, value in one.items() if key not in ("label", "reason", "value", "when")}
    return " – ".join(
        part for part in (str(others), label, json.dumps(more, ensure_ascii=False) if more else "") if part
    )


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("en") or next(iter(value.values()), ""))
    return str(value or "")


def _label(settings: Definition) -> str:
    return _text(settings.get("label") or settings.get("title"))


def _head(definition: Definition) -> Definition:
    return {key: definition.get(key) for key in ("title", "languages") if definition.get(key)}


def _sections(definition: Definition) -> Parts:
    found = {}
    for section in sections_of(definition):
        found[str(section.get("id"))] = ("", {key: value for key, value in section.items() if key != "questions"})
    return found


def _questions(definition: Definition) -> Parts:
    return {
        str(question.get("id")): (str(section.get("id")), question)
        for section in sections_of(definition)
        for question in questions_in(section)
    }


def _attributes(definition: Definition) -> Parts:
    return {str(one.get("name")): ("", one) for one in definition.get("attributes") or [] if isinstance(one, dict)}
