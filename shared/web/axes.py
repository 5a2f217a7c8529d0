"""Axes and markers that several charts share."""

from collections.abc import Callable, Sequence
from typing import Any

from shared.web.drawing import Drawing, Pen, Shape

GUTTER = 0.11  # room for the numbers of an upright axis, as a share of the width


def scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """The straight line that takes low to start and high to end."""
    return lambda value: start + (end - start) * (value - low) / ((high - low) or 1)


def upright(
    pen: Pen,
    out: Drawing,
    marks: Sequence[float],
    write: Callable[[float], str],
    head: float,
    body: float,
    low: float = 0,
) -> None:
    """Grid lines with their numbers at the start edge."""
    place = scale(low, marks[-1], head + body, head)
    for mark in marks:
        y = place(mark)
        out.shapes.append(pen.line(GUTTER, y, 1, y, "grid"))
        out.shapes.append(pen.text(GUTTER, y + 4, write(mark), "t-small t-muted", "end", dx=-7))


def flag_order(flags: Sequence[tuple[float, Any]]) -> list[tuple[float, Any]]:
    """From the top row down, so that the words of one do not lie across the line of another."""
    return sorted(flags, key=lambda flag: -flag[0] if flag[0] >= 0.5 else flag[0])


def flag(pen: Pen, x: float, label: Any, y: float, foot: float) -> list[Shape]:
    """An upright line with its words beside it, on the side that has more room."""
    anchor, dx = ("start", 6) if x < 0.5 else ("end", -6)
    words = pen.text(x, y + 13, label, "t-small t-strong t-halo", anchor, dx)
    return [pen.line(x, y + 2, x, foot, "marker-dash"), words]


def under(pen: Pen, out: Drawing, labels: Sequence[tuple[float, str]], y: float) -> None:
    """Words under a flat axis; the outermost stay inside the picture."""
    for x, words in labels:
        anchor = "end" if x > 0.97 else "start" if x < 0.03 else "middle"
        out.shapes.append(pen.text(x, y + 20, words, "t-small t-muted", anchor))
