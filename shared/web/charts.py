"""Charts drawn on the server: each function takes a pen and rows, and gives a `Drawing` with its table.

Rows are mappings; every share is 0..1. `words` holds the translated words that a chart prints. The macros in
`templates/hearth/charts.html` call these; pages use the macros.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.web.axes import GUTTER, flag, flag_order, scale, under, upright
from shared.web.drawing import LINE, Drawing, Key, Pen, Shape, reserve, ticks

Row = Mapping[str, Any]
Words = Mapping[str, str]


def _get(row: Row, key: str) -> Any:
    value = row.get(key)
    return None if value == "" else value


def bars(
    pen: Pen, rows: Sequence[Row], words: Words, *, share: bool = False, unit: str = "", maximum: float | None = None
) -> Drawing:
    """One lying bar for each row {label, value, text?, highlight?}, longest possible = `maximum`."""
    write = pen.percent if share else (lambda value: f"{pen.number(value)}{unit}")
    texts = [str(_get(row, "text") or write(_get(row, "value"))) for row in rows]
    top = maximum or max((_get(row, "value") or 0 for row in rows), default=0) or 1
    room = 1 - reserve(texts)
    out = Drawing(head=[words["item"], words["value"]])
    marked = any(row.get("highlight") for row in rows)
    y = 0.0
    for row, text in zip(rows, texts, strict=True):
        labels, y = pen.label(y, row["label"], "")
        width = room * min(max((_get(row, "value") or 0) / top, 0), 1)
        css = "c1" if row.get("highlight") or not marked else "c6"
        out.shapes += [*labels, pen.rect(0, y + 4, width, 20, css, 4)]
        out.shapes.append(pen.text(width, y + 19, text, "t-strong", dx=8))
        out.rows.append([str(row["label"]), text])
        y += 38
    out.height = max(y - 10, 0)
    return out


def targets(pen: Pen, rows: Sequence[Row], words: Words) -> Drawing:
    """Shares {label, pool, chosen, target?, kind?} of all who applied and of those chosen, with the target."""
    out = Drawing(head=[words["item"], words["target"], words["pool"], words["chosen"], words["met"]])
    out.legend = [Key("c-soft", words["pool"]), Key("c1", words["chosen"])]
    out.legend += [Key("marker", words["target"], "mark")] if any(_get(r, "target") is not None for r in rows) else []
    y = 0.0
    for row in rows:
        y = _target_row(pen, out, row, words, y)
    out.height = max(y - 12, 0)
    return out


def _target_row(pen: Pen, out: Drawing, row: Row, words: Words, y: float) -> float:
    room = 1 - reserve(["100%"])
    labels, y = pen.label(y, row["label"])
    out.shapes += labels
    aim, verdict = _verdict(pen, row, words)
    if aim:
        notes, y = pen.label(y, f"{words['target']}: {aim} · {verdict}", "t-small t-muted")
        out.shapes += notes
    for height, key, css in ((12, "pool", "c-soft"), (16, "chosen", "c1")):
        value = _get(row, key)
        out.shapes.append(pen.rect(0, y + 6, room * (value or 0), height, css, 3))
        strong = "t-strong" if key == "chosen" else "t-small t-muted"
        out.shapes.append(pen.text(1, y + 5 + height, pen.percent(value), strong, "end"))
        y += height + 4
    if _get(row, "target") is not None:
        x = room * row["target"]
        out.shapes.append(pen.line(x, y - 30, x, y + 9, "marker"))
    out.rows.append(
        [
            str(row["label"]),
            aim or "–",
            pen.percent(_get(row, "pool")),
            pen.percent(_get(row, "chosen")),
            verdict or "–",
        ]
    )
    return y + 28


def _verdict(pen: Pen, row: Row, words: Words) -> tuple[str, str]:
    target, chosen = _get(row, "target"), _get(row, "chosen")
    if target is None:
        return "", ""
    most = row.get("kind") == "at most"
    aim = words["at_most" if most else "at_least"].replace("{share}", pen.percent(target))
    if chosen is None:
        return aim, ""
    met = chosen <= target + 1e-9 if most else chosen >= target - 1e-9
    return aim, words["yes" if met else "no"]


def stacked(pen: Pen, rows: Sequence[Row], words: Words) -> Drawing:
    """For each bar {label, parts: [{label, value}]} how a whole splits; values of a bar need not add to 1."""
    names = list(dict.fromkeys(str(part["label"]) for row in rows for part in row["parts"]))
    out = Drawing(head=[words["item"], *names], legend=[Key(f"c{i % 6 + 1}", name) for i, name in enumerate(names)])
    y = 0.0
    for row in rows:
        labels, y = pen.label(y, row["label"])
        out.shapes += labels
        shares = _shares(row["parts"], names)
        at = 0.0
        for i, part in enumerate(shares):
            out.shapes.append(pen.rect(at, y + 4, part, 30, f"c{i % 6 + 1} c-gap"))
            if part >= reserve(["100%"]):
                out.shapes.append(pen.text(at + part / 2, y + 24, pen.percent(part), "t-on", "middle"))
            at += part
        out.rows.append([str(row["label"]), *(pen.percent(part) for part in shares)])
        y += 50
    out.height = max(y - 14, 0)
    return out


def _shares(parts: Sequence[Row], names: Sequence[str]) -> list[float]:
    values = {str(part["label"]): float(_get(part, "value") or 0) for part in parts}
    whole = sum(values.values()) or 1.0
    return [values.get(name, 0.0) / whole for name in names]


def histogram_bins(
    values: Sequence[float], width: float | None = None, highlight_from: float | None = None
) -> list[dict[str, Any]]:
    """Equal bins over `values`, about ten if no width is given; the last bin includes its upper end."""
    if not values:
        return []
    low, high = min(values), max(values)
    marks = ticks(low, high, 10)
    step = width or marks[1] - marks[0]
    first = math.floor(low / step + 1e-9)
    number = max(1, math.ceil(high / step - 1e-9) - first)
    counts = [0] * number
    for value in values:
        counts[min(number - 1, math.floor(value / step + 1e-9) - first)] += 1
    edges = [round((first + i) * step, 10) for i in range(number + 1)]
    return [
        {
            "low": edges[i],
            "high": edges[i + 1],
            "count": counts[i],
            "highlight": highlight_from is not None and edges[i] >= highlight_from - 1e-9,
        }
        for i in range(number)
    ]


def histogram(pen: Pen, bins: Sequence[Row], words: Words, *, x_label: str, markers: Sequence[Row] = ()) -> Drawing:
    """How many in each bin {low, high, count, highlight?}; `markers` {value, label} are upright lines."""
    out = Drawing(head=[x_label, words["count"]])
    head, body = 12.0 + LINE * len(markers), 180.0
    marks = [tick for tick in ticks(0, max((one["count"] for one in bins), default=0) or 1) if float(tick).is_integer()]
    upright(pen, out, marks, pen.number, head, body)
    low, high = (bins[0]["low"], bins[-1]["high"]) if bins else (0, 1)
    place = scale(low, high, GUTTER, 1)
    marked = any(one.get("highlight") for one in bins)
    for one in bins:
        tall = body * one["count"] / (marks[-1] or 1)
        css = "c1 c-gap" if one.get("highlight") or not marked else "c6 c-gap"
        box = pen.rect(place(one["low"]), head + body - tall, place(one["high"]) - place(one["low"]), tall, css)
        out.shapes.append(box)
        out.rows.append([f"{pen.number(one['low'])}–{pen.number(one['high'])}", pen.number(one["count"])])
    out.shapes.append(pen.line(GUTTER, head + body, 1, head + body, "axis"))
    for i, (x, label) in enumerate(flag_order([(place(one["value"]), one["label"]) for one in markers])):
        out.shapes += flag(pen, x, label, LINE * i, head + body)
    under(pen, out, [(place(edge), pen.number(edge)) for edge in _edges(bins)], head + body)
    out.shapes.append(pen.text(1, head + body + 40, x_label, "t-small t-muted", "end"))
    out.height = head + body + 46
    return out


def _edges(bins: Sequence[Row]) -> list[float]:
    edges = [one["low"] for one in bins] + [one["high"] for one in bins[-1:]]
    return edges[:: max(1, math.ceil(len(edges) / 6))]


def funnel(pen: Pen, rows: Sequence[Row], words: Words) -> Drawing:
    """Stages {label, value}, each a bar in the middle, with its share of the first and of the one before."""
    out = Drawing(head=[words["stage"], words["count"], words["of_first"], words["of_before"]])
    first = (_get(rows[0], "value") if rows else 0) or 1
    before: Row | None = None
    y = 0.0
    for row in rows:
        value = _get(row, "value") or 0
        if before is not None:
            y = _flow(pen, out, (_get(before, "value") or 0) / first, value / first, y)
        whole = pen.percent(value / first)
        part = pen.percent(value / (_get(before, "value") or 1)) if before is not None else "–"
        out.shapes.append(pen.rect((1 - value / first) / 2, y, value / first, 26, "c1", 4))
        y += 26
        count = pen.number(value)
        out.shapes.append(pen.text(1, y + 16, count, "t-strong", "end"))
        labels, y = pen.label(y + 2, row["label"], "t-strong", 1 - reserve([count]))
        out.shapes += labels
        if before is not None:
            note = words["conversion"].replace("{part}", part).replace("{before}", str(before["label"]))
            notes, y = pen.label(y, note, "t-small t-muted")
            out.shapes += notes
        out.rows.append([str(row["label"]), count, whole, part])
        before = row
        y += 8
    out.height = y
    return out


def _flow(pen: Pen, out: Drawing, wide: float, narrow: float, y: float) -> float:
    shape = [((1 - wide) / 2, 0.0), ((1 + wide) / 2, 0.0), ((1 + narrow) / 2, 16.0), ((1 - narrow) / 2, 16.0)]
    plane = pen.plane(16, [("polygon", shape, "flow")])
    out.shapes.append(Shape("svg", {**plane.attributes, "y": f"{y:g}"}, children=plane.children))
    return y + 16


def dots(
    pen: Pen,
    rows: Sequence[Row],
    words: Words,
    *,
    x_label: str,
    reference: float | None = None,
    reference_label: str | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Drawing:
    """A dot with its interval for each row {label, value, low, high, n}; coloured when clear of `reference`."""
    ends = [_get(row, key) for row in rows for key in ("value", "low", "high") if _get(row, key) is not None]
    ends += [reference] if reference is not None else []
    marks = ticks(min(ends, default=0) if low is None else low, max(ends, default=1) if high is None else high)
    place = scale(marks[0], marks[-1], 0.02, 0.98)
    out = Drawing(head=[words["item"], x_label, words["range"], words["n"]])
    y = LINE + 6.0 if reference_label else 0.0
    grid_top = y
    for row in rows:
        y = _dot_row(pen, out, row, words, y, place, reference)
    lines = [pen.line(place(mark), grid_top, place(mark), y, "grid") for mark in marks]
    out.shapes = [*lines, pen.line(0, y, 1, y, "axis"), *out.shapes]
    under(pen, out, [(place(mark), pen.number(mark)) for mark in marks], y)
    if reference is not None:
        out.shapes += flag(pen, place(reference), reference_label or "", 0, y)
    out.shapes.append(pen.text(1, y + 40, x_label, "t-small t-muted", "end"))
    out.height = y + 46
    return out


def _dot_row(
    pen: Pen, out: Drawing, row: Row, words: Words, y: float, place: Callable[[float], float], reference: float | None
) -> float:
    low, value, high, n = (_get(row, key) for key in ("low", "value", "high", "n"))
    count = "" if n is None else f"{words['n']} {pen.number(n)}"
    labels, below = pen.label(y, row["label"], "t-small t-halo", 1 - reserve([count]))
    out.shapes += [*labels, pen.text(1, y + 14, count, "t-small t-muted t-halo", "end")]
    middle = below + 12
    if low is not None and high is not None:
        out.shapes.append(pen.line(place(low), middle, place(high), middle, "whisker"))
        out.shapes += [pen.line(place(end), middle - 5, place(end), middle + 5, "whisker") for end in (low, high)]
    clear = reference is not None and low is not None and high is not None and not low <= reference <= high
    if value is not None:
        out.shapes.append(pen.dot(place(value), middle, 7, "dot c2" if clear else "dot c1"))
    span = f"{pen.number(low)} – {pen.number(high)}" if low is not None and high is not None else "–"
    out.rows.append([str(row["label"]), pen.number(value), span, pen.number(n)])
    return below + 32


def lines(
    pen: Pen, series: Sequence[Row], words: Words, *, y_label: str, low: float | None = None, high: float | None = None
) -> Drawing:
    """Up to four series {label, points: [{x: text, y: number or None}]} over the same moments; gaps stay gaps."""
    moments = list(dict.fromkeys(str(point["x"]) for one in series for point in one["points"]))
    known = [_get(p, "y") for one in series for p in one["points"] if _get(p, "y") is not None]
    marks = ticks(min(known, default=0) if low is None else low, max(known, default=1) if high is None else high)
    head, body = LINE + 9.0, 190.0
    out = Drawing(height=head + body + 28, head=[words["when"], *(str(one["label"]) for one in series)])
    out.legend = [Key(f"s{i + 1}", str(one["label"]), "line") for i, one in enumerate(series[:4])]
    upright(pen, out, marks, pen.number, head, body, marks[0])
    across = {moment: GUTTER + (1 - GUTTER) * _even(i, len(moments)) for i, moment in enumerate(moments)}
    height = scale(marks[0], marks[-1], head + body, head)
    runs: list[tuple[str, Sequence[tuple[float, float]], str]] = []
    points: list[Shape] = []
    for i, one in enumerate(series[:4]):
        for run in _runs(one["points"]):
            path = [(across[str(p["x"])], height(p["y"])) for p in run]
            runs.append(("polyline", path, f"series s{i + 1}"))
            points += [pen.dot(x, y, 4.5, f"dot c{i + 1}") for x, y in path]
    out.shapes += [pen.plane(out.height, runs), *points]
    every = max(1, math.ceil(len(moments) / max(2, int(5 - max(map(len, moments), default=0) / 8))))
    under(pen, out, [(across[moment], moment) for moment in moments[::every]], head + body)
    out.shapes.append(pen.text(0, 13, y_label, "t-small t-muted"))
    out.rows = [[moment, *(pen.number(_at(one, moment)) for one in series)] for moment in moments]
    return out


def _even(index: int, number: int) -> float:
    """Places in the middle of equal columns, so that words under the first and last fit."""
    return (index + 0.5) / number


def _runs(points: Sequence[Row]) -> list[list[Row]]:
    runs: list[list[Row]] = [[]]
    for point in points:
        if _get(point, "y") is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _at(one: Row, moment: str) -> float | None:
    return next((_get(point, "y") for point in one["points"] if str(point["x"]) == moment), None)


KINDS: dict[str, Callable[..., Drawing]] = {
    "bars": bars,
    "targets": targets,
    "stacked": stacked,
    "histogram": histogram,
    "funnel": funnel,
    "dots": dots,
    "lines": lines,
}
