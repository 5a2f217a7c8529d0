"""Shapes for server-drawn pictures: widths in percent, text at its own size, mirrored for right-to-left.

A picture has no viewBox: it is as wide as its place on the page and its text never shrinks, so it reads the
same at 320 px as on a desk. Vertical measures are CSS pixels, horizontal ones shares (0..1) of the width.
"""

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

LINE = 19  # height of a line of text, px
NARROWEST = 250  # width of a picture on a 320 px screen, px
LETTER = 7.4  # width of an average letter, px


@dataclass(frozen=True)
class Shape:
    """One SVG element; a group of `children` for those that need a coordinate system of their own."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: tuple["Shape", ...] = ()


@dataclass(frozen=True)
class Key:
    """One entry of a legend: the CSS class of its swatch, its form (box, line, mark) and its words."""

    css: str
    text: str
    form: str = "box"


@dataclass
class Drawing:
    """A finished picture: `height` in px, shapes in painting order, legend, and the same data as a table."""

    height: float = 0
    shapes: list[Shape] = field(default_factory=list)
    legend: list[Key] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Pen:
    """Draws for one reader: direction of the page, and how numbers and shares (0..1) are written."""

    rtl: bool = False
    number: Callable[[float | None], str] = str
    percent: Callable[[float | None], str] = str

    def x(self, share: float) -> str:
        """A place along the width, from the side where reading starts."""
        return f"{100 * (1 - share if self.rtl else share):.2f}%"

    def text(self, share: float, y: float, words: Any, css: str = "", anchor: str = "start", dx: float = 0) -> Shape:
        """Words at a place; `anchor` is start, middle or end in reading direction, `dx` px further on."""
        attributes = {"x": self.x(share), "y": f"{y:g}", "text-anchor": anchor, "class": css}
        if dx:
            attributes["dx"] = f"{-dx if self.rtl else dx:g}"
        return Shape("text", attributes, str(words))

    def rect(self, start: float, y: float, width: float, height: float, css: str, radius: float = 0) -> Shape:
        """A box from `start`, `width` wide, both as shares; nothing narrower than a hair."""
        left = 1 - start - width if self.rtl else start
        attributes = {
            "x": f"{100 * left:.2f}%",
            "y": f"{y:g}",
            "width": f"{100 * max(width, 0):.2f}%",
            "height": f"{max(height, 0):g}",
            "class": css,
        }
        if radius:
            attributes["rx"] = f"{radius:g}"
        return Shape("rect", attributes)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> Shape:
        """A straight line between two places."""
        ends = {"x1": self.x(x1), "y1": f"{y1:g}", "x2": self.x(x2), "y2": f"{y2:g}"}
        return Shape("line", {**ends, "class": css})

    def dot(self, share: float, y: float, radius: float, css: str) -> Shape:
        """A filled circle."""
        return Shape("circle", {"cx": self.x(share), "cy": f"{y:g}", "r": f"{radius:g}", "class": css})

    def plane(self, height: float, children: Sequence[tuple[str, Sequence[tuple[float, float]], str]]) -> Shape:
        """Polylines and polygons, as (tag, points (share, y px), css): stretched to the width, strokes not."""
        shapes = tuple(
            Shape(tag, {"points": self._points(points), "class": css, "vector-effect": "non-scaling-stroke"})
            for tag, points, css in children
        )
        box = {"viewBox": f"0 0 1000 {height:g}", "preserveAspectRatio": "none"}
        return Shape("svg", {**box, "width": "100%", "height": f"{height:g}"}, children=shapes)

    def _points(self, points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{1000 * (1 - x if self.rtl else x):.1f},{y:.1f}" for x, y in points)

    def label(self, y: float, words: Any, css: str = "t-strong", room: float = 1.0) -> tuple[list[Shape], float]:
        """Words from the start edge, wrapped to what a narrow screen holds; also the y below them."""
        lines = wrapped(str(words), room)
        return [self.text(0, y + 14 + LINE * i, one, css) for i, one in enumerate(lines)], y + LINE * len(lines)


def wrapped(words: str, room: float = 1.0) -> list[str]:
    """Lines that fit `room` (0..1) of the narrowest picture."""
    return textwrap.wrap(words, max(8, int(NARROWEST * room / LETTER))) or [""]


def reserve(texts: Sequence[str]) -> float:
    """The share of the narrowest picture that the longest of `texts` needs, at most six tenths."""
    longest = max((len(one) for one in texts), default=0)
    return min(0.6, (longest * LETTER + 8) / NARROWEST)


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round values (steps of 1, 2 or 5 times a power of ten) covering low..high, about `wanted` steps."""
    if high <= low:
        high = low + 1
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]
