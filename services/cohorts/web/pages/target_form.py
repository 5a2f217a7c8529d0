"""The lines of targets on a form, read and filled in: for selections, lotteries and saved sets alike."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from services.cohorts.domain.choosing import Pin, Question, Wish
from services.cohorts.web import fields

Problems = dict[str, list[str]]
ROWS, MORE = 5, 4
"""Lines on an empty form, and how many more each press of the button adds."""

PEOPLE, PERCENT = "people", "percent"


def read_question(form: MultiDict[str, str], problems: Problems) -> tuple[Question, dict[str, Any]]:
    """The question in a form, its targets by their importance, and what was typed, to show again."""
    lines = _lines(form)
    wishes = tuple(_wish(number, line, problems) for number, line in enumerate(lines))
    values: dict[str, Any] = {name: fields.text(form, name) for name in ("title", "size", "pinned_in", "pinned_out")}
    question = Question(
        size=fields.number(form, "size", problems),
        wishes=wishes,
        pinned_in=read_pins(values["pinned_in"]),
        pinned_out=read_pins(values["pinned_out"]),
    )
    return question, values | {"targets": lines}


def _lines(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    lines = []
    for number, what in enumerate(form.getlist("target")):
        line: dict[str, Any] = {name: fields.text(form, f"{name}-{number}") for name in ("minimum", "maximum")}
        line |= {"what": what, "also": [pair for pair in form.getlist(f"also-{number}") if pair]}
        if what or line["also"] or line["minimum"] or line["maximum"]:
            unit, order = fields.text(form, f"unit-{number}"), fields.text(form, f"order-{number}")
            place = int(order) if order.isascii() and order.isdigit() and len(order) < 4 else number + 1
            lines.append({**line, "unit": unit or PEOPLE, "place": place})
    return sorted(lines, key=lambda line: line["place"])


def _wish(number: int, line: Mapping[str, Any], problems: Problems) -> Wish:
    attribute, _, value = line["what"].partition("=")
    percent = line["unit"] == PERCENT
    bounds = {name: _bound(line[name], percent, number, problems) for name in ("minimum", "maximum")}
    also = tuple((name, held) for name, _, held in (pair.partition("=") for pair in line["also"]))
    return Wish(attribute, value, bounds["minimum"] or 0, bounds["maximum"], also, percent)


def _bound(given: str, percent: bool, number: int, problems: Problems) -> float | None:
    if not given:
        return None
    try:
        found = Decimal(given.removesuffix("%").strip() if percent else given)
    except InvalidOperation:
        found = Decimal("NaN")
    if found.is_finite() and abs(found) < 1_000_000 and (percent or found == found.to_integral_value()):
        return float(found) if percent else int(found)
    kind = "Write shares as numbers, such as 60." if percent else "Write whole numbers of people, in figures."
    problems[f"target-{number}"] = [kind]
    return None


def read_pins(text: str) -> tuple[Pin, ...]:
    """One a line: the reference, then a colon or a space, then the reason."""
    pins = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        reference, _, reason = line.partition(":") if ":" in line else line.partition(" ")
        pins.append(Pin(reference.strip().upper(), reason.strip()))
    return tuple(pins)


def lines_of(wishes: Sequence[Wish]) -> list[dict[str, Any]]:
    """Wishes as the lines of a form."""
    return [
        {
            "what": f"{wish.attribute}={wish.value}",
            "also": [f"{attribute}={value}" for attribute, value in wish.also],
            "minimum": "" if not wish.minimum else f"{wish.minimum:g}",
            "maximum": "" if wish.maximum is None else f"{wish.maximum:g}",
            "unit": PERCENT if wish.percent else PEOPLE,
        }
        for wish in wishes
    ]


def values_of(question: Question) -> dict[str, Any]:
    """A question as the form shows it."""
    return {
        "title": "",
        "size": question.size,
        "targets": lines_of(question.wishes),
        "pinned_in": "\n".join(f"{pin.reference}: {pin.reason}" for pin in question.pinned_in),
        "pinned_out": "\n".join(f"{pin.reference}: {pin.reason}" for pin in question.pinned_out),
    }


def padded(lines: Sequence[dict[str, Any]], more: bool = False) -> list[dict[str, Any]]:
    """The lines with empty ones after them."""
    empty = max(ROWS - len(lines), 1) + (MORE if more else 0)
    return [*lines, *({} for _ in range(empty))]
