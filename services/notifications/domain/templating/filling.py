"""The values of one message, checked against what its template uses."""

from collections.abc import Mapping, Sequence

from services.notifications.domain.kinds import KINDS
from services.notifications.domain.templating.components import COMPONENTS, placeholders
from services.notifications.domain.templating.publish import Published
from services.notifications.domain.templating.values import Placeholder, Rows, Value, checked
from shared.errors import Invalid

Checked = Mapping[str, Value | Rows]
Problems = dict[str, list[str]]


def check_values(template: Published, values: Mapping[str, object]) -> Checked:
    """The values that the template uses, each made harmless for its kind. Raises Invalid."""
    kind = KINDS[template.kind]
    spec, problems = kind.all_placeholders(), dict[str, list[str]]()
    known: dict[str, Value | Rows] = {}
    for name in sorted(template.names()):
        if name in spec:
            _check(name, spec[name], values.get(name), known, problems, name)
        else:
            known[name] = _rows(name, values.get(name), problems)
    if problems:
        raise Invalid(problems, f"This {template.kind} message cannot be written.")
    return known


def _rows(name: str, rows: object, problems: Problems) -> Rows:
    if rows is None:
        return ()
    if isinstance(rows, str | Mapping) or not isinstance(rows, Sequence):
        problems[name] = ["A list of rows is needed."]
        return ()
    return [_row(name, number, row, problems) for number, row in enumerate(rows)]


def _row(name: str, number: int, row: object, problems: Problems) -> Mapping[str, Value]:
    known: dict[str, Value | Rows] = {}
    if not isinstance(row, Mapping):
        problems[f"{name}.{number}"] = ["A row of named values is needed."]
        return {}
    for field, spec in placeholders(COMPONENTS[name]).items():
        _check(field, spec, row.get(field), known, problems, f"{name}.{number}.{field}")
    return known  # type: ignore[return-value]  # rows hold no rows


def _check(
    name: str, spec: Placeholder, value: object, known: dict[str, Value | Rows], problems: Problems, path: str
) -> None:
    try:
        known[name] = check_one(spec, value)
    except ValueError as error:
        problems[path] = [str(error)]


def check_one(spec: Placeholder, value: object) -> Value:
    """A value made harmless; "" for one that is left out. Raises ValueError saying what is wrong."""
    found = "" if value is None or value == "" else checked(value, spec.kind)
    if found == "" and not spec.optional:
        raise ValueError("This value is missing.")
    return found
