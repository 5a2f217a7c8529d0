"""What a template sees where there is nothing: quiet when asked about, loud when a page would print it.

Jinja's StrictUndefined also refuses questions (`{% if errors %}`), which the component library and the layout
ask all the time; its default prints a misspelt name as nothing at all.
"""

from collections.abc import Mapping
from typing import NoReturn

from jinja2 import Undefined
from jinja2.utils import missing


class Absent(Undefined):
    """False, empty and of length nought. Printing one raises UndefinedError, naming it.

    Three are printed as nothing: a key that a mapping lacks (an optional argument of a macro), an argument of
    a library macro left out, and the missing `else` of an inline `if`.
    """

    __slots__ = ()

    def __str__(self) -> str:
        if self._undefined_name is None or isinstance(self._undefined_obj, Mapping):
            return ""
        if self._undefined_obj is missing and self._undefined_hint:
            return ""
        self._refuse()

    def __html__(self) -> str:
        return str(self)

    def _refuse(self) -> NoReturn:
        self._fail_with_undefined_error()
        raise AssertionError  # pragma: no cover  the line above always raises
