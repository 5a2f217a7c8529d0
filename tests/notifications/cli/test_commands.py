"""`hearth bounce`, `held`, `messages`, `suppressions` and `templates`, on the data directory of the embedded mode."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.notifications.cli.bounce import bounce
from services.notifications.cli.held import held
from services.notifications.cli.messages import messages
from services.notifications.cli.suppressions import suppressions
from services.notifications.cli.templates import templates
from services.notifications.config import Bounces
from services.notifications.domain.templating.catalogue import source
from services.notifications.domain.templating.source import parse_source
from services.notifications.use_cases.choose_messages import set_up
from shared.timekeeping import MovableClock, system_clock
from tests.notifications.postbox import LATER, NO_SUCH_PERSON, Postbox, make_config, submitted
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


def hold(postbox: Postbox, *kinds: str) -> None:
    with postbox.units.begin() as uow:
        set_up(uow, {**uow.settings.get().as_json(), "held": list(kinds)}, uow.settings.revision, None)


def fields(result: Result) -> list[list[str]]:
    assert result.exit_code == 0, result.output
    return [line.split("\t") for line in result.output.splitlines()]


def test_a_batch_is_looked_at_let_go_or_stopped(data: Path, clock: MovableClock, key_pair: tuple[str, str]) -> None:
    where = ("--data", str(data))
    postbox = Postbox(make_config(f"sqlite:///{data / 'notifications.sqlite3'}", key_pair[1], data), clock)
    clock.set(system_clock())
    hold(postbox, "application_received")
    for name in ("Amal", "Siân"):
        clock.advance(timedelta(seconds=1))
        postbox.publish(submitted(postbox.person(name), clock()))
    [[first, state, kind, total, waiting], [second, *_]] = fields(run(held, "list", *where))
    assert (state, kind, total, waiting) == ("held", "application_received", "1", "1")
    looked = run(held, "look", first, *where).output
    assert "To: Siân <" in looked and "K7QM-2RT4" in looked and "hearth.example/preferences" in looked
    assert "Give a day" in run(held, "release", first, "--at", "tomorrow", *where).output
    assert "to come" in run(held, "release", first, "--at", "2020-01-01T09:00+00:00", *where).output
    assert run(held, "release", first, *where).output == "1 messages go out now.\n"
    assert run(held, "release", first, *where).exit_code == 1
    assert run(held, "stop", second, *where).output == "1 messages are stopped. Nobody gets them.\n"
    postbox.send(minutes=1)
    assert sorted(row.state for row in postbox.rows()) == ["cancelled", "sent"]
    postbox.close()


def test_messages_are_seen_tried_stopped_and_tested(data: Path, clock: MovableClock, key_pair: tuple[str, str]) -> None:
    where = ("--data", str(data))
    postbox = Postbox(make_config(f"sqlite:///{data / 'notifications.sqlite3'}", key_pair[1], data), clock)
    clock.set(system_clock())
    for name in ("amal", "sian"):
        postbox.publish(submitted(postbox.person(name, email=f"{name}@example.org"), clock()))
    postbox.mailer.script = [NO_SUCH_PERSON, LATER]
    postbox.send()
    [[*_, refused, reason]] = fields(run(messages, "list", "--state", "failed", *where))
    [[*_, deferred, _]] = fields(run(messages, "list", "--find", "SIAN", *where))
    assert "5.1.1" in reason
    shown = run(messages, "show", refused, *where).output
    assert "\tfailed\t" in shown and "K7QM-2RT4" in shown
    assert run(messages, "stop", deferred, *where).exit_code == 0
    assert run(messages, "stop", deferred, *where).exit_code == 1
    assert run(messages, "again", refused, *where).exit_code == 0
    assert run(messages, "test", "digest", "ar", "nobody@example.org", *where).exit_code == 1
    assert run(messages, "test", "digest", "ar", "SIAN@example.org", *where).exit_code == 0
    assert run(messages, "dry-run", "on", *where).exit_code == 0
    postbox.send(minutes=1)
    counted = run(messages, "outcomes", "--days", "2", *where)
    assert "dry run" in counted.output and fields(counted)[0] == [
        "day",
        "sent",
        "delivered",
        "bounced",
        "waiting",
        "stopped",
    ]
    assert {row.kind: row.state for row in postbox.rows()}["digest"] == "sent"  # a test goes whatever else does not
    assert run(messages, "dry-run", "off", *where).output == "Messages go out again.\n"
    postbox.close()
