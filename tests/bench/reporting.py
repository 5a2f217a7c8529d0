"""What a measurement says: a line of text for each row as it comes, and all of it as one JSON object at the end.

`hearth bench --json` names a file in HEARTH_BENCH_JSON; the object goes there, so that the text stays readable.
"""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FILE = "HEARTH_BENCH_JSON"
STEEP = 1.2
"""An exponent above this wants a reason."""
_UNITS = {"s": " s", "ms": " ms", "times": "x", "per_s": "/s", "mb": " MB", "kb": " KB"}
_PACKAGES = ("numpy", "SQLAlchemy", "psycopg", "Flask", "Jinja2", "waitress", "pika", "kombu", "ortools", "highspy")


class Report:
    """The figures of one measurement. A figure's name ends in its unit: `page_ms`, `relay_per_s`, `ratio_times`."""

    def __init__(self, bench: str, goal: str = "", **versions: str) -> None:
        self._found: dict[str, Any] = {
            "bench": bench,
            "goal": goal,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": {"Python": platform.python_version(), **_installed(), **versions},
            "rows": [],
            "growth": {},
        }
        if goal:
            print(f"goal: {goal}", flush=True)

    def versions(self, **found: str) -> None:
        """Servers and programs that were measured or measured with."""
        self._found["versions"] |= found

    def row(self, what: str, figures: Mapping[str, float | None], size: int | Sequence[int] | None = None) -> None:
        """One thing measured, in figures; None is what did not end in time."""
        kept = {name: _rounded(figure) for name, figure in figures.items()}
        self._found["rows"].append({"what": what, **({} if size is None else {"size": size}), **kept})
        told = ", ".join(_said(name, figure) for name, figure in figures.items())
        sized = (
            "" if size is None else f"{size:>9,} " if isinstance(size, int) else f"{' x '.join(map(str, size)):<14} "
        )
        print(f"{sized}{what:<44} {told}", flush=True)

    def growth(self, what: str, sizes: Sequence[int], costs: Sequence[float]) -> None:
        """The power of the size that a cost grows by; nothing for a single size."""
        if len(set(sizes)) < 2:
            return
        power = round(exponent(sizes, costs), 2)
        self._found["growth"][what] = power
        print(f"{what}: grows with the size to the power of {power}{'  (!)' if power > STEEP else ''}", flush=True)

    def say(self, text: str) -> None:
        """What is no figure: text alone, kept as a note."""
        self._found.setdefault("notes", []).append(text)
        print(text, flush=True)

    def close(self) -> dict[str, Any]:
        """Write the object where it is wanted, and answer it."""
        wanted = os.environ.get(FILE)
        if wanted:
            Path(wanted).write_text(json.dumps(self._found))
        return self._found


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The power of the size that the cost grows by, from the smallest to the largest."""
    return math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])


def machine() -> dict[str, Any]:
    """What it ran on: processor, how many, and memory."""
    model = ""
    if (cpu := Path("/proc/cpuinfo")).exists():
        lines = [line.partition(":")[2] for line in cpu.read_text().splitlines() if line.startswith("model name")]
        model = lines[0].strip() if lines else ""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    processor = model or platform.processor() or platform.machine()
    return {"processor": processor, "cores": os.cpu_count(), "memory_mb": pages >> 20, "system": platform.system()}


def _installed() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else float(f"{figure:.5g}")


def _said(name: str, figure: float | None) -> str:
    unit = next((unit for unit in sorted(_UNITS, key=len, reverse=True) if name.endswith(f"_{unit}")), "")
    words = name.removesuffix(f"_{unit}").replace("_", " ") if unit else name.replace("_", " ")
    if figure is None:
        return f"{words} -"
    whole = unit in ("per_s", "mb", "kb") or (not unit and float(figure).is_integer())
    if whole:
        return f"{words} {figure:,.0f}{_UNITS.get(unit, '')}"
    return (
        f"{words} {figure:.3g}{_UNITS.get(unit, '')}" if abs(figure) < 1000 else f"{words} {figure:,.0f}{_UNITS[unit]}"
    )
