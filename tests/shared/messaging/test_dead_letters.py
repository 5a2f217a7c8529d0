"""An operator lists, reads, replays and drops dead letters without seeing anybody's data."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from shared.errors import NotFound
from shared.ids import new_id
from shared.messaging import dead_letters
from shared.messaging.dead_letters_cli import group
from shared.worker import EmbeddedBroker
from tests.shared.messaging.toy import Happened, Toy

NOTE = "My name is Zoë, zoe@example.org"


@pytest.fixture
def parked(tmp_path: Path) -> Iterator[Toy]:
    """A service in the embedded mode's directory, with one dead letter."""
    toy = Toy("applications", f"sqlite:///{tmp_path}/applications.sqlite3")
    toy.trouble = lambda _unit, _event: 1 / 0
    toy.publish(Happened(thing_id=new_id(), number=7, note=NOTE))
    EmbeddedBroker([toy.service()]).run_until_idle()
    yield toy
    toy.engine.dispose()


def run(toy: Toy, *arguments: str) -> Result:
    folder = str(Path(toy.engine.url.database).parent)
    return CliRunner().invoke(group, ["--data", folder, *arguments])


def only_id(toy: Toy) -> UUID:
    (letter,) = dead_letters.list_letters(toy.engine)
    return letter.id


def test_the_list_tells_what_and_why_and_nothing_personal(parked: Toy) -> None:
    said = run(parked, "list").output
    assert "toy.happened" in said and "ZeroDivisionError" in said and "4 attempts" in said
    assert "Zoë" not in said
    line = json.loads(run(parked, "list", "--json").output)
    assert line["listener"] == "applications" and line["subject"].startswith("thing/")
    assert run(parked, "list", "--listener", "cohorts").output == "There are no dead letters.\n"


def test_show_masks_texts_and_keeps_identifiers_numbers_and_dates(parked: Toy) -> None:
    shown = run(parked, "show", str(only_id(parked))).output
    document = json.loads(shown)
    data = document["event"]["data"]
    assert data["number"] == 7 and UUID(data["thing_id"])
    assert data["note"] == f"[{len(NOTE)} characters]"
    assert document["history"][0]["times"] >= 1 and document["event"]["type"] == "toy.happened"
    assert "Zoë" not in shown and "zoe@" not in shown


def test_replay_by_command_is_done_by_the_running_mode(parked: Toy) -> None:
    parked.trouble = lambda _unit, _event: None
    said = run(parked, "replay", str(only_id(parked)))
    assert said.exit_code == 0 and "1 will be tried again" in said.output
    assert "replay asked for" in run(parked, "list").output
    EmbeddedBroker([parked.service()]).run_until_idle()
    assert parked.numbers() == [7] and parked.letters() == []


def test_replaying_twice_has_its_effect_once(parked: Toy) -> None:
    from shared.messaging.inbox import Listener
    from shared.messaging.replay import replay_next

    parked.trouble = lambda _unit, _event: None
    run(parked, "replay", "--all")
    listener = Listener(parked.name, parked.units, parked.handlers)
    assert replay_next(listener) is True
    assert replay_next(listener) is False
    assert parked.numbers() == [7]


def test_drop_needs_a_reason_and_logs_it(parked: Toy, caplog: pytest.LogCaptureFixture) -> None:
    id = str(only_id(parked))
    assert run(parked, "drop", id).exit_code == 2
    with caplog.at_level(logging.WARNING):
        assert run(parked, "drop", id, "--reason", "sent by hand").exit_code == 0
    assert "sent by hand" in caplog.text
    assert parked.letters() == []


def test_what_is_not_there_is_said_so(parked: Toy, tmp_path: Path) -> None:
    for command in (["show", str(new_id())], ["drop", str(new_id()), "--reason", "x"], ["replay", str(new_id())]):
        said = run(parked, *command)
        assert said.exit_code == 1 and "Error" in said.output
    with pytest.raises(NotFound):
        dead_letters.drop(parked.engine, new_id(), "x")
    empty = tmp_path / "empty"
    empty.mkdir()
    said = CliRunner().invoke(group, ["--data", str(empty), "list"])
    assert said.exit_code == 1 and "no databases" in said.output
    assert CliRunner().invoke(group, ["list"]).exit_code == 2


def test_a_body_that_is_no_json_is_shown_as_its_length(parked: Toy) -> None:
    parked.insert_raw("zoe@example.org wrote this")
    EmbeddedBroker([parked.service()]).run_until_idle()
    unreadable = next(letter for letter in dead_letters.list_letters(parked.engine) if letter.type == "unknown")
    shown = dead_letters.show(parked.engine, unreadable.id)
    assert shown["event"] == "26 characters that are not JSON"
