"""A round scored again: every application ends with one version's score, the old ones stay, a crash changes nothing."""

import copy
from typing import Any

import pytest
from sqlalchemy import select

from services.applications.domain.samples.files import rules_definition
from services.applications.storage.applications import ListWish
from services.applications.storage.tables import ApplicationRow, ScoreRow
from services.applications.use_cases import rescore_round
from services.applications.use_cases.publish_rules import publish_again, publish_rules
from services.applications.use_cases.rescore_round import RESCORE, advance
from services.applications.use_cases.score_application import (
    earlier_scores,
    read_breakdown,
    score_application,
)
from services.applications.use_cases.submit_application import withdraw_application
from shared.errors import Conflict, Invalid
from shared.schedule import Schedule
from tests.applications.parts import Applications, data_of
from tests.applications.sent import draft, send


def _rules(**points: int) -> dict[str, Any]:
    definition = copy.deepcopy(rules_definition())
    for rule in definition["rules"]:
        if rule["id"] in points:
            rule["points"] = points[rule["id"]]
    return definition


def _run(service: Applications) -> None:
    clock = Schedule(service.units, service.due_handlers)
    while clock.run_next():
        pass


def _rows(service: Applications) -> list[ApplicationRow]:
    with service.units.begin(write=False) as uow:
        where = ApplicationRow.state == "submitted"
        return list(uow.session.scalars(select(ApplicationRow).where(where).order_by(ApplicationRow.id)))


def _scores(service: Applications) -> list[float]:
    """The score in force of each who sent theirs, in order of id."""
    with service.units.begin(write=False) as uow:
        found = [uow.scores.in_force(row.id) for row in _rows(service)]
    return [kept.score for kept in found if kept is not None]


def _publish(service: Applications, open_round: Any, **points: int) -> int:
    with service.units.begin() as uow:
        return publish_rules(uow, open_round.id, _rules(**points), "We heard you.", "Rhiannon").rules_version


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescore_round, "STEP", 2)
    monkeypatch.setattr(rescore_round, "BATCH", 2)


@pytest.fixture
def three(service: Applications, open_round: Any) -> None:
    """Three who applied, one of them from London."""
    for number in range(3):
        send(service, f"a{number}@example.org", organisation_postcode="SE1" if number == 0 else "LS1")


def test_everybody_gets_the_new_score_and_keeps_the_old_one(
    service: Applications, open_round: Any, three: None
) -> None:
    before = _scores(service)
    version = _publish(service, open_round, outside_london=7)
    assert _scores(service) == before
    _run(service)
    rows = _rows(service)
    assert _scores(service) == [80.0, 87.0, 87.0]
    assert before == [80.0, 100.0, 100.0]
    with service.units.begin(write=False) as uow:
        assert uow.rounds.get(open_round.id).rules_version == version
        assert [one.breakdown.total for one in earlier_scores(uow, rows[1])] == [100]
        found = read_breakdown(uow, rows[1])
        assert found is not None
        assert sum(line.points for line in found.lines) == found.total == 87
        done = uow.rules.last_rescore(open_round.id)
        assert done is not None
        assert (done.state, done.done, done.total) == ("done", 3, 3)


def test_other_services_hear_it_in_batches_that_add_up(service: Applications, open_round: Any, three: None) -> None:
    version = _publish(service, open_round, outside_london=7)
    _run(service)
    batches = data_of(service, "round_rescored")
    assert [(one["batch"], one["batches"], one["rules_version"]) for one in batches] == [
        (1, 2, version),
        (2, 2, version),
    ]
    told = {id: group["score"] for one in batches for group in one["groups"] for id in group["applications"]}
    assert told == {str(row.id): score for row, score in zip(_rows(service), _scores(service), strict=True)}
    assert all(sum(group["points"]) == group["score"] for one in batches for group in one["groups"])


def test_who_sends_meanwhile_ends_with_the_new_score(service: Applications, open_round: Any, three: None) -> None:
    version = _publish(service, open_round, outside_london=7)
    with service.units.begin() as uow:
        advance(uow, open_round.id, version)
    send(service, "late@example.org")
    assert sorted(_scores(service)) == [80.0, 100.0, 100.0, 100.0]
    _run(service)
    assert sorted(_scores(service)) == [80.0, 87.0, 87.0, 87.0]


def test_a_crash_in_any_step_leaves_the_old_scores(
    service: Applications, open_round: Any, three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = _publish(service, open_round, outside_london=7)
    before = _scores(service)
    state = ""
    while state != "done":
        with pytest.raises(RuntimeError), service.units.begin() as uow:
            advance(uow, open_round.id, version)
            raise RuntimeError("the machine went away")
        assert _scores(service) == before
        with service.units.begin() as uow:
            state = advance(uow, open_round.id, version).state
    assert _scores(service) == [80.0, 87.0, 87.0]


def test_a_draft_is_not_scored_and_who_withdrew_stays_as_they_were(
    service: Applications, open_round: Any, three: None
) -> None:
    gone = send(service, "gone@example.org")
    with service.units.begin() as uow:
        draft(uow, "draft@example.org")
        withdraw_application(uow, gone, uow.applications.get(gone).person_id)
    _publish(service, open_round, outside_london=7)
    _run(service)
    with service.units.begin(write=False) as uow:
        rows = uow.session.scalars(select(ApplicationRow).where(ApplicationRow.state != "submitted")).all()
        kept = {row.state: uow.scores.in_force(row.id) for row in rows}
        assert kept["draft"] is None and kept["withdrawn"] is not None
        assert (kept["withdrawn"].score, kept["withdrawn"].made_by) == (100.0, 1)
        (gone_row,) = (row for row in rows if row.state == "withdrawn")
        assert earlier_scores(uow, gone_row) == []


def test_who_goes_after_being_scored_anew_keeps_the_score_that_was_counted(
    service: Applications, open_round: Any, three: None
) -> None:
    leaving, erased, _ = _rows(service)
    version = _publish(service, open_round, outside_london=7)
    with service.units.begin() as uow:
        advance(uow, open_round.id, version)
    with service.units.begin() as uow:
        withdraw_application(uow, leaving.id, leaving.person_id)
        uow.erasures.mark_applications(erased.person_id, uow.now)
    _run(service)
    told = [group for one in data_of(service, "round_rescored") for group in one["groups"]]
    assert [(group["score"], len(group["applications"])) for group in told] == [(87.0, 1)]
    with service.units.begin(write=False) as uow:
        kept = [uow.scores.in_force(row.id) for row in (leaving, erased)]
        assert [(each.score, each.made_by) for each in kept if each] == [(80.0, 1), (100.0, 1)]
        listed = uow.applications.listed(open_round.id, ListWish())
    assert [each.score.score for each in listed if each.score] == [100.0, 87.0]
    _publish(service, open_round, outside_london=3)
    _run(service)
    with service.units.begin(write=False) as uow:
        again = uow.scores.in_force(leaving.id)
        assert again is not None and (again.score, again.made_by) == (80.0, 1)
        assert earlier_scores(uow, leaving) == []


def test_answers_put_right_meanwhile_count(service: Applications, open_round: Any, three: None) -> None:
    version = _publish(service, open_round, outside_london=7)
    with service.units.begin() as uow:
        advance(uow, open_round.id, version)
    with service.units.begin() as uow:
        row = uow.applications.get(_rows(service)[1].id, lock=True)
        row.answers, row.updated_at = {**row.answers, "organisation_postcode": "SE1"}, uow.now
        score_application(uow, row, uow.rounds.held(open_round.id))
    _run(service)
    assert _scores(service) == [80.0, 80.0, 87.0]


def test_a_round_without_applications_takes_the_new_rules(service: Applications, open_round: Any) -> None:
    version = _publish(service, open_round, outside_london=7)
    _run(service)
    with service.units.begin(write=False) as uow:
        assert uow.rounds.get(open_round.id).rules_version == version


def test_two_at_once_a_missing_reason_and_wrong_rules_are_refused(service: Applications, open_round: Any) -> None:
    broken = _rules()
    broken["rules"][2]["question"] = "no_such_question"
    with service.units.begin() as uow, pytest.raises(Invalid) as refused:
        publish_rules(uow, open_round.id, broken, "Because.", "R")
    assert list(refused.value.problems) == ["rules.2.question"]
    with service.units.begin() as uow, pytest.raises(Invalid) as unsaid:
        publish_rules(uow, open_round.id, _rules(), " \u200b ", "R")
    assert list(unsaid.value.problems) == ["reason"]
    _publish(service, open_round, outside_london=7)
    with service.units.begin() as uow, pytest.raises(Conflict):
        publish_again(uow, open_round.id, "Once more.", "R")


def test_scoring_again_by_the_same_rules_is_a_version_of_its_own(
    service: Applications, open_round: Any, three: None
) -> None:
    with service.units.begin() as uow:
        publish_again(uow, open_round.id, "An answer was put right.", "R")
    _run(service)
    with service.units.begin(write=False) as uow:
        kept = uow.session.execute(select(ScoreRow.rules_version, ScoreRow.score)).all()
    assert sorted(tuple(row) for row in kept) == [(1, 80.0), (1, 100.0), (1, 100.0), (2, 80.0), (2, 100.0), (2, 100.0)]


def test_the_kind_of_the_clock_is_known(service: Applications) -> None:
    assert RESCORE in service.due_handlers
