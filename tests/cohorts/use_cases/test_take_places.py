"""Sessions with sign-up, groups and series: who is on the list, whatever happens in which order."""

import threading
from datetime import datetime, timedelta

import pytest

from services.cohorts.domain.series import Repeat
from services.cohorts.use_cases.answer_offer import answer_offer
from services.cohorts.use_cases.keep_groups import keep_group, remove_group
from services.cohorts.use_cases.leave_sessions import leave_cohort
from services.cohorts.use_cases.schedule_series import cancel_series, change_series, schedule_series
from services.cohorts.use_cases.schedule_sessions import change_session, schedule_session
from services.cohorts.use_cases.session_plan import Plan, plan_of
from services.cohorts.use_cases.take_places import give_up_place, take_place
from shared.contracts.cohorts import SessionPublished
from shared.errors import Conflict, Invalid, NotFound
from tests.cohorts.programme import STAFF, Programme

EVENING = Plan(title="Evening", start=datetime(2027, 2, 2, 18, 30), minutes=90, zone="Europe/London", place="Here")


@pytest.fixture
def cohort(programme: Programme) -> Programme:
    """Three participants."""
    programme.fill(4)
    programme.settle(places=3)
    programme.release(3, 1)
    for offer in programme.offers():
        programme.do(answer_offer, programme.token(offer), "accepted")
    return programme


def plan(**changes: object) -> Plan:
    return Plan(**{**{name: getattr(EVENING, name) for name in EVENING.__dataclass_fields__}, **changes})  # type: ignore[arg-type]


def scheduled(programme: Programme, **changes: object) -> object:
    with programme.units.begin() as uow:
        found = uow.cohorts.of_round(programme.round_id)
        assert found is not None
        return schedule_session(uow, STAFF, found.id, plan(**changes)).id


def people(programme: Programme) -> list[object]:
    with programme.units.begin(write=False) as uow:
        found = uow.cohorts.of_round(programme.round_id)
        assert found is not None
        return [participant.person_id for participant, _ in uow.cohorts.participants(found.id)]


def going(programme: Programme, session_id: object) -> list[object]:
    with programme.units.begin(write=False) as uow:
        return uow.sessions.recipients(session_id)  # type: ignore[arg-type]


def test_a_full_session_has_a_waiting_list_and_who_waits_longest_moves_up(cohort: Programme) -> None:
    first, second, third = people(cohort)
    session = scheduled(cohort, joining="sign_up", capacity=1)
    assert going(cohort, session) == []
    assert cohort.do(take_place, first, session).state == "going"
    assert cohort.do(take_place, first, session).state == "going"
    cohort.clock.advance(timedelta(minutes=1))
    assert cohort.do(take_place, second, session).state == "waiting"
    cohort.clock.advance(timedelta(minutes=1))
    assert cohort.do(take_place, third, session).state == "waiting"
    assert cohort.published(SessionPublished)[-1]["waiting"] == [str(second), str(third)]
    cohort.do(give_up_place, first, session)
    assert going(cohort, session) == [second]
    assert cohort.published(SessionPublished)[-1]["waiting"] == [str(third)]
    # Room for one more: the next moves up, by the same rule.
    with cohort.units.begin() as uow:
        row = uow.sessions.get(session)
        change_session(uow, STAFF, session, plan(joining="sign_up", capacity=2), row.revision)
    assert set(going(cohort, session)) == {second, third}
    assert cohort.published(SessionPublished)[-1]["calendar_sequence"] == 0


def test_who_leaves_the_waiting_list_is_on_it_no_more(cohort: Programme) -> None:
    first, second, _ = people(cohort)
    session = scheduled(cohort, joining="sign_up", capacity=1)
    for person in (first, second):
        cohort.do(take_place, person, session)
    cohort.do(give_up_place, second, session)
    told = cohort.published(SessionPublished)[-1]
    assert (told["recipients"], told["waiting"]) == ([str(first)], [])


def test_the_last_place_is_given_once(cohort: Programme) -> None:
    session = scheduled(cohort, joining="sign_up", capacity=1)
    gate, states = threading.Barrier(3), []

    def sign_up(person: object) -> None:
        gate.wait()
        states.append(cohort.do(take_place, person, session).state)

    threads = [threading.Thread(target=sign_up, args=(person,)) for person in people(cohort)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == ["going", "waiting", "waiting"]
    assert len(going(cohort, session)) == 1


def test_only_those_whom_it_is_for_sign_up_and_only_in_time(cohort: Programme) -> None:
    session = scheduled(cohort, joining="sign_up")
    with pytest.raises(NotFound):
        cohort.do(take_place, cohort.person("A stranger"), session)
    with pytest.raises(NotFound):
        cohort.do(give_up_place, cohort.person("A stranger"), session)
    with pytest.raises(Conflict, match="everybody is invited"):
        cohort.do(take_place, people(cohort)[0], scheduled(cohort))
    cohort.clock.set(datetime.fromisoformat("2027-02-02T18:31:00+00:00"))
    with pytest.raises(Conflict, match="has begun"):
        cohort.do(take_place, people(cohort)[0], session)


def test_changing_how_people_join_keeps_who_is_there(cohort: Programme) -> None:
    session = scheduled(cohort)
    assert len(going(cohort, session)) == 3
    with cohort.units.begin() as uow:
        change_session(uow, STAFF, session, plan(joining="sign_up", capacity=1), None)
    assert len(going(cohort, session)) == 3
    cohort.do(give_up_place, people(cohort)[0], session)
    assert len(going(cohort, session)) == 2
    with cohort.units.begin() as uow:
        change_session(uow, STAFF, session, plan(), None)
    assert len(going(cohort, session)) == 3


def test_a_groups_sessions_follow_its_members(cohort: Programme) -> None:
    first, second, _third = people(cohort)
    with cohort.units.begin() as uow:
        found = uow.cohorts.of_round(cohort.round_id)
        assert found is not None
        group = keep_group(uow, STAFF, found.id, "Evenings", {first})
        cohort_id, group_id = found.id, group.id
    session = scheduled(cohort, group_id=group_id)
    assert going(cohort, session) == [first]
    cohort.do(keep_group, STAFF, cohort_id, "Evenings", {second}, group_id)
    assert going(cohort, session) == [second]
    with pytest.raises(Conflict, match="sessions to come"):
        cohort.do(remove_group, STAFF, group_id)
    with pytest.raises(Invalid) as taken:
        cohort.do(keep_group, STAFF, cohort_id, "evenings", set())
    assert taken.value.problems == {"name": ["Another group has this name."]}
    cohort.do(leave_cohort, cohort.round_id, second)
    assert going(cohort, session) == []


def test_who_leaves_the_cohort_frees_a_place(cohort: Programme) -> None:
    first, second, _ = people(cohort)
    session = scheduled(cohort, joining="sign_up", capacity=1)
    cohort.do(take_place, first, session)
    cohort.do(take_place, second, session)
    cohort.do(leave_cohort, cohort.round_id, first)
    assert going(cohort, session) == [second]


def test_one_of_a_series_moves_alone_or_with_those_after_it(cohort: Programme) -> None:
    with cohort.units.begin() as uow:
        found = uow.cohorts.of_round(cohort.round_id)
        assert found is not None
        ids = [session.id for session in schedule_series(uow, STAFF, found.id, plan(), Repeat(4))]
    assert len(ids) == 4

    def state() -> list[tuple[str, int]]:
        with cohort.units.begin(write=False) as uow:
            rows = [uow.sessions.get(id) for id in ids]
            return [(row.local_start[5:], row.calendar_sequence) for row in rows]

    assert state() == [("02-02T18:30", 0), ("02-09T18:30", 0), ("02-16T18:30", 0), ("02-23T18:30", 0)]
    cohort.do(change_series, STAFF, ids[1], plan(start=datetime(2027, 2, 10, 19, 0)), "one", None)
    assert [sequence for _, sequence in state()] == [0, 1, 0, 0]
    cohort.do(change_series, STAFF, ids[2], plan(start=datetime(2027, 2, 17, 18, 30)), "following", None)
    assert state() == [("02-02T18:30", 0), ("02-10T19:00", 1), ("02-17T18:30", 1), ("02-24T18:30", 1)]
    cohort.do(cancel_series, STAFF, ids[0], "all", None)
    with cohort.units.begin(write=False) as uow:
        assert {uow.sessions.get(id).status for id in ids} == {"cancelled"}
    uids = {event["uid"] for event in cohort.published(SessionPublished)}
    assert len(uids) == 4


def test_a_series_over_a_clock_change_keeps_its_wall_time_or_names_the_day(cohort: Programme) -> None:
    with cohort.units.begin() as uow:
        found = uow.cohorts.of_round(cohort.round_id)
        assert found is not None
        made = schedule_series(uow, STAFF, found.id, plan(start=datetime(2027, 3, 21, 18, 30)), Repeat(2))
        assert [session.starts_at.hour for session in made] == [18, 17]
        assert plan_of(made[0]).start == datetime(2027, 3, 21, 18, 30)
    with pytest.raises(Invalid) as refused, cohort.units.begin() as uow:
        schedule_series(uow, STAFF, found.id, plan(start=datetime(2027, 3, 21, 1, 30)), Repeat(2))
    assert refused.value.problems["start"][0].startswith("On Sunday 28 March 2027: The clocks go forward")
    with cohort.units.begin(write=False) as uow:
        assert len(uow.sessions.of_cohort(found.id)) == 2
