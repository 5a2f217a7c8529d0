"""`hearth bench`: the measurements of tests/bench, each a program that prints its figures."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from services.developer import ROOT

_FOLDER = ROOT / "tests" / "bench"
FILE = "HEARTH_BENCH_JSON"
"""Where a measurement writes its figures as JSON, if this names a file (tests/bench/reporting.py)."""


def measurements(folder: Path = _FOLDER) -> dict[str, str]:
    """Name -> module of every measurement: the files that are programs, not those that only help them."""
    programs = [path for path in sorted(folder.glob("*.py")) if '__name__ == "__main__"' in path.read_text()]
    return {path.stem.removeprefix("bench_"): f"tests.bench.{path.stem}" for path in programs}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each, one a line; the text to stderr.")
def bench(names: tuple[str, ...], as_json: bool) -> None:
    """Measure Hearth beside other ways of doing the same; NAMES choose among the measurements."""
    there = measurements()
    unknown = [name for name in names if name not in there]
    if unknown:
        raise click.ClickException(
            f"no such measurement: {', '.join(unknown)}. There are: {', '.join(there) or 'none'}."
        )
    for name in names or there:
        click.echo(f"== {name}", err=as_json)
        found = run(there[name], ROOT) if as_json else _run(there[name], ROOT)
        if found is None:
            raise click.ClickException(f"{name} failed.")
        if as_json:
            click.echo(json.dumps({"name": name, **found}))


def run(module: str, folder: Path) -> dict[str, Any] | None:
    """What a measurement found ({} if it keeps no figures), its text going to stderr; None when it failed."""
    with tempfile.TemporaryDirectory() as kept:
        file = Path(kept) / "found.json"
        if _run(module, folder, stdout=sys.stderr.fileno(), env={**os.environ, FILE: str(file)}) is None:
            return None
        found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
        return found


def _run(module: str, folder: Path, **options: Any) -> dict[str, Any] | None:
    """Run it to its end: None when it failed."""
    ended = subprocess.run([sys.executable, "-m", module], cwd=folder, check=False, **options)  # noqa: S603 (our own)
    return None if ended.returncode else {}
