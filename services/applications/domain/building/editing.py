"""Changes to a form's definition (plain dicts and lists), one for each thing that staff can do on a page.

Every function returns a new definition and leaves the one it was given alone. A definition may be unfinished: what is
wrong with it is said by `problems_of`, and only publishing needs it to be right.
"""

import copy
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from keyword import iskeyword
from typing import Any

from services.applications.domain.forms.model import ELIGIBILITY
from services.applications.domain.forms.parsing import parse_form
from services.applications.domain.reading import Reader
from shared.errors import Conflict, Invalid, NotFound

Definition = dict[str, Any]
UP, DOWN = "up", "down"
_LONGEST_ID = 50


def problems_of(definition: object) -> dict[str, list[str]]:
    """Return what stands between a definition and its publication, by path; nothing when it can be published."""
    try:
        parse_form(definition)
    except Invalid as invalid:
        return invalid.problems
    return {}


def empty_form(title: object = "") -> Definition:
    """Return a form with nothing in it."""
    return {"format": 1, "title": title, "languages": ["en"], "sections": []}


def sections_of(definition: Definition) -> list[Definition]:
    """Return the sections in order, the eligibility check (with the id `eligibility`) first if there is one."""
    check = definition.get(ELIGIBILITY)
    first = [{**check, "id": ELIGIBILITY}] if isinstance(check, Mapping) else []
    return [*first, *_dicts(definition.get("sections"))]


def questions_in(section: Definition) -> list[Definition]:
    """Return the questions of a section in order."""
    return _dicts(section.get("questions"))


def find_section(definition: Definition, section_id: str) -> Definition:
    """Return the section itself, to look at or to change. Raises NotFound."""
    if section_id == ELIGIBILITY and isinstance(definition.get(ELIGIBILITY), dict):
        found: Definition = definition[ELIGIBILITY]
        return found
    for section in _dicts(definition.get("sections")):
        if section.get("id") == section_id:
            return section
    raise NotFound("There is no such section. Somebody may have removed it.")


def section_with(definition: Definition, question_id: str) -> str:
    """Return the id of the section that a question is in. Raises NotFound."""
    for section in sections_of(definition):
        if any(question.get("id") == question_id for question in questions_in(section)):
            return str(section.get("id"))
    raise NotFound("There is no such question. Somebody may have removed it.")


def find_question(definition: Definition, question_id: str) -> Definition:
    """Return the question itself. Raises NotFound."""
    section = find_section(definition, section_with(definition, question_id))
    return next(question for question in questions_in(section) if question.get("id") == question_id)


def path_of(definition: Definition, section_id: str) -> str:
    """Return the path under which problems of a section are named. Raises NotFound."""
    find_section(definition, section_id)
    ids = [one.get("id") for one in _dicts(definition.get("sections"))]
    return ELIGIBILITY if section_id == ELIGIBILITY else f"sections.{ids.index(section_id)}"


def path_of_question(definition: Definition, question_id: str) -> str:
    """Return the path under which problems of a question are named. Raises NotFound."""
    section_id = section_with(definition, question_id)
    ids = [one.get("id") for one in questions_in(find_section(definition, section_id))]
    return f"{path_of(definition, section_id)}.questions.{ids.index(question_id)}"


def problems_at(problems: Mapping[str, list[str]], path: str, but: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return the problems under `path`, by what is left of their own; those that begin with one of `but` apart."""
    found: dict[str, list[str]] = {}
    for name, said in problems.items():
        rest = name.removeprefix(path).removeprefix(".")
        if (name == path or name.startswith(path + ".")) and not rest.startswith(tuple(but)):
            found[rest] = said
    return found


def new_id(label: str, taken: Iterable[str], otherwise: str) -> str:
    """Return a short name made of `label` that is not taken: "Your role" -> your_role, then your_role_2."""
    plain = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: _LONGEST_ID - 4].strip("_")
    if not re.match(r"[a-z]", stem) or iskeyword(stem):
        stem = otherwise
    known, number, found = set(taken), 2, stem
    while found in known:
        found, number = f"{stem}_{number}", number + 1
    return found


def ids_in(definition: Definition) -> set[str]:
    """Return every question's id, and the names of regions that go with postcodes."""
    questions = [one for section in sections_of(definition) for one in questions_in(section)]
    ids = {str(one.get("id")) for one in questions}
    return ids | {f"{one.get('id')}_region" for one in questions if one.get("kind") == "postcode"}


def change_settings(definition: Definition, title: object, languages: list[str]) -> Definition:
    """Return the form with another title and other languages."""
    return {**copy.deepcopy(definition), "title": title, "languages": languages}


def add_section(definition: Definition, title: object, purpose: str = "assessed") -> tuple[Definition, str]:
    """Return the form with one section more at its end, and the section's id."""
    changed = copy.deepcopy(definition)
    taken = {str(one.get("id")) for one in sections_of(changed)} | {ELIGIBILITY}
    section_id = new_id(_english(title), taken, "section")
    changed.setdefault("sections", [])
    changed["sections"].append({"id": section_id, "title": title, "purpose": purpose, "questions": []})
    return changed, section_id


def add_check(definition: Definition, title: object) -> Definition:
    """Return the form with an empty eligibility check, if it had none."""
    changed = copy.deepcopy(definition)
    if not isinstance(changed.get(ELIGIBILITY), dict):
        changed[ELIGIBILITY] = {"title": title, "questions": [], "refusals": []}
    return changed


def change_section(definition: Definition, section_id: str, settings: Definition) -> Definition:
    """Return the form with other settings of a section; None takes one away. Raises NotFound."""
    changed = copy.deepcopy(definition)
    _set(find_section(changed, section_id), settings)
    return changed


def remove_section(definition: Definition, section_id: str) -> Definition:
    """Return the form without a section and its questions. Raises NotFound."""
    changed = copy.deepcopy(definition)
    section = find_section(changed, section_id)
    if section_id == ELIGIBILITY:
        del changed[ELIGIBILITY]
    else:
        changed["sections"].remove(section)
    return changed


def move_section(definition: Definition, section_id: str, to: str) -> Definition:
    """Return the form with a section one place further up or down. Raises NotFound."""
    changed = copy.deepcopy(definition)
    section = find_section(changed, section_id)
    if section_id != ELIGIBILITY:
        _move(changed["sections"], section, to)
    return changed


def add_question(definition: Definition, section_id: str, kind: str, label: object) -> tuple[Definition, str]:
    """Return the form with one question more at the end of a section, and the question's id. Raises NotFound."""
    changed = copy.deepcopy(definition)
    section = find_section(changed, section_id)
    question_id = new_id(_english(label), ids_in(changed), "question")
    section.setdefault("questions", [])
    section["questions"].append({"id": question_id, "kind": kind, "label": label, **_BEGINNINGS.get(kind, {})})
    return changed, question_id


_BEGINNINGS: dict[str, Definition] = {
    "long_text": {"word_limit": 200},
    "choice": {"choices": []},
    "many_choices": {"choices": []},
    "calculation": {"formula": ""},
}


def change_question(definition: Definition, question_id: str, settings: Definition) -> Definition:
    """Return the form with other settings of a question; None takes one away. Raises NotFound.

    A new id is taken over by every condition and calculation that names the question.
    """
    changed = copy.deepcopy(definition)
    question = find_question(changed, question_id)
    _set(question, settings)
    if question.get("id") != question_id and str(question.get("id", "")).isidentifier():
        _rename(changed, question_id, str(question["id"]))
    return changed


def remove_question(definition: Definition, question_id: str) -> Definition:
    """Return the form without a question. What still names it is a problem that `problems_of` tells."""
    changed = copy.deepcopy(definition)
    question, section_id = find_question(changed, question_id), section_with(changed, question_id)
    find_section(changed, section_id)["questions"].remove(question)
    return changed


def move_question(definition: Definition, question_id: str, to: str) -> Definition:
    """Return the form with a question one place up or down, or (`to` a section's id) at that section's end."""
    changed = copy.deepcopy(definition)
    question, section_id = find_question(changed, question_id), section_with(changed, question_id)
    questions = find_section(changed, section_id)["questions"]
    if to in (UP, DOWN):
        _move(questions, question, to)
    elif to != section_id:
        target = find_section(changed, to)
        questions.remove(question)
        target.setdefault("questions", []).append(question)
    return changed


def add_ready_made(definition: Definition, standard: Definition, section_id: str) -> Definition:
    """Return the form with a section of the `standard` form, and the attributes that follow from its questions.

    Raises:
        Conflict: the form has a section or questions of that name already.
    """
    changed, section = copy.deepcopy(definition), copy.deepcopy(find_section(standard, section_id))
    new, known = {str(one["id"]) for one in questions_in(section)}, ids_in(changed)
    if section_id in {one.get("id") for one in sections_of(changed)} or new & known:
        raise Conflict("The form has this section, or some of its questions, already.")
    changed.setdefault("sections", []).append(section)
    _add_attributes(changed, standard, new | known)
    return changed


def _add_attributes(changed: Definition, standard: Definition, known: set[str]) -> None:
    have = {one.get("name") for one in _dicts(changed.get("attributes"))}
    for attribute in _dicts(standard.get("attributes")):
        used = {name for value in attribute["values"] for name in _NAME.findall(_unquoted(value["when"]))}
        names = used - {"and", "or", "not", "in"}
        regions = {f"{one}_region" for one in known}
        if attribute["name"] not in have and names <= known | regions:
            changed.setdefault("attributes", []).append(copy.deepcopy(attribute))


_NAME = re.compile(r"[A-Za-z_]\w*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")


def _unquoted(source: str) -> str:
    return _STRING.sub("", source)


def _rename(definition: Definition, old: str, new: str) -> None:
    """Change the name in every condition and calculation, outside quotes."""

    def renamed(source: str) -> str:
        kept = re.compile(rf"({_STRING.pattern})|\b{re.escape(old)}(_region)?\b")
        return kept.sub(lambda found: found[1] or f"{new}{found[2] or ''}", source)

    _each_condition(definition, renamed)


def _each_condition(value: Any, change: Callable[[str], str]) -> None:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in list(inner):
        if key in ("condition", "formula", "when") and isinstance(one, str):
            value[key] = change(one)
        else:
            _each_condition(one, change)


def _set(target: Definition, settings: Definition) -> None:
    for key, value in settings.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value


def _move(items: list[Any], item: Any, to: str) -> None:
    place = next(index for index, one in enumerate(items) if one is item)
    other = place - 1 if to == UP else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]


def _dicts(value: object) -> list[Definition]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []


def _english(text: object) -> str:
    return Reader({"text": text}, "", {}).text("text").say()
