"""`hearth bench`: the measurements of tests/bench, each a program that prints its figures."""

import subprocess
import sys

import click

from services.developer import ROOT

_FOLDER = ROOT / "tests" / "bench"


@click.command()
@click.argument("names", nargs=-1)
def bench(names: tuple[str, ...]) -> None:
    """Measure Hearth beside other ways of doing the same; NAMES choose among tests/bench/bench_*.py."""
    there = {path.stem.removeprefix("bench_"): path for path in sorted(_FOLDER.glob("bench_*.py"))}
    unknown = [name for name in names if name not in there]
    if unknown:
        raise click.ClickException(
            f"no such measurement: {', '.join(unknown)}. There are: {', '.join(there) or 'none'}."
        )
    for name in names or there:
        click.echo(f"== {name}")
        command = [sys.executable, "-m", f"tests.bench.bench_{name}"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 (one of our own files)
            raise click.ClickException(f"{name} failed.")
