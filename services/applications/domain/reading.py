"""Reads a definition (dicts, lists and plain values, as from YAML or JSON) and notes every problem by its path."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from keyword import iskeyword
from typing import TypeVar

from services.applications.domain.conditions import Condition, Refused, Variable, is_date, parse_condition
from services.applications.domain.formulas import Formula, parse_formula
from services.applications.domain.text import NO_TEXT, Text, tidy

MAX_TEXT = 5000
MAX_NUMBER = 1e12
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,49}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
Option = TypeVar("Option", bound=StrEnum)


class Reader:
    """One dict of a definition. Reading never raises: what is wrong is added to `problems` under its path."""

    def __init__(self, data: object, path: str, problems: dict[str, list[str]]) -> None:
        self.path, self.problems = path, problems
        self.data: Mapping[str, object] = {}
        if isinstance(data, Mapping):
            self.data = {str(key): value for key, value in data.items()}
        else:
            self.problem("", "This must be a set of named values.")

    def at(self, key: str) -> str:
        """Return the path of `key`."""
        return ".".join(part for part in (self.path, key) if part)

    def problem(self, key: str, sentence: str) -> None:
        """Note a problem with `key` (or with the whole dict, when `key` is empty)."""
        self.problems.setdefault(self.at(key) or "form", []).append(sentence)

    def refuse_others(self, known: Iterable[str]) -> None:
        """Note every key that is not in `known`."""
        known = sorted(known)
        for key in self.data:
            if key not in known:
                self.problem(key, f"There is no setting called “{key}” here. There are: {', '.join(known)}.")

    def given(self, key: str) -> bool:
        """Return whether `key` has a value."""
        return self.data.get(key) is not None

    def text(self, key: str, *, required: bool = False) -> Text:
        """Return the words under `key`: a string, or one string for each language."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.problem(key, "Write this text.")
            return NO_TEXT
        said = value if isinstance(value, Mapping) else {"en": value}
        words = {str(tag): self._words(key, tag, text) for tag, text in said.items()}
        return Text({tag: text for tag, text in words.items() if text} if required or any(words.values()) else {})

    def _words(self, key: str, tag: object, text: object) -> str:
        if not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag):
            self.problem(key, f"“{tag}” is not a language tag such as en, cy or fa-AF.")
        if not isinstance(text, str):
            self.problem(key, "This must be text, or text for each language such as {en: …, cy: …}.")
            return ""
        if len(text) > MAX_TEXT:
            self.problem(key, f"This text may have at most {MAX_TEXT} characters.")
        if not tidy(text):
            self.problem(key, "This text is empty.")
        return tidy(text)

    def word(self, key: str) -> str | None:
        """Return a plain string, or None."""
        value = self.data.get(key)
        if value is None or (isinstance(value, str) and len(value) <= MAX_TEXT):
            return tidy(value) if value else None
        self.problem(key, "This must be a short plain text.")
        return None

    def identifier(self, key: str, *, required: bool = True) -> str | None:
        """Return a name that conditions and files can use: small letters, digits and underscores."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.problem(key, "Give this a short name, such as leadership_story.")
            return None
        if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value) or iskeyword(value):
            self.problem(key, "Use small letters, digits and _ (at most 50), beginning with a letter, such as my_role.")
            return None
        return value

    def value(self, key: str, data: object = None) -> str | None:
        """Return a choice's value. Plain YAML reads yes and no as true and false: both are understood."""
        found = self.data.get(key) if data is None else data
        if isinstance(found, bool):
            return "yes" if found else "no"
        if isinstance(found, int):
            return str(found)
        if isinstance(found, str) and 0 < len(found) <= 100 and found == tidy(found):
            return found
        self.problem(key, "Give this a short value, such as under_100k.")
        return None

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self.data.get(key, default)
        if isinstance(value, bool):
            return value
        self.problem(key, "This must be true or false.")
        return default

    def whole(self, key: str, low: int, high: int, *, required: bool = False) -> int | None:
        """Return a whole number from `low` to `high`, or None."""
        value = self.data.get(key)
        if value is None and not required:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.problem(key, f"This must be a whole number from {low} to {high}.")
        return None

    def number(self, key: str) -> float | None:
        """Return a number of at most a million million, or None."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MAX_NUMBER:
            return value
        self.problem(key, "This must be a number.")
        return None

    def date(self, key: str) -> str | None:
        """Return a date as YYYY-MM-DD, or None."""
        value = self.data.get(key)
        if value is None:
            return None
        if is_date(str(value)):
            return str(value)
        self.problem(key, "This must be a date such as 2027-03-31.")
        return None

    def one_of(self, key: str, options: type[Option], default: Option | None = None) -> Option | None:
        """Return a member of `options`, or `default` when nothing is given."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value in {option.value for option in options}:
            return options(value)
        self.problem(key, f"This must be one of: {', '.join(option.value for option in options)}.")
        return default

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of plain strings."""
        value = self.data.get(key)
        if value is None:
            return ()
        if isinstance(value, list | tuple) and len(value) <= 100 and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.problem(key, "This must be a list of short texts.")
        return ()

    def items(self, key: str, *, low: int = 0, high: int = 100) -> Iterator["Reader"]:
        """Yield a reader for each dict in the list under `key`, which must hold from `low` to `high` of them."""
        value = self.data.get(key)
        if value is None:
            value = []
        if not isinstance(value, list | tuple):
            self.problem(key, "This must be a list.")
            return
        if not low <= len(value) <= high:
            self.problem(key, f"There must be from {low} to {high} of these; there are {len(value)}.")
        for position, one in enumerate(value[:high]):
            yield Reader(one, f"{self.at(key)}.{position}", self.problems)

    def inside(self, key: str) -> "Reader":
        """Return a reader for the dict under `key`."""
        return Reader(self.data.get(key), self.at(key), self.problems)

    def condition(self, key: str, scope: Mapping[str, Variable], *, required: bool = False) -> Condition | None:
        """Return the condition under `key`, which may use the names in `scope`, or None."""
        value = self.data.get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str):
            self.problem(key, 'Write a condition, such as role == "leader".')
            return None
        try:
            return parse_condition(value, scope)
        except Refused as refused:
            for sentence in refused.problems:
                self.problem(key, sentence)
            return None

    def formula(self, key: str, scope: Mapping[str, Variable]) -> Formula | None:
        """Return the calculation under `key`, which may use the numbers in `scope`. There must be one."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            self.problem(key, "Write a calculation, such as income / paid_staff.")
            return None
        try:
            return parse_formula(value, scope)
        except Refused as refused:
            for sentence in refused.problems:
                self.problem(key, sentence)
            return None
