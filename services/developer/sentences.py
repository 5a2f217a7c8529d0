"""Sentences for people that stand in code as plain strings: what an error says, and a page then shows."""

import ast
import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[A-Z“].* .*[a-z.?!]", re.DOTALL)


def sentences(source: str) -> list[str]:
    """The strings of a module that read like a sentence, in order. Not its docstrings, and not f-strings: what has
    values in it cannot be looked up in a catalogue."""
    return [text for text in _strings(ast.parse(source)) if _SENTENCE.fullmatch(text)]


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        # A string that stands alone, as documentation does, is nobody's to show.
        if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from _strings(child)
