"""What the register of organisations says counts for conflicts, whatever name was typed, before and afterwards."""

from typing import Any

from services.cohorts.use_cases.declare_conflicts import add_conflict
from services.cohorts.use_cases.see_conflicts import see_conflicts
from shared.contracts.applications import OrganisationsMerged
from shared.ids import new_id
from tests.cohorts.programme import STAFF, Programme


def merged(programme: Programme, name: str, *names: str) -> None:
    programme.hear(OrganisationsMerged(organisation_id=new_id(), name=name, names=[name, *names]))


def identity(programme: Programme, application_id: Any) -> Any:
    with programme.units.begin(write=False) as uow:
        return uow.applications.identity(application_id)


def test_an_application_on_the_list_leaves_it_when_its_organisation_turns_out_to_be_a_known_one(
    programme: Programme,
) -> None:
    programme.open_round()
    programme.settle()
    known = programme.apply(1, organisation="Harbour Centre")
    programme.apply(2, organisation="Elsewhere")
    member = programme.reviewer("Ada", organisations="HC Walsall")
    assert programme.assign() == 2
    merged(programme, "The Harbour Centre", "HC Walsall", "Harbour Centre")
    assert identity(programme, known).organisation == "The Harbour Centre"
    assert len(programme.list_of(member)) == 1
    merged(programme, "The Harbour Centre", "HC Walsall", "Harbour Centre")
    assert len(programme.list_of(member)) == 1


def test_a_conflict_declared_by_another_name_counts_for_applications_that_come_later(programme: Programme) -> None:
    programme.open_round()
    programme.settle()
    member = programme.reviewer("Ada", organisations="HCW")
    identifying = {"organisation": "Harbour Centre", "organisation_names": ["HCW", "Harbour Centre"]}
    theirs = programme.apply(1, organisation="Harbour Centre", identifying=identifying)
    with programme.units.begin(write=False) as uow:
        conflicts = {(one.kind, one.value) for one in uow.panels.conflicts([member.id])[member.id]}
    assert ("organisation", identity(programme, theirs).organisation_key) in conflicts


def test_a_conflict_entered_later_by_another_name_counts_too(programme: Programme) -> None:
    programme.open_round()
    programme.settle()
    identifying = {"organisation": "Harbour Centre", "organisation_names": ["HCW", "Harbour Centre"]}
    programme.apply(1, organisation="Harbour Centre", identifying=identifying)
    member = programme.reviewer("Ada")
    assert programme.assign() == 1
    programme.do(add_conflict, STAFF, member.id, "organisation", "hcw")
    assert programme.list_of(member) == []


def test_two_conflicts_that_become_one_stay_one_each(programme: Programme) -> None:
    programme.open_round()
    member = programme.reviewer("Ada", organisations="Harbour Centre\nHCW")
    merged(programme, "Harbour Centre", "HCW")
    with programme.units.begin(write=False) as uow:
        values = {one.value for one in uow.panels.conflicts([member.id])[member.id]}
    assert "harbour centre" in values


def test_a_name_that_is_used_only_later_is_known_for_what_it_is(programme: Programme) -> None:
    programme.open_round()
    programme.settle()
    merged(programme, "Harbour Centre", "HCW")
    programme.reviewer("Ada", organisations="HCW")
    programme.apply(1, organisation="Harbour Centre")
    programme.apply(2, organisation="Elsewhere")
    with programme.units.begin(write=False) as uow:
        rows = [row for row in see_conflicts(uow, programme.round_id) if row.kind == "organisation"]
    assert [(row.shown, row.known_as, row.applications) for row in rows] == [("HCW", "harbour centre", 1)]
