"""A public lottery from its promise to its draw, and everything that would make it less than fair refused."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cohorts.cli.select import draw_command
from services.cohorts.domain.choosing import Pin, Question, Wish
from services.cohorts.domain.lottery.draw import commitment
from services.cohorts.domain.lottery.public import keeps_promise
from services.cohorts.storage.tables import LotteryDraw
from services.cohorts.use_cases.draw_lottery import draw_lottery, look_up_ticket
from services.cohorts.use_cases.promise_lottery import (
    BAND,
    Promise,
    Wanted,
    compute_chances,
    end_lottery,
    keep_chances,
    promise_lottery,
)
from services.cohorts.use_cases.release_decisions import release_decisions
from services.cohorts.use_cases.stage_decisions import stage_decisions
from shared.errors import Conflict, Invalid, NotFound
from tests.cohorts.programme import STAFF, Programme

ASKED = Question(3, (Wish("region", "north", 2),))


@pytest.fixture
def full(programme: Programme) -> Programme:
    programme.fill(8)
    programme.settle()
    return programme


def promised(programme: Programme, **more: object) -> LotteryDraw:
    return programme.do(promise_lottery, STAFF, programme.round_id, Promise("Fair places", **more))  # type: ignore[arg-type]


def worked_out(programme: Programme, row: LotteryDraw, wanted: Wanted | None = None) -> LotteryDraw:
    with programme.units.begin(write=False) as uow:
        worked = compute_chances(uow, row.id, wanted or Wanted(ASKED))
    return programme.do(keep_chances, STAFF, worked)


def test_from_promise_to_draw_and_anybody_can_replay_it(full: Programme, tmp_path: Path) -> None:
    row = promised(full)
    assert (row.state, row.before_closing, row.seed) == ("promised", True, "")
    full.clock.advance(timedelta(days=2))
    row = worked_out(full, row)
    assert hashlib.sha256(row.published.encode()).hexdigest() == row.file_hash
    assert row.secret not in row.published
    assert "APP-" not in row.published
    row = full.do(draw_lottery, STAFF, row.id, "", row.file_hash)
    assert commitment(row.seed) == row.commitment
    (tmp_path / "lottery.json").write_text(row.published, encoding="utf-8")
    replay = CliRunner().invoke(draw_command, ["--distribution", str(tmp_path / "lottery.json"), "--seed", row.seed])
    assert (replay.exit_code, replay.output.split()) == (0, row.drawn)
    with full.units.begin(write=False) as uow:
        run = uow.runs.get(row.run_id)  # type: ignore[arg-type]
        people = uow.runs.people(run.id)
    assert (run.kind, run.seed, len(people)) == ("lottery", row.seed, 8)
    assert sum(person.chosen for person, _ in people) == 3
    assert sum(person.chosen and a.attributes["region"] == "north" for person, a in people) >= 2
    with pytest.raises(Conflict):
        full.do(draw_lottery, STAFF, row.id, "", row.file_hash)


def test_a_seed_that_was_not_promised_is_told_at_the_replay(full: Programme, tmp_path: Path) -> None:
    row = promised(full)
    full.clock.advance(timedelta(days=2))
    row = worked_out(full, row)
    (tmp_path / "lottery.json").write_text(row.published, encoding="utf-8")
    replay = CliRunner().invoke(draw_command, ["--distribution", str(tmp_path / "lottery.json"), "--seed", "mine"])
    assert replay.exit_code == 1
    assert "not the seed that was promised" in replay.output


def test_chances_wait_for_the_pool_to_close(full: Programme) -> None:
    row = promised(full)
    with pytest.raises(Conflict, match="still open"):
        worked_out(full, row)


def test_after_closing_a_secret_alone_will_not_do(full: Programme) -> None:
    full.clock.advance(timedelta(days=2))
    with pytest.raises(Invalid, match="public number"):
        promised(full)
    with pytest.raises(Invalid, match="day to come"):
        promised(full, source="The national lottery", source_at=full.clock())
    row = promised(full, source="The national lottery", source_at=full.clock() + timedelta(days=3))
    assert row.before_closing is False
    row = worked_out(full, row)
    with pytest.raises(Conflict, match="not known yet"):
        full.do(draw_lottery, STAFF, row.id, "1 2 3", row.file_hash)
    full.clock.advance(timedelta(days=4))
    with pytest.raises(Invalid):
        full.do(draw_lottery, STAFF, row.id, " ", row.file_hash)
    row = full.do(draw_lottery, STAFF, row.id, " 1 2 3 ", row.file_hash)
    assert row.seed == f"{row.secret}|1 2 3"
    assert keeps_promise(row.seed, row.commitment)


def test_chances_worked_out_again_leave_a_trace_and_stop_a_draw_from_the_old_ones(full: Programme) -> None:
    row = promised(full)
    full.clock.advance(timedelta(days=2))
    first = worked_out(full, row).file_hash
    row = worked_out(full, row, Wanted(Question(4)))
    assert row.figures["earlier"] == [first]
    with pytest.raises(Conflict, match="Other chances"):
        full.do(draw_lottery, STAFF, row.id, "", first)


def test_only_those_near_the_cut_are_in_the_draw(full: Programme) -> None:
    row = promised(full)
    full.clock.advance(timedelta(days=2))
    row = worked_out(full, row, Wanted(Question(3), scope=BAND, width=1.5))
    content = json.loads(row.published)
    assert len(content["sure"]) + row.figures["in_the_draw"] + len(content["impossible"]) == 8
    assert row.figures["sure"] == 2
    assert row.figures["in_the_draw"] == 2
    row = full.do(draw_lottery, STAFF, row.id, "", row.file_hash)
    with full.units.begin(write=False) as uow:
        said = {a.reference: person for person, a in uow.runs.people(row.run_id)}  # type: ignore[arg-type]
    assert {said["APP-001"].reason_code, said["APP-002"].reason_code} == {"certain"}
    assert {said["APP-003"].chosen, said["APP-004"].chosen} == {True, False}
    assert {said[f"APP-00{n}"].reason_code for n in range(5, 9)} == {"not_in_draw"}


def test_targets_that_clash_say_so_and_publish_nothing(full: Programme) -> None:
    row = promised(full)
    full.clock.advance(timedelta(days=2))
    clash = Question(3, (Wish("region", "north", 2), Wish("region", "london", 2)))
    with pytest.raises(Invalid, match="cannot all be met"):
        worked_out(full, row, Wanted(clash))
    for wanted in (Wanted(ASKED, aim="luck"), Wanted(ASKED, scope="some"), Wanted(ASKED, scope=BAND)):
        with pytest.raises(Invalid):
            worked_out(full, row, wanted)
    pinned = Question(3, pinned_in=(Pin("APP-008", "They run the host house."),))
    row = worked_out(full, row, Wanted(pinned))
    assert row.figures["sure"] == 1


def test_an_ended_lottery_is_over(full: Programme) -> None:
    row = full.do(end_lottery, STAFF, promised(full).id)
    with pytest.raises(Conflict):
        full.do(end_lottery, STAFF, row.id)
    full.clock.advance(timedelta(days=2))
    with pytest.raises(Conflict):
        worked_out(full, row)


def test_a_ticket_is_looked_up_when_everybody_has_been_told_and_not_before(full: Programme) -> None:
    row = promised(full)
    full.clock.advance(timedelta(days=2))
    row = worked_out(full, row)
    row = full.do(draw_lottery, STAFF, row.id, "", row.file_hash)
    with full.units.begin(write=False) as uow, pytest.raises(Conflict):
        look_up_ticket(uow, row.id, "APP-001")
    by = full.clock() + timedelta(days=14)
    release = full.do(stage_decisions, STAFF, row.run_id, waitlist=1, respond_by=by)
    full.do(release_decisions, STAFF, release.id, release.revision)
    with full.units.begin(write=False) as uow:
        found = [look_up_ticket(uow, row.id, f" app-00{n}") for n in range(1, 9)]
        with pytest.raises(NotFound):
            look_up_ticket(uow, row.id, "APP-999")
    assert sorted(name for name, _, drawn in found if drawn) == sorted(row.drawn)
    assert sum(chance for _, chance, _ in found) == pytest.approx(3)
