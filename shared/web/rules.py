"""Routes whose addresses are put together by code that is made when the first one is wanted."""

from typing import Any

from werkzeug.routing import Rule


class LazyRule(Rule):
    """A route of werkzeug's. It compiles two functions that build addresses for every route at every start, which is
    half of the time that some six hundred routes take; most addresses are never built."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        def later(rule: LazyRule, **values: Any) -> tuple[str, str]:
            made = Rule._compile_builder(rule, append_unknown).__get__(rule, None)
            if append_unknown:
                rule._build_unknown = made
            else:
                rule._build = made
            found: tuple[str, str] = made(**values)
            return found

        return later
