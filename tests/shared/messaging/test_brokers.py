"""What every broker must do, said once and run on both: the in-process one on SQLite, RabbitMQ with PostgreSQL."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.errors import NotYet
from shared.ids import new_id
from shared.messaging import dead_letters
from tests.shared.messaging.stages import EmbeddedStage, RabbitStage, Stage, short_steps
from tests.shared.messaging.toy import Happened, Ignored, happened

BOTH = ["embedded", pytest.param("rabbit", marks=[pytest.mark.rabbit, pytest.mark.postgres])]


@pytest.fixture(params=BOTH)
def stage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A publisher and two listeners on one of the brokers."""
    short_steps(monkeypatch)
    if request.param == "embedded":
        made = EmbeddedStage(tmp_path)
    else:
        made = RabbitStage(request.getfixturevalue("rabbit"), request.getfixturevalue("postgres"))
    yield made
    made.close()


def test_every_listener_has_every_event_once_in_effect(stage: Stage) -> None:
    things = [new_id() for _ in range(7)]
    for number in range(150):
        stage.toy.publish(Happened(thing_id=things[number % 7], number=number))
    stage.settle(lambda: len(stage.alpha.numbers()) == 150 and len(stage.beta.numbers()) == 150)
    for toy in (stage.alpha, stage.beta):
        assert sorted(toy.numbers()) == list(range(150))
        for index, thing in enumerate(things):
            assert toy.numbers(thing) == list(range(index, 150, 7))
    stage.settle(lambda: stage.toy.waiting() == 0)


def test_what_is_rolled_back_is_not_published(stage: Stage) -> None:
    thing = new_id()
    with pytest.raises(ZeroDivisionError), stage.toy.units.begin() as unit:
        unit.publish(Happened(thing_id=thing, number=1))
        raise ZeroDivisionError
    stage.toy.publish(*happened(thing, 2))
    stage.settle(lambda: stage.alpha.numbers() == [2])


def test_a_repeated_event_has_its_effect_once(stage: Stage) -> None:
    thing = new_id()
    stage.toy.publish(*happened(thing, 1))
    stage.settle(lambda: stage.alpha.numbers() == [1])
    stage.toy.insert_raw(_body(stage, thing, number=2), subject=f"thing/{thing}")
    stage.toy.insert_raw(_body(stage, thing, number=2), subject=f"thing/{thing}")
    stage.toy.publish(*happened(thing, 3))
    stage.settle(lambda: stage.alpha.numbers()[-1:] == [3])
    assert stage.alpha.numbers() == [1, 2, 3]


def test_poison_is_parked_and_its_neighbours_go_on(stage: Stage) -> None:
    poisoned, fine = new_id(), new_id()
    stage.alpha.trouble = lambda _unit, event: 1 / 0 if event.thing_id == poisoned else None
    stage.toy.publish(*happened(poisoned, 1), *happened(fine, 2, 3))
    stage.settle(lambda: stage.alpha.numbers() == [2, 3] and len(stage.alpha.letters()) == 1)
    letter = stage.alpha.letters()[0]
    assert "ZeroDivisionError" in letter.reason and "division by zero" not in letter.reason
    assert letter.attempts == 4 and sum(entry["times"] for entry in letter.history) == 4
    stage.settle(lambda: stage.beta.numbers() == [1, 2, 3])
    assert stage.beta.letters() == []


def test_events_behind_a_failing_one_of_their_subject_wait_for_it(stage: Stage) -> None:
    thing, tries = new_id(), []

    def twice(_unit: object, event: Happened) -> None:
        if event.number == 1:
            tries.append(1)
            if len(tries) < 4:  # once in the batch, then alone
                raise KeyError("not now")

    stage.alpha.trouble = twice
    stage.toy.publish(*happened(thing, 1, 2, 3))
    stage.settle(lambda: len(stage.alpha.numbers()) == 3)
    assert stage.alpha.numbers() == [1, 2, 3]
    assert stage.alpha.letters() == []


def test_not_yet_is_resolved_when_the_other_event_has_come(stage: Stage) -> None:
    first, second = new_id(), new_id()

    def needs_the_other(_unit: object, event: Happened) -> None:
        if event.thing_id == first and stage.alpha.numbers(second) == []:
            raise NotYet("The other thing is not known yet.")

    stage.alpha.trouble = needs_the_other
    stage.toy.publish(*happened(first, 1))
    stage.settle(lambda: stage.beta.numbers() == [1])
    assert stage.alpha.numbers() == []
    stage.toy.publish(*happened(second, 2))
    stage.settle(lambda: stage.alpha.numbers() == [2, 1])
    assert stage.alpha.letters() == []


def test_what_cannot_be_decoded_is_parked_at_once(stage: Stage) -> None:
    thing = new_id()
    stage.toy.insert_raw("{not json")
    stage.toy.insert_raw(_body(stage, thing, number="many"))
    stage.toy.publish(*happened(thing, 5))
    stage.settle(lambda: stage.alpha.numbers() == [5] and len(stage.alpha.letters()) == 2)
    reasons = sorted(letter.reason for letter in stage.alpha.letters())
    assert reasons[0].startswith("Malformed: toy.happened: unfit fields: number")
    assert reasons[1].startswith("not an envelope")
    assert [letter.attempts for letter in stage.alpha.letters()] == [1, 1]
    assert "many" not in "".join(reasons)


def test_a_newer_version_is_parked_and_not_lost(stage: Stage) -> None:
    thing = new_id()
    stage.toy.insert_raw(_body(stage, thing, number=1, version=2))
    stage.toy.publish(*happened(thing, 5))
    stage.settle(lambda: stage.alpha.numbers() == [5] and len(stage.alpha.letters()) == 1)
    assert stage.alpha.letters()[0].reason == "UnknownContract: toy.happened version 2"


def test_an_event_that_nobody_listens_to_stays(stage: Stage) -> None:
    thing = new_id()
    stage.toy.publish(Ignored(thing_id=thing), *happened(thing, 1))
    stage.settle(lambda: stage.alpha.numbers() == [1] and stage.beta.numbers() == [1] and stage.toy.waiting() == 1)
    from shared.messaging.backlog import read_backlog

    backlog = read_backlog(stage.toy.engine, stage.toy.clock())
    assert (backlog.unroutable, backlog.outbox, backlog.oldest_seconds) == (1, 1, 0)


def test_a_crash_after_the_effect_and_before_the_commit_leaves_no_trace(stage: Stage) -> None:
    thing, crashes = new_id(), []

    def crash_once(_unit: object, event: Happened) -> None:
        if event.number == 2 and len(crashes) < 2:
            crashes.append(1)
            raise RuntimeError("pulled the plug")

    stage.alpha.trouble = crash_once
    stage.toy.publish(*happened(thing, 1, 2, 3))
    stage.settle(lambda: len(stage.alpha.numbers()) == 3)
    assert stage.alpha.numbers() == [1, 2, 3]


def test_a_listener_that_was_down_catches_up(stage: Stage) -> None:
    thing = new_id()
    stage.toy.publish(*happened(thing, 0))
    stage.settle(lambda: stage.alpha.numbers() == [0] and stage.beta.numbers() == [0])
    stage.without("beta")
    try:
        for number in range(1, 30):
            stage.toy.publish(*happened(thing, number))
    finally:
        stage.again("beta")
    stage.settle(lambda: len(stage.beta.numbers()) == 30 and len(stage.alpha.numbers()) == 30)
    assert stage.beta.numbers() == list(range(30)) == stage.alpha.numbers()


def test_replay_after_the_cause_is_mended(stage: Stage) -> None:
    thing = new_id()
    stage.alpha.trouble = lambda _unit, event: 1 / 0
    stage.toy.publish(*happened(thing, 1))
    stage.settle(lambda: len(stage.alpha.letters()) == 1)
    (letter,) = dead_letters.list_letters(stage.alpha.engine)
    assert dead_letters.request_replay(stage.alpha.engine, [letter.id], stage.alpha.clock()) == 1
    stage.replay()
    (again,) = stage.alpha.letters()
    assert again.attempts == 5 and again.replay_requested_at is None
    stage.alpha.trouble = lambda _unit, _event: None
    dead_letters.request_replay(stage.alpha.engine, [letter.id], stage.alpha.clock())
    stage.replay()
    assert stage.alpha.numbers() == [1] and stage.alpha.letters() == []


def _body(stage: Stage, thing: object, *, number: object, version: int = 1) -> str:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": "01900000-0000-7000-8000-000000000001",
            "source": "/toy",
            "type": "toy.happened",
            "subject": f"thing/{thing}",
            "time": stage.toy.clock().isoformat(),
            "dataschema": f"urn:hearth:contract:toy.happened:{version}",
            "sequence": "9",
            "correlationid": "c",
            "data": {"thing_id": str(thing), "number": number},
        }
    )
