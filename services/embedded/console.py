"""What the demo says while it starts, and by which clock."""

import time
from datetime import UTC, datetime

import click


def show_progress(done: int, total: int) -> None:
    """One line that counts up."""
    click.echo(f"\rLoading the sample programme: {done} of {total} applications", nl=done >= total)


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self._began:.1f} s"


def now() -> datetime:
    """The present, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
