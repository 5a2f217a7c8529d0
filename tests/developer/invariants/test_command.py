"""`hearth check-invariants` on the embedded mode's files, and when it cannot read them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.developer.invariants.checks import Finding
from services.developer.invariants.command import check_invariants, look
from services.embedded.assembly import Assembly, assemble
from services.embedded.home import open_home
from services.embedded.sample import Wish, load_sample
from services.embedded.sample_cohort import APPLIED
from shared.timekeeping import system_clock


def load(assembly: Assembly, count: int) -> None:
    """A sample round with some applications, everything settled."""

    def settle(done: Callable[[], bool]) -> None:
        assembly.broker.run_until_idle(timeout=120)
        assert done()

    load_sample(assembly, Wish(count, 5, system_clock().replace(microsecond=0)), settle, lambda _done, _total: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded mode's data after six applications have come in."""
    home = open_home(tmp_path_factory.mktemp("demo"))
    assembly = assemble(home, "http://127.0.0.1:8000", system_clock, demo=True)
    load(assembly, 6)
    assembly.broker.run_until_idle(timeout=120)
    assembly.dispose()
    return home.folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(check_invariants, [str(each) for each in arguments])


def test_the_sample_programme_is_sound(folder: Path) -> None:
    done = run("--data", folder)
    assert done.exit_code == 0, done.output
    assert f"ok     every submitted application is scored ({6 + APPLIED} looked at)" in done.stdout
    assert "FAILED" not in done.stdout


def test_three_addresses_do_as_well_and_letters_may_be_elsewhere(folder: Path, tmp_path: Path) -> None:
    services = ("applications", "cohorts", "notifications")
    urls = [part for name in services for part in (f"--{name}", f"sqlite:///{folder}/{name}.sqlite3")]
    assert run(*urls).exit_code == 0
    nowhere = run(*urls, "--mail", tmp_path)
    assert nowhere.exit_code == 1
    assert "FAILED every letter arrived once" in nowhere.stdout
    assert "arrived 0 times" in nowhere.stdout


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    missing = run("--data", tmp_path)
    assert missing.exit_code == 1
    assert "applications.sqlite3" in missing.stderr
    assert list(tmp_path.iterdir()) == [], "looking makes no files"
    assert "--cohorts" in run("--applications", "sqlite:///x").stderr
    away = "postgresql://hearth:0123456789abcdef@127.0.0.1:1/none"
    refused = run("--applications", away, "--cohorts", away, "--notifications", away)
    assert refused.exit_code == 1
    assert "cannot be read" in refused.stderr
    assert "0123456789abcdef" not in refused.output


def test_it_looks_again_while_there_is_time() -> None:
    answers = [[Finding("x", 1, ("not yet",))], [Finding("x", 1, ())]]
    assert look(lambda: answers.pop(0), 60) == [Finding("x", 1, ())]
    assert look(lambda: [Finding("x", 1, ("never",))], 0)[0].problems == ("never",)
