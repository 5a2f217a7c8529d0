"""What a published template is made of: fixed strings, slots for values, and the two things that hold other pieces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from services.notifications.domain.templating.values import ValueKind


@dataclass(frozen=True)
class Slot:
    """A value goes here, written for its kind. `bare` means inside an attribute: escaped, without an element around."""

    name: str
    kind: ValueKind
    bare: bool = False


@dataclass(frozen=True)
class Maybe:
    """These pieces, unless all the values called `names` are empty."""

    names: tuple[str, ...]
    pieces: "Pieces"


@dataclass(frozen=True)
class Repeat:
    """These pieces once per row of the list called `name`; slots inside are the row's fields."""

    name: str
    pieces: "Pieces"


Piece = str | Slot | Maybe | Repeat
Pieces = tuple[Piece, ...]


def joined(pieces: Iterable[Piece]) -> Pieces:
    """The same pieces with neighbouring strings made one and empty ones dropped."""
    result: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and result and isinstance(result[-1], str):
            result[-1] += piece
        elif piece != "":
            result.append(piece)
    return tuple(result)


def slots(pieces: Iterable[Piece]) -> set[str]:
    """Names of the values and lists used; the fields of a list's rows are not among them."""
    found: set[str] = set()
    for piece in pieces:
        if isinstance(piece, Maybe):
            found |= set(piece.names) | slots(piece.pieces)
        elif isinstance(piece, Slot | Repeat):
            found.add(piece.name)
    return found


def to_json(pieces: Pieces) -> list[Any]:
    """Strings as themselves, the others as small tagged lists."""
    return [piece if isinstance(piece, str) else _tagged(piece) for piece in pieces]


def _tagged(piece: Slot | Maybe | Repeat) -> list[Any]:
    if isinstance(piece, Slot):
        return ["slot", piece.name, piece.kind.value, piece.bare]
    if isinstance(piece, Maybe):
        return ["maybe", list(piece.names), to_json(piece.pieces)]
    return ["repeat", piece.name, to_json(piece.pieces)]


def from_json(data: Sequence[Any]) -> Pieces:
    """The inverse of `to_json`."""
    return tuple(item if isinstance(item, str) else _piece(item) for item in data)


def _piece(item: Sequence[Any]) -> Piece:
    if item[0] == "slot":
        return Slot(item[1], ValueKind(item[2]), bool(item[3]))
    if item[0] == "maybe":
        return Maybe(tuple(item[1]), from_json(item[2]))
    return Repeat(item[1], from_json(item[2]))
