"""What import-linter's contracts (pyproject.toml) do not say: cycles, the domain's few imports, who may speak AMQP."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("applications", "cohorts", "notifications")

_EVERY_DOMAIN = {"shared.calendar", "shared.highs", "shared.impact", "numpy", "highspy", "ortools", "shared.errors"}
_ALSO = {
    "applications": {"simpleeval", "yaml", "rapidfuzz"},
    "cohorts": {"shared.spreadsheets"},
    "notifications": {
        "icalendar",
        "markdown_it",
        "nh3",
        "css_inline",
        "babel",
        "email_validator",
        "flufl",
        "shared.zone_names",
    },
}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


def _under(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def _sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("service", SERVICES)
def test_the_domain_imports_little(service: str) -> None:
    allowed = _EVERY_DOMAIN | _ALSO[service] | {f"services.{service}.domain"} | set(sys.stdlib_module_names)
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in _sources(f"services/{service}/domain")
        for name in _imports(path)
        if not _under(name, allowed)
    }
    assert strangers == set()


def test_amqp_is_spoken_in_one_place() -> None:
    speakers = {
        str(path.relative_to(ROOT))
        for folder in ("services", "shared")
        for path in _sources(folder)
        if any(_under(name, {"kombu", "pika", "amqp"}) for name in _imports(path))
    }
    assert {path for path in speakers if not path.startswith("shared/messaging/rabbit")} == set()


def test_only_what_stands_over_the_services_knows_several() -> None:
    knowing = {
        str(path.relative_to(ROOT))
        for folder in ("services", "shared")
        for path in _sources(folder)
        if len({name.split(".")[1] for name in _imports(path) if _under(name, {f"services.{s}" for s in SERVICES})}) > 1
    }
    assert {path for path in knowing if not path.startswith(("services/embedded/", "services/developer/"))} == set()


def test_there_are_no_import_cycles() -> None:
    graph = grimp.build_graph("services", "shared", exclude_type_checking_imports=True, cache_dir=None)
    assert _knots({module: graph.find_modules_directly_imported_by(module) for module in graph.modules}) == []


def _knots(imports: dict[str, set[str]]) -> list[list[str]]:
    """Modules that import each other in a ring: what is left after taking away, from both ends, all that can be."""
    left = {module: set(targets) - {module} for module, targets in imports.items()}
    while True:
        imported = set().union(*left.values()) if left else set()
        ends = {module for module, targets in left.items() if not targets or module not in imported}
        if not ends:
            return [sorted(left)] if left else []
        left = {module: targets - ends for module, targets in left.items() if module not in ends}


def test_knots_are_found() -> None:
    assert _knots({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]
    assert _knots({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
