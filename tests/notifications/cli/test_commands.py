"""`hearth bounce`, `hearth suppressions` and `hearth templates`, on the data directory of the embedded mode."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.notifications.cli.bounce import bounce
from services.notifications.cli.suppressions import suppressions
from services.notifications.cli.templates import templates
from services.notifications.config import Bounces
from services.notifications.domain.templating.catalogue import source
from services.notifications.domain.templating.source import parse_source
from shared.timekeeping import MovableClock
from tests.notifications.postbox import Postbox, make_config, submitted
from tests.notifications.reports import BOUNCES, dsn, path_of

SECRET = "a-secret-of-the-tests-that-is-long-enough-0123"


@pytest.fixture
def data(tmp_path: Path, empty_sqlite: Path, key_pair: tuple[str, str]) -> Path:
    """A data directory."""
    (tmp_path / "notifications.sqlite3").write_bytes(empty_sqlite.read_bytes())
    secrets = {"notifications": SECRET, "identity_public_key": key_pair[1]}
    (tmp_path / "secrets.json").write_text(json.dumps(secrets))
    return tmp_path


def run(command: object, *arguments: str, given: bytes | str = b"") -> Result:
    return CliRunner().invoke(command, list(arguments), input=given)  # type: ignore[arg-type]


def test_a_report_is_piped_in(
    data: Path, clock: MovableClock, key_pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFICATIONS_BOUNCE_ADDRESS", BOUNCES)
    url = f"sqlite:///{data / 'notifications.sqlite3'}"
    postbox = Postbox(make_config(url, key_pair[1], data, bounces=Bounces(BOUNCES)), clock)
    postbox.publish(submitted(postbox.person(email="p@example.net"), clock()))
    postbox.send()
    report = dsn(path_of(postbox, postbox.rows()[0]))
    first, second = (run(bounce, "--data", str(data), given=report) for _ in range(2))
    assert (first.exit_code, first.output, second.output) == (0, "failed\n", "repeated\n")
    assert postbox.rows()[0].state == "bounced"
    listed = run(suppressions, "list", "--data", str(data))
    assert listed.output.startswith("p@example.net\tbounce\t")
    postbox.close()


def test_addresses_are_imported_and_lifted(data: Path) -> None:
    where = ("--data", str(data))
    imported = run(suppressions, "import", "-", *where, given="a@x.org\nnobody\nb@x.org\n")
    assert imported.exit_code == 1 and "2 added, 0 known before." in imported.output and "line 2" in imported.output
    assert run(suppressions, "lift", "A@x.org", *where).exit_code == 0
    assert run(suppressions, "lift", "a@x.org", *where).exit_code == 1
    assert run(suppressions, "list", *where).output.count("\n") == 1


def test_a_text_is_written_out_changed_and_published(data: Path) -> None:
    where = ("--data", str(data))
    shown = run(templates, "show", "sign_in", "cy", *where)
    assert parse_source(shown.output) == source("sign_in", "cy")
    mine = re.sub("(?m)^subject: .*$", "subject: Dyma ti", shown.output)
    assert "can be published" in run(templates, "check", "-", given=mine).output
    wrong = run(templates, "check", "-", given=mine.replace("{{code}}", "{{cod}}"))
    assert wrong.exit_code == 1 and "{{cod}} is not known" in wrong.output
    publish = ("publish", "-", "--note", "Friendlier", "--over", "0", *where)
    assert run(templates, *publish, given=mine).output == "Version 1 is in use.\n"
    late = run(templates, *publish, given=mine)
    assert late.exit_code == 1 and "published another version meanwhile" in late.output
    assert "sign_in\tcy\t1\town\n" in run(templates, "list", *where).output
    assert run(templates, "show", "sign_in", "cy", *where).output == mine


def test_a_folder_without_a_database_is_named(tmp_path: Path) -> None:
    found = run(suppressions, "list", "--data", str(tmp_path))
    assert found.exit_code == 1 and "no notifications database" in found.output
