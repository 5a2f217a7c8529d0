"""Forms as files: YAML or JSON in, with the line of everything that is wrong; YAML or JSON out."""

import json
from collections.abc import Hashable
from typing import Any

import yaml

from services.applications.domain.building.editing import Definition
from shared.errors import Invalid

LONGEST_FILE = 500_000
DEEPEST = 20
FILE = "file"
_FORMATS = ("yaml", "json")


def write_file(definition: Definition, form: str = "yaml") -> str:
    """Return the definition as text in a `form`: yaml or json. Raises Invalid for another one."""
    if form not in _FORMATS:
        raise Invalid({"format": ["Choose yaml or json."]})
    definition = in_order(definition)
    if form == "json":
        return json.dumps(definition, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(definition, allow_unicode=True, sort_keys=False, width=100)


def in_order(value: Any) -> Any:
    """Return the same definition with its settings in the order in which people read them."""
    if isinstance(value, dict):
        places = {key: place for place, key in enumerate(_ORDER)}
        return {key: in_order(value[key]) for key in sorted(value, key=lambda key: (places.get(key, len(places)), key))}
    return [in_order(one) for one in value] if isinstance(value, list) else value


_ORDER = (
    "format", "id", "name", "value", "title", "kind", "purpose", "languages", "en", "label", "when", "intro", "help",
    "content_warning", "required", "condition", "formula", "choices", "prefer_not_to_say", "word_limit", "most",
    "minimum", "maximum", "decimals", "unit", "earliest", "latest", "accept", "megabytes", "autocomplete",
    "panel_may_see", "sensitivity", "attribute", "reason", "about", "link", "elsewhere", "exclusive", "values",
    "otherwise", "eligibility", "questions", "refusals", "sections", "attributes",
)  # fmt: skip


def decode(content: bytes) -> str:
    """Return the text of a file. Raises Invalid, under `file`."""
    if len(content) > LONGEST_FILE:
        raise Invalid({FILE: ["This file is too large to be a form: 500 kB is the most."]})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Invalid({FILE: [f"Line {line}: this is not a text file in UTF-8."]}) from None


def read_file(text: str) -> "FormFile":
    """Return the definition in a YAML or JSON text, finished or not. Raises Invalid, under `file`, with the line."""
    if len(text) > LONGEST_FILE:
        raise Invalid({FILE: ["This text is too long to be a form: 500,000 letters are the most."]})
    if text.lstrip().startswith("{"):
        return _read_json(text)
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Invalid({FILE: [_at(mark, _plain(error))]}) from None
    except yaml.YAMLError:
        raise Invalid({FILE: ["This holds signs that no YAML or JSON file may hold."]}) from None
    return _whole(FormFile(node))


def _whole(found: "FormFile") -> "FormFile":
    if not isinstance(found.definition, dict) or not found.definition:
        raise Invalid({FILE: ["Line 1: a form begins with named values, such as title: and sections:."]})
    return found


def _read_json(text: str) -> "FormFile":
    """JSON is read as JSON; the lines of its parts come from reading it as YAML too, which it nearly always is."""
    try:
        definition = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid({FILE: [f"Line {error.lineno}, column {error.colno}: {error.msg}."]}) from None
    except (RecursionError, ValueError):
        raise Invalid({FILE: ["Line 1: this is nested too deeply, or holds a number that is too long."]}) from None
    try:
        node = _compose(text.replace("\t", "  "))
    except yaml.YAMLError:
        node = None
    found = FormFile(node)
    found.definition = definition
    return _whole(found)


class FormFile:
    """A definition with the lines of its parts."""

    def __init__(self, node: yaml.Node | None) -> None:
        self._lines: dict[str, int] = {}
        self._repeated: list[str] = []
        self.definition: Any = self._value(node, "", 0) if node is not None else None
        if self._repeated:
            raise Invalid({FILE: self._repeated})

    def line_of(self, path: str) -> int:
        """Return the line on which the thing at `path` stands, or the nearest thing around it."""
        while path and path not in self._lines:
            path = path.rpartition(".")[0]
        return self._lines.get(path, 1)

    def located(self, problems: dict[str, list[str]]) -> list[str]:
        """Return problems as sentences with their lines: "Line 12 (sections.0.title): Write this text."."""
        lines = [(self.line_of(path), path, text) for path, texts in problems.items() for text in texts]
        return [f"Line {line} ({path}): {text}" for line, path, text in sorted(lines, key=lambda one: one[0])]

    def _value(self, node: yaml.Node, path: str, depth: int) -> Any:
        self._lines[path] = node.start_mark.line + 1
        if depth > DEEPEST:
            raise Invalid({FILE: [_at(node.start_mark, "this is nested too deeply.")]})
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, path, depth))
        if isinstance(node, yaml.SequenceNode):
            return [self._value(one, _join(path, str(place)), depth + 1) for place, one in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: str, depth: int) -> list[tuple[str, Any]]:
        pairs: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(_scalar(key_node)) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in pairs:
                self._repeated.append(_at(key_node.start_mark, f"“{key}” is given twice here."))
            pairs[key] = self._value(value_node, _join(path, key), depth + 1)
            self._lines[_join(path, key)] = key_node.start_mark.line + 1
        return list(pairs.items())


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


class _Loader(yaml.SafeLoader):
    """Plain values only. Dates stay as they are written; a copy by `*name` could blow a small file up."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(None, None, "copies with * are not understood here: write it out", mark)
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    except RecursionError:
        raise yaml.MarkedYAMLError(None, None, "this is nested too deeply", yaml.Mark("", 0, 0, 0, None, 0)) from None
    finally:
        loader.dispose()


def _scalar(node: yaml.Node) -> Hashable:
    constructor = _Constructor()
    try:
        return constructor.construct_object(node)  # type: ignore[no-any-return]
    except (yaml.YAMLError, ValueError, OverflowError):
        return str(node.value)


class _Constructor(yaml.constructor.SafeConstructor):
    """Makes plain values of nodes."""


_Constructor.add_constructor(  # type: ignore[type-var]  # the stubs know of loaders alone
    "tag:yaml.org,2002:timestamp", yaml.constructor.SafeConstructor.construct_yaml_str
)


def _plain(error: yaml.MarkedYAMLError) -> str:
    said = " ".join(part for part in (error.problem, error.note) if part)
    return f"{said or 'this cannot be read'}."


def _at(mark: yaml.Mark | None, text: str) -> str:
    return f"Line {mark.line + 1}, column {mark.column + 1}: {text}" if mark else text[:1].upper() + text[1:]


def storable(definition: Any) -> bool:
    """Return whether a definition holds nothing that a database or JSON cannot: NUL, halves of pairs, NaN."""
    try:
        return "\\u0000" not in json.dumps(definition, allow_nan=False) and bool(
            json.dumps(definition, ensure_ascii=False).encode()
        )
    except (ValueError, TypeError):
        return False
