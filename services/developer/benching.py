"""`hearth bench`: the measurements of tests/bench, each a program that prints its figures."""

import subprocess
import sys
from pathlib import Path

import click

from services.developer import ROOT

_FOLDER = ROOT / "tests" / "bench"


def measurements(folder: Path = _FOLDER) -> dict[str, str]:
    """Name -> module of every measurement: the files that are programs, not those that only help them."""
    programs = [path for path in sorted(folder.glob("*.py")) if '__name__ == "__main__"' in path.read_text()]
    return {path.stem.removeprefix("bench_"): f"tests.bench.{path.stem}" for path in programs}


@click.command()
@click.argument("names", nargs=-1)
def bench(names: tuple[str, ...]) -> None:
    """Measure Hearth beside other ways of doing the same; NAMES choose among the measurements."""
    there = measurements()
    unknown = [name for name in names if name not in there]
    if unknown:
        raise click.ClickException(
            f"no such measurement: {', '.join(unknown)}. There are: {', '.join(there) or 'none'}."
        )
    for name in names or there:
        click.echo(f"== {name}")
        command = [sys.executable, "-m", there[name]]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 (one of our own files)
            raise click.ClickException(f"{name} failed.")
