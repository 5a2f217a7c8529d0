"""What the builder's pages send, as settings of a definition, and settings as what the pages show.

Nothing typed is thrown away: a number that is none stays as it was typed, and the form's own check says so beside it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from services.applications.domain.building.editing import Definition
from services.applications.domain.forms.kinds import Kind
from services.applications.domain.forms.question_parsing import UK_REGIONS, settings_for
from services.applications.domain.text import tidy, tidy_line

Sent = MultiDict[str, str]
TEXTS = ("label", "help", "content_warning")
MORE_ROWS = 3
_NUMBERS = ("word_limit", "most", "minimum", "maximum", "decimals", "megabytes")
_WORDS = ("unit", "earliest", "latest", "autocomplete", "condition", "formula", "attribute", "sensitivity")
_FLAGS = ("required", "panel_may_see")
_CHOICE = re.compile(r"choice-(\d{1,3})-value")


def mark_of(part: object) -> str:
    """Tells one state of a section or a question from another, so that a page knows what it was made from."""
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def languages_of(definition: Definition) -> list[str]:
    """The form's languages, English first: it is what everybody falls back on."""
    given = definition.get("languages")
    known = [str(one) for one in given] if isinstance(given, list) else []
    return ["en", *(one for one in known if one != "en")]


def by_language(value: object) -> dict[str, str]:
    """A text of a definition as words by language."""
    if isinstance(value, Mapping):
        return {str(key): str(words) for key, words in value.items()}
    return {"en": str(value)} if value else {}


def read_text(sent: Sent, name: str, languages: list[str], before: object = None) -> str | dict[str, str] | None:
    """The words typed under `name.<language>`; those in languages that the page did not show are kept."""
    shown = {f"{name}.{language}": language for language in languages}
    kept = {key: text for key, text in by_language(before).items() if key not in shown.values()}
    typed = {language: tidy(sent.get(field, "")) for field, language in shown.items()}
    words = {**{key: text for key, text in typed.items() if text}, **kept}
    if not words:
        return None
    return words["en"] if set(words) == {"en"} else words


def read_number(text: str) -> int | float | str | None:
    """A number as typed: whole where it is, None for nothing, the text itself where it is no number."""
    plain = tidy_line(text).replace(",", "")
    if not plain:
        return None
    if re.fullmatch(r"-?\d{1,18}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"-?\d{1,15}\.\d{1,10}", plain) else tidy_line(text)


def read_question(sent: Sent, before: Definition, languages: list[str]) -> Definition:
    """All settings of a question as the page sent them; None takes one away, as one that its kind does not have."""
    kind = sent.get("kind", str(before.get("kind", "")))
    settings: Definition = {"id": tidy_line(sent.get("id", "")), "kind": kind}
    settings |= {name: read_text(sent, name, languages, before.get(name)) for name in TEXTS}
    settings |= {name: sent.get(name) == "yes" or None for name in _FLAGS}
    settings |= {name: tidy_line(sent.get(name, "")) or None for name in _WORDS}
    settings |= {name: read_number(sent.get(name, "")) for name in _NUMBERS}
    earlier = list(before.get("accept") or [])
    # In the order in which they stood: the boxes of the page have one of their own, which is no change.
    kinds = sorted(sent.getlist("accept"), key=lambda kind: earlier.index(kind) if kind in earlier else len(earlier))
    settings["accept"] = kinds or None
    settings["prefer_not_to_say"] = {"yes": True, "no": False}.get(sent.get("prefer_not_to_say", ""))
    settings["choices"] = _choices(sent, before, languages)
    if kind == Kind.CALCULATION.value:
        settings["formula"] = settings["formula"] or ""
    if kind in {each.value for each in Kind}:
        suited = settings_for(Kind(kind))
        settings |= {name: None for name in settings if name not in suited}
    return settings


def _choices(sent: Sent, before: Definition, languages: list[str]) -> str | list[Definition] | None:
    if sent.get("uk_regions") == "yes":
        return UK_REGIONS
    earlier = before.get("choices")
    numbers = sorted({int(found[1]) for name in sent if (found := _CHOICE.fullmatch(name))})
    rows = []
    for number in numbers:
        old = earlier[number] if isinstance(earlier, list) and number < len(earlier) else {}
        choice = _choice(sent, f"choice-{number}", old if isinstance(old, dict) else {}, languages)
        if choice is not None:
            place = read_number(sent.get(f"choice-{number}-place", ""))
            rows.append((float(place) if isinstance(place, int | float) else number + 1.0, choice))
    return [choice for _place, choice in sorted(rows, key=lambda row: row[0])]


def _choice(sent: Sent, name: str, before: Definition, languages: list[str]) -> Definition | None:
    label = read_text(sent, f"{name}-label", languages, before.get("label"))
    value = tidy_line(sent.get(f"{name}-value", ""))
    if sent.get(f"{name}-remove") == "yes" or not (label or value):
        return None
    made = value or _value_of(by_language(label).get("en", ""))
    found: Definition = {"value": made, "label": label or ""}
    help_text = read_text(sent, f"{name}-help", languages, before.get("help"))
    if help_text:
        found["help"] = help_text
    if sent.get(f"{name}-exclusive") == "yes":
        found["exclusive"] = True
    return found


def _value_of(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:60] or label[:60]


def read_refusals(sent: Sent, before: object, languages: list[str]) -> list[Definition]:
    """The eligibility check's refusals: when, why, and where else there is help."""
    found = []
    earlier = before if isinstance(before, list) else []
    for number in range(_rows(sent, "refusal")):
        old = earlier[number] if number < len(earlier) else {}
        name = f"refusal-{number}"
        refusal: Definition = {
            "when": tidy_line(sent.get(f"{name}-when", "")),
            "reason": read_text(sent, f"{name}-reason", languages, old.get("reason")) or "",
        }
        elsewhere = _elsewhere(sent, name, old.get("elsewhere"), languages)
        if elsewhere:
            refusal["elsewhere"] = elsewhere
        if sent.get(f"{name}-remove") != "yes" and (refusal["when"] or refusal["reason"] or elsewhere):
            found.append(refusal)
    return found


def _elsewhere(sent: Sent, name: str, before: object, languages: list[str]) -> list[Definition]:
    found = []
    earlier = before if isinstance(before, list) else []
    for number in range(_rows(sent, f"{name}-elsewhere")):
        old = earlier[number] if number < len(earlier) else {}
        place = f"{name}-elsewhere-{number}"
        words = {key: read_text(sent, f"{place}-{key}", languages, old.get(key)) for key in ("name", "about")}
        link = tidy_line(sent.get(f"{place}-link", ""))
        kept = {key: value for key, value in {**words, "link": link}.items() if value}
        if kept:
            found.append({"name": "", **kept})
    return found


def _rows(sent: Sent, name: str) -> int:
    """How many rows of a repeated group came: numbered from 0, none beyond 99."""
    numbered = [re.match(rf"{re.escape(name)}-(\d{{1,2}})-", key) for key in sent]
    return max((int(found[1]) + 1 for found in numbered if found), default=0)


def field_errors(problems: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Problems of a question or section by the name of the field where they can be put right."""
    found: dict[str, list[str]] = {}
    for path, said in problems.items():
        found.setdefault(_field(path), []).extend(said)
    return found


_TEXT_FIELDS = ("label", "help", "content_warning", "title", "intro", "reason", "name", "about")


def _field(path: str) -> str:
    *way, last = path.split(".") if path else [""]
    groups = {"choices": "choice", "refusals": "refusal"}
    name = "-".join(groups.get(part, part) for part in [*way, last])
    return f"{name}.en" if last in _TEXT_FIELDS else name


def shown_value(value: Any) -> str:
    """A number or word of a definition as a field shows it."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
