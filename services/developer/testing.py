"""`hearth test`: pytest, with as many workers as suit the machine."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from services.developer import ROOT

_WORKERS_AT_MOST = 4


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run the tests; anything after `test` goes to pytest.

    Servers that a test needs are found or started (see CONTRIBUTING.md); the last lines say what the tests ran against.
    """
    sys.exit(run_pytest(arguments))


def run_pytest(arguments: Sequence[str]) -> int:
    """Run pytest in the checkout's folder; its exit status."""
    # One more than there are cores: many tests wait for a server, a process or a page.
    workers = min((os.cpu_count() or 1) + 1, _WORKERS_AT_MOST)
    parallel = [] if _chosen(arguments) else ["-n", str(workers), "--dist", "loadgroup"]
    command = [sys.executable, "-m", "pytest", *parallel, *(_from_root(each) for each in arguments)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 (the developer's own arguments)


def _chosen(arguments: Sequence[str]) -> bool:
    return any(each.startswith(("-n", "--numprocesses", "--pdb", "--help", "--version")) for each in arguments)


def _from_root(argument: str) -> str:
    """A path given from where the developer stands, as pytest finds it from the checkout's folder."""
    path, separator, rest = argument.partition("::")
    here = Path(path)
    is_ours = not path.startswith("-") and here.exists() and not here.is_absolute()
    return str(here.resolve()) + separator + rest if is_ours else argument
