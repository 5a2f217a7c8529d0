"""Selection rates as the lines of a file: every stage of every attribute, the same counts kept back."""

from collections.abc import Iterator

from shared.impact.rates import Rates

HEADER = (
    "Attribute", "Group", "Stage", "Reached it", "Of", "Measured against", "Rate", "Wilson 95% from", "to",
    "Ratio to the highest rate", "Difference from the highest: Newcombe 95% from", "to",
)  # fmt: skip
HIDDEN = "fewer than 5, or kept back"


def lines(seen: Rates) -> Iterator[tuple[str | int | float | None, ...]]:
    """Yield each group at each stage, measured against the stage before and against the first."""
    for table in seen.tables:
        for stage in range(1, len(seen.stages)):
            for base in sorted({stage - 1, 0}):
                for rate in seen.at(table, stage, base):
                    yield (
                        table.label,
                        rate.label,
                        seen.stages[stage],
                        HIDDEN if rate.count is None else rate.count,
                        HIDDEN if rate.n is None else rate.n,
                        seen.stages[base],
                        rate.rate,
                        *(rate.interval or (None, None)),
                        rate.ratio,
                        *(rate.difference or (None, None)),
                    )
