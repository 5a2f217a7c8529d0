from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.choosing import (
    EACH,
    ORGANISATION,
    Attribute,
    Candidate,
    Pin,
    Question,
    Wish,
    answer,
    feasibility,
    stepped,
)
from services.cohorts.domain.wishes import counts_for, in_words, problem_with
from shared.errors import Invalid

REGION = Attribute("region", "Region", (("north", "The North"), ("london", "London")))
GENDER = Attribute("gender", "Gender", (("w", "Woman"), ("m", "Man")))
SPEAKS = Attribute("speaks", "Speaks", (("ar", "Arabic"), ("cy", "Welsh")))
ATTRIBUTES = (REGION, GENDER, SPEAKS)


def person(number: int, score: float, region: str, gender: str, organisation: str = "", *speaks: str) -> Candidate:
    held: dict[str, Any] = {"region": region, "gender": gender, "speaks": list(speaks)}
    return Candidate(f"P{number}", score, held, organisation)


POOL = (
    person(1, 90, "london", "m", "a", "ar"),
    person(2, 85, "london", "m", "a"),
    person(3, 80, "london", "w", "b"),
    person(4, 70, "north", "m", "c", "cy", "ar"),
    person(5, 60, "north", "w", "d", "cy"),
    person(6, 50, "north", "w", "d"),
)


def chosen(*wishes: Wish, size: int = 3, **more: Any) -> set[str]:
    found = answer(POOL, ATTRIBUTES, Question(size, wishes, **more), "seed")
    return {reference for reference, why in found.reasons.items() if why.chosen}


def test_a_combination_counts_only_who_has_all_of_it() -> None:
    assert chosen(Wish("gender", "w", 1, also=(("region", "north"),))) == {"P1", "P2", "P5"}
    assert chosen(Wish("gender", "w", 1)) == {"P1", "P2", "P3"}


def test_somebody_with_several_values_counts_for_each() -> None:
    assert chosen(Wish("speaks", "cy", 1), Wish("speaks", "ar", 2)) == {"P1", "P2", "P4"}


def test_at_most_n_of_each_organisation_or_of_each_value() -> None:
    assert chosen(Wish(ORGANISATION, EACH, maximum=1)) == {"P1", "P3", "P4"}
    assert chosen(Wish("region", EACH, maximum=2)) == {"P1", "P2", "P4"}


@pytest.mark.parametrize(
    ("wish", "size", "least", "most"),
    [
        (Wish("region", "north", 60, percent=True), 7, 5, None),
        (Wish("region", "north", 0, 33.3, percent=True), 10, 0, 3),
        (Wish("region", "north", 10, percent=True), 30, 3, None),
        (Wish("region", "north", 2, 4), 9, 2, 4),
    ],
)
def test_shares_round_in_favour_of_the_target(wish: Wish, size: int, least: int, most: int | None) -> None:
    assert (wish.least(size), wish.most(size)) == (least, most)


def test_targets_are_said_in_the_programmes_words() -> None:
    both = Wish("gender", "w", 20, also=(("region", "north"),), percent=True)
    assert in_words(both, ATTRIBUTES, 40) == "at least 8 with Gender: Woman and Region: The North (20% of 40)"
    each = Wish(ORGANISATION, EACH, maximum=1, exceptions=(("acme", 2),))
    assert in_words(each, ATTRIBUTES, 40) == "at most 1 with the same organisation, 2 for “acme”"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (Wish("planet", "mars", 1), "attribute of this round"),
        (Wish("region", "mars", 1), "attribute’s values"),
        (Wish("region", "north"), "least or a most"),
        (Wish("region", "north", 3, 2), "more than the most"),
        (Wish("region", "north", 5), "Only 4 people"),
        (Wish("region", "north", 101, percent=True), "0 to 100"),
        (Wish("region", "north", 1.5), "whole numbers"),
        (Wish("region", "north", 30, 40, percent=True), "No whole number"),
        (Wish("region", "north", -1), "below nought"),
        (Wish("region", EACH, 1, 2), "no least"),
        (Wish("region", EACH, maximum=1, also=(("gender", "w"),)), "cannot be a combination"),
        (Wish("region", "north", 1, also=(("region", "north"),)), "two different groups"),
    ],
)
def test_what_makes_no_sense_is_told_in_words(wish: Wish, told: str) -> None:
    size = 4 if wish.maximum != 40 else 2
    assert told in (problem_with(wish, ATTRIBUTES, size) or "")


def test_each_value_by_itself_needs_one_value_a_person() -> None:
    with pytest.raises(Invalid, match="several of these at once"):
        chosen(Wish("speaks", EACH, maximum=1))


def test_every_target_has_its_price_in_points_and_people() -> None:
    found = answer(POOL, ATTRIBUTES, Question(3, (Wish("region", "north", 2), Wish("gender", "m", 1))), "s")
    assert [line["price"]["points"] for line in found.tallies] == [35, 0]
    assert found.tallies[0]["price"] == {"points": 35, "comes_in": ["P2", "P3"], "goes_out": ["P4", "P5"]}
    assert [(line["pool"], line["chosen"]) for line in found.tallies] == [(3, 2), (3, 2)]


def test_an_organisations_own_exception_is_what_a_relaxation_gives_it() -> None:
    pins = tuple(Pin(reference, "They lead it together.") for reference in ("P1", "P2"))
    question = Question(3, (Wish(ORGANISATION, EACH, maximum=1),), pinned_in=pins)
    found = answer(POOL, ATTRIBUTES, question, "s")
    assert found.status == "infeasible"
    again = stepped(question, found.relaxation)
    assert again.wishes[0].exceptions == (("a", 2),)
    assert answer(POOL, ATTRIBUTES, again, "s").status == "optimal"


def test_the_nearest_choice_explains_itself_with_organisations_too() -> None:
    pins = tuple(Pin(reference, "They lead it together.") for reference in ("P1", "P2"))
    question = Question(3, (Wish(ORGANISATION, EACH, maximum=1), Wish("region", "north", 3)), pinned_in=pins)
    found = answer(POOL, ATTRIBUTES, question, "s", nearest=True)
    assert found.status == "relaxed"
    assert len(found.reasons) == len(POOL)


people = st.builds(
    lambda score, region, gender, organisation, speaks: (score, region, gender, organisation, speaks),
    st.integers(0, 9),
    st.sampled_from(["north", "london", ""]),
    st.sampled_from(["w", "m"]),
    st.sampled_from(["a", "b", "c", ""]),
    st.sets(st.sampled_from(["ar", "cy"])),
)
values = [("region", "north"), ("region", "london"), ("gender", "w"), ("gender", "m"), ("speaks", "cy")]
wishes = st.one_of(
    st.builds(lambda at, least: Wish(*at, minimum=least), st.sampled_from(values), st.integers(1, 3)),
    st.builds(lambda at, most: Wish(*at, maximum=most), st.sampled_from(values), st.integers(0, 2)),
    st.builds(lambda least: Wish("gender", "w", least, also=(("region", "north"),)), st.integers(1, 3)),
    st.builds(lambda most: Wish(ORGANISATION, EACH, maximum=most), st.integers(1, 2)),
    st.builds(lambda share: Wish("region", "north", share, percent=True), st.integers(1, 100)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(people, min_size=4, max_size=7), st.lists(wishes, max_size=4), st.integers(2, 3))
def test_whatever_is_asked_is_met_or_relaxed_by_what_is_said(drawn: list[Any], asked: list[Wish], size: int) -> None:
    pool = [
        Candidate(f"P{n}", score, {"region": region or None, "gender": gender, "speaks": sorted(speaks)}, organisation)
        for n, (score, region, gender, organisation, speaks) in enumerate(drawn)
    ]
    asked = [wish for wish in asked if problem_with(wish, ATTRIBUTES, size) is None]
    question = Question(size, tuple(asked))
    possible = feasibility(pool, ATTRIBUTES, question).possible
    found = answer(pool, ATTRIBUTES, question, "s")
    assert possible == (found.status == "optimal")
    if not possible:
        question = stepped(question, found.relaxation)
        found = answer(pool, ATTRIBUTES, question, "s")
    assert found.status == "optimal"
    inside = [c for c in pool if found.reasons[c.reference].chosen]
    assert len(inside) == size
    for wish in question.wishes:
        _check_met(wish, inside, size)


def _check_met(wish: Wish, inside: list[Candidate], size: int) -> None:
    if wish.each:
        held = [c.organisation for c in inside if c.organisation]
        allowed = dict(wish.exceptions)
        assert all(held.count(name) <= allowed.get(name, wish.most(size) or 0) for name in held)
        return
    count = sum(counts_for(wish, c.attributes) for c in inside)
    most = wish.most(size)
    assert wish.least(size) <= count
    assert most is None or count <= most
