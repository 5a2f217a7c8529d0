"""Names inside answers: found however they are written, and left alone where they are not."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cohorts.domain.naming import find_places, known, masked

NOOR = known(
    names=["Noor O'Brien-Ñuñez", "Tesfalem"],
    organisations=["The Refugee & Migrant Centre Ltd"],
    emails=["noor.obrien77@mail.example"],
)


def found(text, who=NOOR):
    return [(text[p.start : p.end], p.kind) for p in find_places(text, who)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Noor.", [("Noor", "name")]),
        ("NOOR’S idea", [("NOOR", "name")]),
        ("they call me obrien", [("obrien", "name")]),
        ("Signed, O’Brien-Nunez", [("O’Brien", "name"), ("Nunez", "name")]),
        ("Ñúñez and Nuñez", [("Ñúñez", "name"), ("Nuñez", "name")]),
        ("At the Refugee and Migrant Centre we", [("Refugee and Migrant Centre", "organisation")]),
        ("the refugee & migrant centre", [("refugee & migrant centre", "organisation")]),
        ("RMC runs it", [("RMC", "organisation")]),
        ("write to me+x@some.example.org.", [("me+x@some.example.org", "email")]),
        ("ring +44 (0)20 7946 0018 please", [("+44 (0)20 7946 0018", "phone")]),
        ("see www.lanterns.org/us, and @noorwrites", [("www.lanterns.org/us", "web"), ("@noorwrites", "web")]),
        ("as noor.obrien77 online", [("noor.obrien77", "email")]),
    ],
)
def test_finds(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The centre of migrant life, for every refugee.",
        "From 2019 to 2023 we helped 1,500 people with £20,000.",
        "The noonday sun",
        "in rmc form",
        "",
        "Registered charity 1234567 since 12 May 2014.",
    ],
)
def test_leaves_alone(text):
    assert found(text) == []


def test_an_everyday_word_is_suggested_without_being_sure():
    hope = known(names=["Hope Adeyemi"])
    assert [p.sure for p in find_places("We hope. Hope said so.", hope)] == [False, True]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("أحمد", "كان احمد هنا"),
        ("فاطمة", "قالت وفاطمه إن"),
        ("علی کریمی", "من علي كريمي هستم"),
        ("هدى", "سألت هُدَى"),
        ("محمد", "مـحـمـد"),
    ],
)
def test_arabic_and_dari_forms_of_one_name(name, text):
    assert [kind for _, kind in found(text, known(names=[name]))][:1] == ["name"]


def test_masking_keeps_the_rest_and_joins_names_side_by_side():
    text = "I am Noor O’Brien of the Refugee and Migrant Centre, 020 7946 0018."
    assert masked(text, find_places(text, NOOR)) == "I am [name] of the [organisation], [phone number]."


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["Noor", "OBRIEN", "Ñuñez", "n.o@mail.example"]))
def test_wherever_a_name_stands_as_a_word_it_is_found_and_masked(before, after, name):
    text = f"{before} {name} {after}"
    places = find_places(text, NOOR)
    start = len(before) + 1
    assert any(p.start <= start and p.end >= start + len(name) for p in places)
    assert all(a.end <= b.start for a, b in pairwise(places))
    hidden = masked(text, places)
    assert not any(p.kind == "name" for p in find_places(hidden, NOOR))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_can_be_looked_through(text):
    for place in find_places(text, NOOR):
        assert 0 <= place.start < place.end <= len(text)


def test_a_short_part_counts_beside_one_that_tells_and_not_alone():
    zhao = known(names=["Ka-Man Zhao"])
    text = "I am Ka-Man. A ka is a spirit."
    assert masked(text, find_places(text, zhao)) == "I am [name]. A ka is a spirit."
