"""The `hearth` command: `python -m services`, which the script `hearth` runs in its environment.

Commands are composed lazily: only the one that is called is imported, so that `hearth --help` stays quick. Each service
lists its own in `services/<name>/cli/__init__.py` as `COMMANDS: dict[str, "module:attribute"]`.
"""

import ast
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

SERVICES = ("applications", "cohorts", "notifications")

GENERAL = {
    "demo": "services.embedded.command:demo",
    "dead-letters": "shared.messaging.dead_letters_cli:group",
    "help": "services.developer.helping:help_command",
    "check-invariants": "services.developer.invariants.command:check_invariants",
    "retention": "services.developer.retention:retention",
    "personal-data": "services.developer.personal_data.command:personal_data",
    "new-env": "services.developer.environment:new_env",
    "test": "services.developer.testing:test",
    "check": "services.developer.checking:check",
    "translations": "services.developer.translations:translations",
    "bench": "services.developer.benching:bench",
}


def commands_of(service: str) -> dict[str, str]:
    """Command name -> "module:attribute", of one service."""
    module = f"services.{service}.cli"
    found: dict[str, str] = getattr(import_module(module), "COMMANDS", {}) if find_spec(module) else {}
    return _there(found)


def all_commands() -> dict[str, str]:
    """Command name -> "module:attribute", of everything that is there."""
    found = _there(GENERAL)
    for service in SERVICES:
        found.update(commands_of(service))
    return found


def _there(commands: dict[str, str]) -> dict[str, str]:
    return {name: target for name, target in commands.items() if _source(target) is not None}


def summary(target: str) -> str:
    """The first sentence of a command's docstring, read from its source: importing it could take a second."""
    source = _source(target)
    tree = ast.parse(source.read_text()) if source else ast.Module([], [])
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == target.partition(":")[2]:
            return (ast.get_docstring(node) or "").split("\n")[0].rstrip(".")
    return ""


def _source(target: str) -> Path | None:
    try:
        spec = find_spec(target.partition(":")[0])
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec and spec.origin else None


class Lazy(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are declared."""
        return list(all_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        target = all_commands().get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `hearth --help`, made without importing any of them."""
        for title, commands in (
            ("Commands", _there(GENERAL)),
            *((f"Of {name}", commands_of(name)) for name in SERVICES),
        ):
            with formatter.section(title):
                formatter.write_dl([(name, summary(target)) for name, target in sorted(commands.items())])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Hearth runs leadership programmes: applications, fair choice, and the cohort's life together."""


if __name__ == "__main__":
    try:
        main(prog_name="hearth")
    except BrokenPipeError:  # the reader of our output has gone, as in `hearth ... | head`
        sys.exit(1)
