"""`hearth check`: what can be said about the code without running it. One line for each check that passes."""

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from services.developer import ROOT, templates, wording


@dataclass(frozen=True)
class Outcome:
    """What a check found: the problems, one a line (none: it passed), and what it looked at."""

    problems: str
    looked_at: str


Check = Callable[[], Outcome]


def _tool(name: str, *arguments: str) -> Check:
    def run() -> Outcome:
        program = Path(sysconfig.get_path("scripts")) / name
        command = [str(program), *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (our own list)
        said = (done.stdout + done.stderr).strip()
        last = said.splitlines()[-1] if said else "clean"
        return Outcome((said or f"status {done.returncode}") if done.returncode else "", last)

    return run


def _templates() -> Outcome:
    problems, count = templates.check(ROOT)
    return Outcome("\n".join(problems), f"{count} templates parse, with their placeholders filled and nothing inline")


def _wording() -> Outcome:
    problems, count = wording.check(ROOT)
    return Outcome("\n".join(problems), f"{count} files name no package index and no place on one machine")


CHECKS: dict[str, Check] = {
    "ruff check": _tool("ruff", "check", "--output-format", "concise"),
    "ruff format": _tool("ruff", "format", "--check", "--quiet"),
    "mypy": _tool("mypy", "--strict"),
    "layers": _tool("lint-imports", "--no-logo"),
    "templates": _templates,
    "wording": _wording,
}


@click.command()
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check the code without running it: style, types, layers, templates; NAMES choose some of the checks."""
    unknown = set(names) - set(CHECKS)
    if unknown:
        raise click.ClickException(f"no such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
    failed = [name for name in names or CHECKS if not _report(name)]
    if failed:
        click.echo(f"Not clean: {', '.join(failed)}.")
        sys.exit(1)


def _report(name: str) -> bool:
    outcome = CHECKS[name]()
    click.echo(f"{'FAILED' if outcome.problems else 'ok':<7}{name}: {outcome.problems or outcome.looked_at}")
    return not outcome.problems
