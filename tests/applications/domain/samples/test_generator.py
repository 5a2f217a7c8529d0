from collections import Counter
from datetime import UTC, datetime

import pytest

from services.applications.domain.forms import submit_answers
from services.applications.domain.rounds import parse_times
from services.applications.domain.samples.files import round_definition, sample_form
from services.applications.domain.samples.generator import SampleApplication, generate
from services.applications.domain.text import count_words

SEEDS = [1, 2, 2027]
ROUNDS: dict[int, list[SampleApplication]] = {}


@pytest.fixture(params=SEEDS)
def applications(request: pytest.FixtureRequest) -> list[SampleApplication]:
    return ROUNDS.setdefault(request.param, generate(300, request.param))


def test_the_same_seed_gives_the_same_round_and_another_seed_another() -> None:
    assert generate(25, 7) == generate(25, 7)
    assert generate(25, 7) != generate(25, 8)
    assert generate(0) == []


def test_every_application_could_be_submitted(applications: list[SampleApplication]) -> None:
    for application in applications:
        assert submit_answers(sample_form(), application.answers).answers == application.answers


def test_the_shares_are_those_of_the_sector(applications: list[SampleApplication]) -> None:
    attributes = [submit_answers(sample_form(), one.answers).parts.attributes for one in applications]
    lived = Counter(one.get("lived_experience") for one in attributes)
    sizes = Counter(one["organisation_size"] for one in attributes)
    assert lived["yes"] == 180
    assert 0.75 <= (sizes["small"] + sizes["medium"]) / 300 <= 0.85
    assert Counter(one["outside_london"] for one in attributes)["yes"] / 300 > 0.8
    assert len({one["region"] for one in attributes}) == 12


def test_people_write_in_several_languages_and_scripts(applications: list[SampleApplication]) -> None:
    assert set(Counter(one.language for one in applications)) == {"en", "ar", "fa-AF", "cy"}
    text = "".join(one.answers["motivation"] for one in applications)
    assert any("\u0600" <= sign <= "\u06ff" for sign in text)
    assert any(ord(sign) > 0x1F000 for sign in text)
    names = [one.name for one in applications]
    assert any(len(name) == 1 for name in names) and any(len(name) > 50 for name in names)
    assert any("'" in name for name in names)


def test_no_two_people_write_the_same(applications: list[SampleApplication]) -> None:
    for question, short, long in (("motivation", 15, 90), ("change", 35, 80)):
        said = [one.answers[question] for one in applications]
        assert len(set(said)) == len(said)
        words = [count_words(answer) for answer in said]
        assert min(words) < short and max(words) > long


def test_some_name_themselves_where_the_panel_reads(applications: list[SampleApplication]) -> None:
    naming = [one for one in applications if one.names_itself]
    assert 10 <= len(naming) <= 45
    for one in naming:
        given = (one.name, one.answers["organisation_name"], *one.name.split())
        assert any(name in one.answers["motivation"] for name in given)


def test_addresses_are_one_each_and_lead_nowhere(applications: list[SampleApplication]) -> None:
    addresses = [one.email for one in applications]
    assert len(set(addresses)) == len(addresses)
    assert all(
        address.split("@")[1].split(".")[-2] == "example" or address.endswith(".example") for address in addresses
    )
    assert all(address.isascii() for address in addresses)


def test_some_organisations_are_named_twice(applications: list[SampleApplication]) -> None:
    names = Counter(one.answers["organisation_name"] for one in applications)
    assert 5 <= sum(count - 1 for count in names.values()) <= 80


def test_times_lie_within_the_round_and_in_order(applications: list[SampleApplication]) -> None:
    times = parse_times(**{key: round_definition()[key] for key in ("zone", "opens", "deadline")})
    assert times.opens_at is not None
    sent = [one.submitted_at for one in applications]
    assert sent == sorted(sent)
    for one in applications:
        assert times.opens_at <= one.started_at <= one.submitted_at < times.closes_at
    weeks = Counter((one - times.opens_at).days // 7 for one in sent)
    assert len(weeks) >= 6 and max(weeks, key=lambda week: weeks[week]) >= 4


def test_a_round_can_lie_at_another_time() -> None:
    first, last = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 15, tzinfo=UTC)
    found = generate(20, 1, opens_at=first, closes_at=last)
    assert all(first <= one.started_at <= one.submitted_at < last for one in found)
