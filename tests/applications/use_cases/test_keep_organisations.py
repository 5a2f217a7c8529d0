"""One name for each organisation: applications bring names, staff merge them, and everybody hears."""

import pytest

from services.applications.use_cases import keep_organisations as register
from shared.errors import Conflict, Invalid, Stale
from tests.applications.parts import apply, data_of

BY = "Rhiannon"
ONE, OTHER = "Refugee & Migrant Centre", "Refugee & Migrants Center"


@pytest.fixture
def two(service):
    with service.units.begin() as uow:
        return [register.add_organisation(uow, name, BY, offered=False).id for name in (ONE, OTHER)]


def test_a_name_typed_another_way_is_the_same_organisation(service, client, open_round):
    with service.units.begin() as uow:
        row = register.add_organisation(uow, "The Kettle Club Ltd", BY)
        register.add_name(uow, row.id, "TKC", BY)
    sent = apply(service, client, organisation_name="tkc")
    [event] = data_of(service, "application_ready_for_review")
    assert event["attributes"]["organisation"] == "The Kettle Club Ltd"
    assert event["identifying"]["organisation_names"] == ["TKC", "The Kettle Club Ltd"]
    with service.units.begin(write=False) as uow:
        row = uow.applications.of_person(uow.people.by_email("noor@example.org").id)[0][0]
        assert row.answers["organisation_name"] == "tkc" and sent.endswith(str(row.id))


def test_a_new_name_is_taken_into_the_register_but_shown_to_nobody(service, client, open_round):
    apply(service, client, organisation_name="O'Brien-Ñuñez 🙂 محمد")
    with service.units.begin(write=False) as uow:
        assert "O'Brien-Ñuñez 🙂 محمد" in uow.organisations.current().values()
        assert register.offered_names(uow) == []


def test_a_merge_is_told_counts_for_what_was_sent_and_can_be_read_later(service, client, open_round, two):
    apply(service, client, organisation_name=OTHER)
    with service.units.begin() as uow:
        [suggested] = register.suggestions(uow)
        assert {suggested.one_name, suggested.other_name} == {ONE, OTHER}
        kept = register.merge_organisations(uow, two[0], two[1], BY, reason="Their website")
        assert kept.name == ONE
    [event] = data_of(service, "organisations_merged")
    assert event["name"] == ONE and set(event["names"]) == {ONE, OTHER}
    with service.units.begin() as uow:
        assert [row.attributes["organisation"] for row in uow.organisations.sent_under(ONE)] == [ONE]
        assert uow.organisations.get(two[1]).merged_into == two[0]
        for each in two:
            merged = uow.organisations.history(each)[0]
            assert (merged.what, merged.by) == ("merged", BY) and merged.detail["reason"] == "Their website"
        assert register.canonical_name(uow, "refugee and migrants center") == ONE
        assert register.suggestions(uow) == []
        with pytest.raises(Conflict):
            register.merge_organisations(uow, two[0], two[1], BY)
        with pytest.raises(Conflict):
            register.rename_organisation(uow, two[1], "Else", BY, revision=1)


def test_what_was_merged_before_goes_along(service, two):
    with service.units.begin() as uow:
        third = register.add_organisation(uow, "RMC", BY)
        register.merge_organisations(uow, two[1], third.id, BY)
        register.merge_organisations(uow, two[0], two[1], BY)
        assert register.canonical_name(uow, "rmc") == ONE
        assert {row.name for row in uow.organisations.merged_into(two[0])} == {OTHER, "RMC"}
        assert register.offered_names(uow) == [ONE]


def test_those_told_apart_are_not_suggested_again(service, two):
    with service.units.begin() as uow:
        register.tell_apart(uow, two[1], two[0], BY)
        assert register.suggestions(uow) == []
        assert register.alike(uow, uow.organisations.get(two[0])) == []


def test_names_stay_one_persons(service, two):
    with service.units.begin() as uow:
        with pytest.raises(Invalid, match="goes by this name already"):
            register.add_organisation(uow, ONE.upper(), BY)
        with pytest.raises(Invalid):
            register.add_name(uow, two[0], OTHER, BY)
        with pytest.raises(Conflict):
            register.drop_name(uow, two[0], ONE, BY)
        with pytest.raises(Stale):
            register.rename_organisation(uow, two[0], "New", BY, revision=99)
        row = register.rename_organisation(uow, two[0], "RMC", BY, revision=1)
        assert register.canonical_name(uow, ONE) == "RMC" == row.name
        register.drop_name(uow, two[0], ONE, BY)
        assert [one.what for one in uow.organisations.history(two[0])].count("not_known_as") == 1
