"""What no database can hold is refused at the door, by name, rather than found out by an error deep inside."""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import current_app, request

from shared.errors import Invalid, NotFound

_PROBLEM = "This holds something that cannot be kept: an invisible control character, or a number out of range."
_TOO_DEEP = "This is nested too deeply."
_LARGEST = 2**63 - 1
_ATTRIBUTE = "__hearth_takes__"
View = TypeVar("View", bound=Callable[..., Any])


def takes(size: int) -> Callable[[View], View]:
    """A view that takes more than others: `size` bytes at most, files and their form together."""

    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, size)
        return view

    return decorate


def allow() -> None:
    """Before anything reads the body: let a view take as much as it says. Others keep to the common limit."""
    size = getattr(current_app.view_functions.get(request.endpoint or ""), _ATTRIBUTE, None)
    if size is not None:
        request.max_content_length = size


def check() -> None:
    """Before each request, once it is known to be allowed. The fields of a form are left to the page, which tidies
    them or names them in place, so that nobody loses what they wrote.

    Raises:
        NotFound: the path holds a NUL.
        Invalid: a parameter or a member of the JSON holds a NUL, half of a surrogate pair, a number
            beyond 64 bits, or no number at all (NaN).
        werkzeug.exceptions.RequestEntityTooLarge: the body is too large.
    """
    if not storable(request.path):
        raise NotFound("There is no such page.")
    _refuse(request.args.items(multi=True))
    if request.endpoint is None:
        return
    if request.is_json:
        _refuse(_members())


def storable(value: Any) -> bool:
    """Whether a database takes a plain value, or all the values in lists and objects, nested as deep as you like."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each
        elif not _fits(each):
            return False
    return True


def _fits(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and _is_unicode(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) <= _LARGEST


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _members() -> Iterable[tuple[str, Any]]:
    try:
        document = json.loads(request.get_data())
    except RecursionError:
        raise Invalid({"body": [_TOO_DEEP]}) from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        return []  # the view says so, in the words of its own kind
    except ValueError:  # thousands of digits
        raise Invalid({"body": [_PROBLEM]}) from None
    return document.items() if isinstance(document, dict) else [("body", document)]


def _refuse(fields: Iterable[tuple[str, Any]]) -> None:
    problems = {_shown(name): [_PROBLEM] for name, value in fields if not (storable(name) and storable(value))}
    if problems:
        raise Invalid(problems)


def _shown(name: str) -> str:
    return name if storable(name) else "body"
