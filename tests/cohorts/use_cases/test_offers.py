"""Offers: answered once, in time; the last place is never given twice; backfill keeps the targets."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.cohorts.domain.choosing import Wish
from services.cohorts.use_cases.answer_offer import answer_offer, open_offer
from services.cohorts.use_cases.end_offers import confirm_lapse, extend_offer
from services.cohorts.use_cases.offer_out_of_turn import offer_out_of_turn
from services.cohorts.use_cases.propose_backfill import confirm_backfill, propose_backfill
from shared.contracts.cohorts import OfferAnswered, OfferLapsed, OfferReminderDue, ParticipantEnrolled
from shared.errors import Conflict, Gone, HearthError, Invalid, NotFound, Stale
from tests.cohorts.programme import STAFF, Programme


@pytest.fixture
def released(programme: Programme) -> Programme:
    """Three offers for three places, three people waiting; at least one of the three from the North."""
    programme.fill(8)
    programme.settle(places=3)
    programme.release(3, 3, wishes=(Wish("region", "north", 1),))
    return programme


def test_accepting_enrols_once_and_takes_the_offer_off_the_clock(released: Programme) -> None:
    token = released.token(released.offers()[0])
    assert released.do(answer_offer, token, "accepted").state == "accepted"
    assert released.do(answer_offer, token, "accepted").state == "accepted"
    assert len(released.published(ParticipantEnrolled)) == 1
    assert len(released.published(OfferAnswered)) == 1
    with pytest.raises(Conflict):
        released.do(answer_offer, token, "declined")
    released.clock.advance(timedelta(days=30))
    assert len(released.run_due()) == 4


def test_a_token_that_is_not_good_opens_nothing(released: Programme) -> None:
    token = released.token(released.offers()[0])
    other = released.token(released.offers()[1])
    flipped = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]
    for bad in ("", "x", token[:-4], flipped, other[:22] + token[22:], "é" * 64, token + "AAAA"):
        with pytest.raises(NotFound):
            released.do(open_offer, bad)


def test_an_answer_after_the_deadline_is_refused_kindly(released: Programme) -> None:
    offer = released.offers()[0]
    released.clock.set(offer.respond_by)
    assert released.do(open_offer, released.token(offer)).open
    released.clock.advance(timedelta(seconds=1))
    with pytest.raises(Gone, match="may still be free"):
        released.do(answer_offer, released.token(offer), "accepted")


def test_the_clock_reminds_and_proposes_and_a_person_confirms(released: Programme) -> None:
    offer = released.offers()[0]
    released.clock.set(offer.respond_by - timedelta(days=2))
    assert released.run_due() == ["offer_reminder"] * 3
    assert len(released.published(OfferReminderDue)) == 3
    with pytest.raises(Conflict):
        released.do(confirm_lapse, STAFF, offer.id, None)
    released.clock.set(offer.respond_by + timedelta(seconds=1))
    assert released.run_due() == ["offer_deadline"] * 3
    offer = released.offers()[0]
    assert offer.state == "open"
    assert offer.lapse_proposed_at is not None
    assert released.published(OfferLapsed) == []
    with pytest.raises(Stale):
        released.do(confirm_lapse, STAFF, offer.id, offer.revision - 1)
    released.do(confirm_lapse, STAFF, offer.id, offer.revision)
    assert [event["offer_id"] for event in released.published(OfferLapsed)] == [str(offer.id)]
    with pytest.raises(Gone):
        released.do(answer_offer, released.token(offer), "accepted")


def test_more_time_moves_the_deadline(released: Programme) -> None:
    offer = released.offers()[0]
    later = offer.respond_by + timedelta(days=7)
    released.do(extend_offer, STAFF, offer.id, later, None)
    released.clock.set(offer.respond_by + timedelta(hours=1))
    released.run_due()
    states = [(o.state, o.lapse_proposed_at is not None) for o in released.offers()]
    assert states == [("open", False), ("open", True), ("open", True)]
    assert released.do(answer_offer, released.token(offer), "accepted").state == "accepted"


def test_a_withdrawn_application_loses_its_offer_and_its_place(released: Programme) -> None:
    first, second, _ = released.offers()
    released.do(answer_offer, released.token(first), "accepted")
    released.withdraw(first.application_id)
    released.withdraw(second.application_id)
    assert [offer.state for offer in released.offers()] == ["withdrawn", "withdrawn", "open"]
    with pytest.raises(Gone):
        released.do(answer_offer, released.token(second), "accepted")
    with released.units.begin(write=False) as uow:
        cohort = uow.cohorts.of_round(released.round_id)
        assert cohort is not None
        assert uow.cohorts.size(cohort.id) == 0


def test_backfill_takes_the_best_that_keeps_the_targets(released: Programme) -> None:
    by_region = {offer.application_id: offer for offer in released.offers()}
    with released.units.begin(write=False) as uow:
        northern = [a.id for a in uow.applications.some(by_region).values() if a.attributes["region"] == "north"]
    assert len(northern) == 1
    released.do(answer_offer, released.token(by_region[northern[0]]), "declined")
    with released.units.begin(write=False) as uow:
        proposal = propose_backfill(uow, released.round_id)
    # 004 waits with the highest score, and is from the North, which nobody who holds a place is.
    assert [r.application.reference for r in proposal.replacements] == ["APP-004"]
    respond_by = released.clock() + timedelta(days=7)
    (offer,) = released.do(confirm_backfill, STAFF, released.round_id, proposal.fingerprint, respond_by)
    assert offer.replaces_id == by_region[northern[0]].id
    with pytest.raises(Conflict):
        released.do(confirm_backfill, STAFF, released.round_id, proposal.fingerprint, respond_by)


def test_backfill_says_what_gives_way_when_a_target_can_no_longer_be_met(programme: Programme) -> None:
    programme.fill(6)
    programme.settle(places=3)
    programme.release(3, 2, wishes=(Wish("region", "london", 3),))
    programme.do(answer_offer, programme.token(programme.offers()[0]), "declined")
    with programme.units.begin(write=False) as uow:
        proposal = propose_backfill(uow, programme.round_id)
    assert proposal.answer is not None
    assert proposal.answer.status == "relaxed"
    assert len(proposal.replacements) == 1
    assert [step["now"] for step in proposal.answer.relaxation] == [2]


def test_two_people_at_once_cannot_both_take_the_last_place(released: Programme) -> None:
    """One place is taken away behind the offers' back, so that the third acceptance meets a full cohort."""
    with released.units.begin() as uow:
        cohort = uow.cohorts.of_round(released.round_id, lock=True)
        assert cohort is not None
        cohort.places = 1
    tokens = [released.token(offer) for offer in released.offers()]
    gate, results = threading.Barrier(len(tokens)), []

    def accept(token: str) -> None:
        gate.wait()
        try:
            results.append(released.do(answer_offer, token, "accepted").state)
        except HearthError as error:
            results.append(error.code)

    threads = [threading.Thread(target=accept, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["accepted", "full", "full"]
    assert len(released.published(ParticipantEnrolled)) == 1


_STEPS = st.lists(
    st.tuples(st.sampled_from(["accepted", "declined", "lapse", "extend", "pass", "withdraw"]), st.integers(0, 2)),
    max_size=8,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_whatever_happens_an_ended_offer_stays_ended_and_places_are_never_overfilled(
    released: Programme, steps: list[tuple[str, int]]
) -> None:
    start = released.clock()
    with released.units.begin() as uow:
        outer = uow.session.begin_nested()
        for what, which in steps:
            _try(released, uow, what, which)
        cohort = uow.cohorts.of_round(released.round_id)
        assert cohort is not None
        accepted = [o for o, _ in uow.offers.of_round(released.round_id) if o.state == "accepted"]
        people = {participant.person_id for participant, _ in uow.cohorts.participants(cohort.id)}
        assert people == {offer.person_id for offer in accepted}
        assert len(people) <= cohort.places
        outer.rollback()
        uow._published.clear()
    released.clock.set(start)


def _try(programme: Programme, uow: Any, what: str, which: int) -> None:
    rows = sorted(uow.offers.of_round(programme.round_id), key=lambda row: row[1].reference)
    offer, before = rows[which][0], rows[which][0].state
    uow.now = programme.clock()
    try:
        match what:
            case "accepted" | "declined":
                answer_offer(uow, uow.links.token(offer.id, offer.nonce), what)
            case "lapse":
                confirm_lapse(uow, STAFF, offer.id, None)
            case "extend":
                extend_offer(uow, STAFF, offer.id, offer.respond_by + timedelta(days=1), None)
            case "pass":
                programme.clock.advance(timedelta(days=10))
            case _:
                return
    except HearthError:
        assert offer.state == before
    if before != "open":
        assert offer.state == before


def test_two_members_of_staff_at_once_fill_a_place_once(released: Programme) -> None:
    """Both looked at the same proposal; whoever comes second is told to look again."""
    token = released.token(released.offers()[0])
    released.do(answer_offer, token, "declined")
    with released.units.begin(write=False) as uow:
        proposal = propose_backfill(uow, released.round_id)
    assert proposal.free == len(proposal.replacements) == 1
    gate, results = threading.Barrier(2), []
    respond_by = released.clock() + timedelta(days=7)

    def fill() -> None:
        gate.wait()
        try:
            made = released.do(confirm_backfill, STAFF, released.round_id, proposal.fingerprint, respond_by)
            results.append(str(len(made)))
        except HearthError as error:
            results.append(type(error).__name__)

    threads = [threading.Thread(target=fill) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["1", "Conflict"]
    with released.units.begin(write=False) as uow:
        assert uow.offers.places_taken(released.round_id) == 3


def test_a_place_for_one_person_needs_a_free_place_and_a_reason(released: Programme) -> None:
    respond_by = released.clock() + timedelta(days=7)
    wanted = {"reference": " app-008 ", "reason": "The review was upheld.", "respond_by": respond_by}
    with pytest.raises(Conflict, match="Every place is held"):
        released.do(offer_out_of_turn, STAFF, released.round_id, **wanted)
    released.do(answer_offer, released.token(released.offers()[0]), "declined")
    wrong = {"reference": "APP-001", "reason": " ", "respond_by": released.clock()}
    with pytest.raises(Invalid) as refused:
        released.do(offer_out_of_turn, STAFF, released.round_id, **wrong)
    assert set(refused.value.problems) == {"reference", "reason", "respond_by"}
    made = released.do(offer_out_of_turn, STAFF, released.round_id, **wanted)
    assert (made.state, made.respond_by) == ("open", respond_by)
    with released.units.begin(write=False) as uow:
        assert uow.offers.places_taken(released.round_id) == 3
        entry = uow.record.of_round(released.round_id)[0]
        assert (entry.action, entry.detail["reason"]) == ("offer_out_of_turn", "The review was upheld.")
        assert propose_backfill(uow, released.round_id).free == 0
