"""Names of organisations and email domains, as conflicts compare them."""

import pytest

from services.cohorts.domain.panel import conflict_value, email_domain, organisation_key
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
