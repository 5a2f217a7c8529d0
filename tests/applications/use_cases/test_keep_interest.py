"""The interest list: confirmed by email before anything else is sent, told of every turn, left at any time."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.applications.domain.samples.files import form_definition, round_definition, rules_definition
from services.applications.use_cases.keep_interest import (
    PER_NETWORK,
    confirm_interest,
    forget_interest,
    leave_link,
    leave_list,
    register_interest,
)
from services.applications.use_cases.keep_round import change_times, create_round, move_round
from shared.errors import Gone, Invalid, TooMany
from shared.ids import new_id
from shared.service import Due
from tests.applications.parts import data_of


def due(kind, key, at):
    return Due(id=new_id(), kind=kind, key=key, due_at=at, payload={})


def sign_up(service, email="noor@example.org", language="ar", network="10.0.0.1"):
    with service.units.begin() as uow:
        register_interest(uow, email, language=language, network=network)


def claim(service, link, use_case):
    *_, interest_id, token = link.split("/")
    with service.units.begin() as uow:
        return use_case(uow, UUID(interest_id), token)


def join(service, *emails):
    for email in emails:
        sign_up(service, email)
        claim(service, data_of(service, "interest_registered")[-1]["confirm_link"], confirm_interest)


def draft(service, **changes):
    with service.units.begin() as uow:
        whole = {**round_definition(), "form": form_definition(), "rules": rules_definition(), **changes}
        return create_round(uow, whole)


def move(service, row, *states):
    for state in states:
        with service.units.begin() as uow:
            move_round(uow, row.id, state)


def test_every_turn_of_a_round_is_told_to_those_who_confirmed(service):
    row = draft(service)
    join(service, "noor@example.org", "tesfay@example.org")
    sign_up(service, "never-confirmed@example.org")
    move(service, row, "open", "paused", "open", "closed")
    told = data_of(service, "round_announced")
    assert [one["what"] for one in told] == ["opened", "paused", "resumed"]
    assert [person["email"] for person in told[0]["people"]] == ["noor@example.org", "tesfay@example.org"]
    assert told[0]["people"][0]["language"] == "ar" and told[0]["titles"]["en"]
    claim(service, told[0]["people"][0]["leave_link"], leave_list)
    claim(service, told[0]["people"][0]["leave_link"], leave_list)
    move(service, row, "open")
    assert [person["email"] for person in data_of(service, "round_announced")[-1]["people"]] == ["tesfay@example.org"]


def test_a_round_that_opens_later_is_told_on_its_day(service, clock):
    join(service, "noor@example.org")
    row = draft(service, opens="2027-02-10 09:00", deadline="2027-03-10 09:00")
    move(service, row, "open")
    assert data_of(service, "round_announced") == []
    with service.units.begin() as uow:
        row = uow.rounds.get(row.id)
        change_times(uow, row.id, zone=row.zone, opens="2027-02-12 09:00", deadline=row.deadline, revision=row.revision)
    clock.advance(timedelta(days=12))
    with service.units.begin() as uow:
        service.due_handlers["round_opening"](uow, due("round_opening", str(row.id), uow.now))
    assert [one["what"] for one in data_of(service, "round_announced")] == ["opened"]


def test_an_address_is_asked_once_an_hour_and_not_at_all_once_it_is_on_the_list(service, clock):
    sign_up(service)
    sign_up(service, "NOOR@example.org")
    assert len(data_of(service, "interest_registered")) == 1
    clock.advance(timedelta(hours=2))
    sign_up(service)
    old, new = [one["confirm_link"] for one in data_of(service, "interest_registered")]
    with pytest.raises(Gone):
        claim(service, old, confirm_interest)
    claim(service, new, confirm_interest)
    claim(service, new, confirm_interest)
    clock.advance(timedelta(hours=2))
    sign_up(service)
    assert len(data_of(service, "interest_registered")) == 2


def test_what_is_not_confirmed_in_a_week_is_deleted(service, clock):
    sign_up(service)
    [asked] = data_of(service, "interest_registered")
    clock.advance(timedelta(days=8))
    with service.units.begin() as uow:
        forget_interest(uow, due("interest_unconfirmed", asked["interest_id"], uow.now))
        assert uow.interests.by_email("noor@example.org") is None
    with pytest.raises(Gone):
        claim(service, asked["confirm_link"], confirm_interest)


def test_bad_addresses_and_too_many(service):
    with pytest.raises(Invalid):
        sign_up(service, "no address")
    for number in range(PER_NETWORK):
        sign_up(service, f"a{number}@example.org")
    with pytest.raises(TooMany):
        sign_up(service, "one-more@example.org")
    sign_up(service, "one-more@example.org", network="10.0.0.2")


def test_a_link_for_one_thing_does_not_do_another(service):
    join(service, "noor@example.org")
    link = data_of(service, "interest_registered")[-1]["confirm_link"]
    claim(service, link, leave_list)
    with service.units.begin(write=False) as uow:
        assert uow.interests.by_email("noor@example.org") is not None


def test_a_mail_program_takes_somebody_off_by_one_click_and_a_look_takes_off_nobody(service):
    join(service, "noor@example.org")
    with service.units.begin(write=False) as uow:
        link = leave_link(uow, uow.interests.by_email("noor@example.org")).removeprefix("http://localhost")
    program = service.web.test_client()
    assert program.get(link).status_code == 200
    with service.units.begin(write=False) as uow:
        assert uow.interests.by_email("noor@example.org") is not None
    assert program.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with service.units.begin(write=False) as uow:
        assert uow.interests.by_email("noor@example.org") is None
