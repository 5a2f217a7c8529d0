"""What the documents say of files, commands, variables, events and buttons is there."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from services.__main__ import Lazy, all_commands
from services.applications.storage.tables import metadata as applications
from services.cohorts.storage.tables import metadata as cohorts
from services.developer import wording
from services.notifications.storage.tables import metadata as notifications
from shared.contracts.registry import PUBLISHERS, events_of

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ALL = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
TABLES = {"applications": applications.tables, "cohorts": cohorts.tables, "notifications": notifications.tables}

_LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
_CODE = re.compile(r"```.*?```|`[^`]+`|^ {4}.+$", re.S | re.M)
_PATH = re.compile(r"(?<![\w/.<>-])(?:services|shared|docs|deploy|tests|requirements|\.ci)/[\w./*<>{},-]*")
_COMMAND = re.compile(r"(?:(?:\./|(?<![\w./-]))hearth|-m services) +([a-z][a-z-]*)([^`\n#|]*)")
_MODULE = re.compile(r"python3? -m ([a-z_.]+)")
_VARIABLE = re.compile(r"\b(?:HEARTH|APPLICATIONS|COHORTS|NOTIFICATIONS)_[A-Z_]+[A-Z]\b")
_PRESS = re.compile(r"[Pp]ress(?:ing)?\s+\*\*(.+?)\*\*", re.S)
_SPELT = ("services", "shared", "deploy", "tests", "hearth", ".env.example", "docker-compose.yml")

each = pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))


def code_of(path: Path) -> str:
    """What stands in code, a piece a line."""
    return "\n".join(found[0] for found in _CODE.finditer(path.read_text()))


@each
def test_links_lead_somewhere(path: Path) -> None:
    targets = {(a or b).partition("#")[0] for a, b in _LINK.findall(path.read_text())}
    local = {target for target in targets if target and not re.match(r"\w+:", target)}
    assert {target for target in local if not (path.parent / target).exists()} == set()


@each
def test_files_that_are_named_are_there(path: Path) -> None:
    named = {found[0].rstrip(".,-") for found in _PATH.finditer(code_of(path))}
    plain = {name for name in named if not set("<>{") & set(name)}
    assert {name for name in plain if not any(ROOT.glob(name.rstrip("/")))} == set()


@each
def test_commands_and_their_options_are_there(path: Path) -> None:
    group = Lazy("hearth")
    missing = set()
    for found in _COMMAND.finditer(code_of(path)):
        name, rest = found[1], found[2]
        command = group.get_command(None, name) if name in all_commands() else None  # type: ignore[arg-type]
        if command is None:
            missing.add(name)
            continue
        if isinstance(command, click.Group) and rest.split() and not rest.split()[0].startswith("-"):
            name, command = f"{name} {rest.split()[0]}", command.commands.get(rest.split()[0], command)
        if not command.context_settings.get("ignore_unknown_options"):
            options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            missing |= {f"{name} {option}" for option in re.findall(r"--[a-z-]+", rest) if option not in options}
    assert missing == set()


@each
def test_modules_that_are_run_are_there(path: Path) -> None:
    named = {name.rstrip(".") for name in _MODULE.findall(code_of(path).replace("services.<name>", "services.cohorts"))}
    assert {name for name in named if find_spec(name) is None} == set()


@each
def test_variables_are_read_by_something(path: Path) -> None:
    assert set(_VARIABLE.findall(path.read_text())) - _variables_in_use() == set()


@cache
def _variables_in_use() -> set[str]:
    tops = [ROOT / name for name in _SPELT]
    files = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top])]
    kinds = {".py", ".sh", ".yml", ".example", "", ".conf"}
    texts = (file.read_text(errors="ignore") for file in files if file.is_file() and file.suffix in kinds)
    return {name for text in texts for name in _VARIABLE.findall(text)}


@each
def test_no_machine_and_no_index_is_named(path: Path) -> None:
    assert wording.problems_of(path.read_text()) == []


@pytest.mark.parametrize("path", sorted((DOCS / "handbook").glob("*.md")), ids=lambda path: path.stem)
def test_what_readers_are_told_to_press_is_on_a_page(path: Path) -> None:
    pages = "".join(page.read_text() for top in ("services", "shared") for page in (ROOT / top).rglob("*.html"))
    told = {" ".join(label.split()) for label in _PRESS.findall(path.read_text())}
    assert told
    assert {label for label in told if label not in pages} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [path.name.partition("-")[0] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_fits_one_screen_and_has_its_four_parts(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines[0].startswith(f"# {path.name[:4]} ")
    assert len(lines) <= 60
    parts = re.findall(r"^\*\*(.+?)\.\*\*", path.read_text(), re.M)
    wanted = ["Context", "Decision", "What follows", "What we looked at and did not take"]
    assert [part for part in parts if part in wanted] == wanted


def test_the_architecture_is_one_page() -> None:
    assert len((DOCS / "architecture.md").read_text().splitlines()) <= 120


def test_the_privacy_page_speaks_of_every_event_and_of_no_table_that_is_not_there() -> None:
    text = (DOCS / "privacy.md").read_text()
    names = {event.NAME for publisher in PUBLISHERS for event in events_of(publisher)}
    assert {name for name in names if f"`{name}`" not in text} == set()
    kept_where = re.compile(r"\|[^|]*\|[^|]*\|( *(?:copy in )?`[a-z]+\.[^|]*)\|")
    rows = [found[1] for line in text.splitlines() if (found := kept_where.match(line))]
    assert len(rows) > 10
    for row in rows:
        service = ""
        for before, table in re.findall(r"`([a-z]*)\.([a-z_]+)`", row):
            service = before or service
            assert table in TABLES[service], f"{service}.{table}"


def test_highspy_stays_where_it_can_live_beside_ortools() -> None:
    """docs/decisions/0006: from 1.15 on both bring a libhighs of the same name, and the second import fails."""
    assert re.search(r"^highspy *<=? *1\.1[45]", (ROOT / "requirements/runtime.in").read_text(), re.M)
    pinned = re.search(r"^highspy==1\.(\d+)", (ROOT / "requirements/runtime.txt").read_text(), re.M)
    assert pinned
    assert int(pinned[1]) < 15
