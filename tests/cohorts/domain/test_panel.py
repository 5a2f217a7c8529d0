"""Names of organisations and email domains, as conflicts compare them."""

from uuid import uuid4

import pytest

from services.cohorts.domain.panel import (
    Candidate,
    clashes,
    conflict_value,
    email_domain,
    found_conflicts,
    organisation_key,
)
from shared.errors import Invalid


@pytest.mark.parametrize(
    "name",
    [
        "Refugee & Migrant Centre",
        "The Refugee and Migrant Centre Ltd.",
        "refugee  and MIGRANT céntre",
        "“Refugee & Migrant Centre” CIO",
    ],
)
def test_one_organisation_however_it_is_written(name: str) -> None:
    assert organisation_key(name) == "refugee and migrant centre"


def test_a_name_of_nothing_but_common_words_is_still_a_name() -> None:
    assert organisation_key("The Charity") == "the charity"


@pytest.mark.parametrize("name", ["جمعية النور", "人民之家"])
def test_names_in_any_script_have_a_key(name: str) -> None:
    assert organisation_key(name)


def test_a_post_office_of_everybody_says_nothing() -> None:
    assert email_domain("amal@GMAIL.com") == ""
    assert email_domain("amal@Harbour.example") == "harbour.example"
    with pytest.raises(Invalid):
        conflict_value("domain", "gmail.com")


@pytest.mark.parametrize(("kind", "text"), [("domain", "nodot"), ("organisation", " .,- "), ("planet", "Mars")])
def test_what_cannot_be_compared_is_refused(kind: str, text: str) -> None:
    with pytest.raises(Invalid):
        conflict_value(kind, text)


ONE = Candidate(uuid4(), "APP-1", "refugee and migrant centre", "mail.harbour.example", uuid4())
OTHER = Candidate(uuid4(), "APP-2", "lantern", "", None)


@pytest.mark.parametrize(
    "conflict",
    [
        ("organisation", "refugee and migrant centre"),
        ("organisation", "rmc"),
        ("domain", "harbour.example"),
        ("domain", "mail.harbour.example"),
        ("domain", "west.mail.harbour.example"),
        ("application", "APP-1"),
        ("person", str(ONE.person_id)),
    ],
)
def test_each_kind_of_conflict_finds_its_application_and_no_other(conflict: tuple[str, str]) -> None:
    names = {"rmc": "refugee and migrant centre"}
    assert found_conflicts([ONE, OTHER], {"m": [conflict]}, names) == {(ONE.application_id, "m"): conflict}


def test_two_names_of_one_organisation_meet_whichever_the_register_keeps() -> None:
    names = {"refugee and migrant centre": "rmc"}
    assert clashes([("organisation", "rmc")], ONE, names)
    assert clashes([("organisation", "refugee and migrant centre")], ONE, names)


def test_a_neighbouring_domain_is_somebody_else() -> None:
    assert not clashes([("domain", "other.example")], ONE)
    assert not clashes([("domain", "arbour.example")], ONE)
